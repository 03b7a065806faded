/** Codes of some examples, as unmixing takes them. */
import type { Engine } from '@mechid/engine'
import { generator } from '@mechid/random'
import type { ExampleSource, RealArray, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { posteriorRows } from '../encoding/inference.js'
import { encodePrecisely } from '../encoding/precise-encoding.js'
import type { EstimatorError } from '../errors.js'
import type { Model } from '../model/model.js'
import { gathered } from '../training/gathered.js'

type Outcome<A> = E.Either<EstimatorError, A>

/** Examples out of their source, the frames of a pair side by side. */
export interface DrawnExamples {
  /** [n, features]; of pairs [2 n, features]. */
  readonly x: Samples
  /** [n, columns]; of pairs [n, 1, columns]. */
  readonly actions?: RealArray<Float32Array>
  readonly examples: number
}

/** Numbers of observations that are held in memory, and examples that are always drawn, as unmixing needs some hundred. */
const MOST_NUMBERS = 1e8
const FEWEST = 1024

/** `count` examples, drawn by the seed: fewer where so many observations would come to more than 400 MB. */
export const drawExamples = async (
  { features, actions, temporal }: Model['shape'],
  data: ExampleSource,
  count: number,
  seed: number
): Promise<Outcome<DrawnExamples>> => {
  const most = Math.max(FEWEST, Math.floor(MOST_NUMBERS / (features * (temporal ? 2 : 1))))
  const drawn = Math.min(count, most)
  const indices = generator(seed).split('codes').permutation(data.examples).slice(0, drawn)
  const n = indices.length
  const lines = temporal ? 2 * n : n
  const frames = new Float32Array(lines * features)
  const a = new Float32Array(n * actions)
  const read = await gathered(() => data.gather(indices, frames, a))
  if (E.isLeft(read)) return read
  const x = temporal ? new Float32Array(frames.length) : frames
  if (temporal) {
    // First frames come before second ones.
    for (let r = 0; r < lines; r++) {
      const to = r < n ? 2 * r : 2 * (r - n) + 1
      x.set(frames.subarray(r * features, (r + 1) * features), to * features)
    }
  }
  return E.right({
    x: { data: x, shape: [lines, features] },
    ...(actions > 0 ? { actions: { data: a, shape: temporal ? [n, 1, actions] : [n, actions] } } : {}),
    examples: n
  })
}

/** Codes of some examples, and how uncertain they are on average. `unmix` of `@mechid/unmixing` takes them. */
export interface EncodedExamples {
  /** [n, d], or [n, 2, d] for pairs of frames. */
  readonly codes: RealArray<Float64Array>
  readonly actions?: RealArray<Float32Array>
  /** Mean posterior variance of each latent, by the encoder. */
  readonly variances: Float64Array
}

/** Means of what an encoder says of rows, and its mean variances. */
const readPosterior = (
  { data, shape: [rows] }: Samples,
  d: number
): { readonly means: Float64Array; readonly variances: Float64Array } => {
  const variances = new Float64Array(d)
  const means = new Float64Array(rows * d)
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < d; j++) {
      means[r * d + j] = data[r * 2 * d + j]
      variances[j] += Math.exp(data[r * 2 * d + d + j]) / rows
    }
  }
  return { means, variances }
}

/** Codes of drawn examples: the encoder's means, or, if `precisely`, those of `encodePrecisely`. */
export const encodeDrawn = async (
  engine: Engine,
  model: Model,
  { x, actions, examples }: DrawnExamples,
  precisely: boolean,
  onProgress?: (rowsDone: number) => void
): Promise<Outcome<EncodedExamples>> => {
  const { latents: d, temporal } = model.shape
  const encoded = await posteriorRows(engine, model, x)()
  if (E.isLeft(encoded)) return encoded
  const { means, variances } = readPosterior(encoded.right, d)
  if (precisely) {
    const precise = await encodePrecisely(engine, model, x, onProgress)()
    if (E.isLeft(precise)) return precise
    means.set(precise.right.data)
  }
  return E.right({
    codes: { data: means, shape: temporal ? [examples, 2, d] : [examples, d] },
    ...(actions === undefined ? {} : { actions }),
    variances
  })
}

/**
 * Codes of `count` examples, drawn by the seed: [n, d], or [n, 2, d] for pairs of frames.
 *
 * When to use it: to unmix the codes of a model yourself, with `unmix` of `@mechid/unmixing`; `train` in stages does it for
 * you.
 *
 * Errors: `DataUnavailable`, `ShapeMismatch`, and those of the engine.
 */
export const encodeExamples =
  (
    engine: Engine,
    model: Model,
    data: ExampleSource,
    count: number,
    seed: number
  ): TaskEither<EstimatorError, EncodedExamples> =>
  async () => {
    const drawn = await drawExamples(model.shape, data, count, seed)
    return E.isLeft(drawn) ? drawn : encodeDrawn(engine, model, drawn.right, false)
  }
