/** Which observed features each latent drives, by moving latents before a decoder. */
import { generator } from '@mechid/random'
import { type Samples, shapeMismatch, showShape, takeRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { MetricError } from '../errors.js'
import { checkPair } from '../internal/samples.js'

/** Row f, column i: of feature f to latent i. */
export interface FeatureResponses {
  /** Mean |∂x_f / ∂z_i| · sd(z_i) / sd(x_f): standard deviations of the feature for one of the latent. At least 0. */
  readonly slope: readonly (readonly number[])[]
  /** Share of the variance of x_f that changes with z_i alone. At least 0; usually at most 1. */
  readonly share: readonly (readonly number[])[]
}

export interface ResponseOptions {
  /** At most so many rows are used, spread evenly over those given. Default: 512. */
  readonly rows?: number
  /** Chooses the rows whose values a latent takes in turn. Default: 1. */
  readonly seed?: number
}

/** Latents [n, d] ↦ features [n, d_x]: the means that a decoder gives. */
export type RowDecoder<Failure> = (z: Samples) => TaskEither<Failure, Samples>

const ROWS = 512
/** Half a central difference, in standard deviations: wide enough that single precision does not show. */
const STEP = 0.05
/** Decoded numbers held at a time. */
const MOST_DECODED = 2 ** 22
/** Blocks of rows a latent: a step up, a step down, values of other rows. */
const VARIANTS = 3

const deviations = ({ data, shape: [rows, width] }: Samples): Float64Array => {
  const out = new Float64Array(width)
  for (let j = 0; j < width; j++) {
    let [mean, squares] = [0, 0]
    for (let at = j; at < rows * width; at += width) mean += data[at] / rows
    for (let at = j; at < rows * width; at += width) squares += (data[at] - mean) ** 2 / rows
    out[j] = Math.sqrt(squares)
  }
  return out
}

/** At most `most` rows, in the precision in which they will be moved, so that what is not moved stays the same. */
const chosen = (samples: Samples, most: number): Samples => {
  const [rows] = samples.shape
  const count = Math.min(most, rows)
  const lines = Int32Array.from({ length: count }, (_, k) => Math.floor((k * rows) / count))
  const { data, shape } = takeRows(samples, lines)
  return { data: Float32Array.from(data), shape }
}

/** Rows with each of `latents` moved in turn, block by block: [latents · 3 · n, d]. */
const movedRows = (
  z: Samples,
  latents: readonly number[],
  deviation: Float64Array,
  other: ArrayLike<number>
): Samples => {
  const [n, d] = z.shape
  const data = new Float32Array(latents.length * VARIANTS * n * d)
  let at = 0
  for (const i of latents) {
    for (let variant = 0; variant < VARIANTS; variant++) {
      data.set(z.data, at)
      for (let row = 0; row < n; row++) {
        const own = z.data[row * d + i]
        data[at + row * d + i] =
          variant === 2 ? z.data[other[row] * d + i] : own + (variant === 0 ? STEP : -STEP) * deviation[i]
      }
      at += n * d
    }
  }
  return { data, shape: [latents.length * VARIANTS * n, d] }
}

interface Sums {
  readonly slope: Float64Array
  readonly share: Float64Array
}

/** Of one latent, from its three blocks, the first of which starts at row `from`. */
const sumsOf = (base: Samples, decoded: Samples, from: number, spread: Float64Array): Sums => {
  const [n, width] = base.shape
  const [up, down, other] = [0, 1, 2].map((variant) => (from + variant * n) * width)
  const [slope, share] = [new Float64Array(width), new Float64Array(width)]
  for (let at = 0; at < n * width; at++) {
    const f = at % width
    if (spread[f] === 0) continue
    slope[f] += Math.abs(decoded.data[up + at] - decoded.data[down + at]) / (2 * STEP * spread[f] * n)
    share[f] += (decoded.data[other + at] - base.data[at]) ** 2 / (2 * spread[f] ** 2 * n)
  }
  return { slope, share }
}

const asTables = (sums: readonly Sums[], width: number): FeatureResponses => {
  const table = (name: keyof Sums): number[][] =>
    Array.from({ length: width }, (_, f) => sums.map((one) => one[name][f]))
  return { slope: table('slope'), share: table('share') }
}

/**
 * How features x [n, d_x] respond to latents z [n, d] of the same rows through a decoder. The slope is a central
 * difference of a twentieth of a standard deviation. The share is the total effect of I. M. Sobol by the estimator of
 * M. J. W. Jansen (Computer Physics Communications 117, 1999): half the mean square by which a feature changes when the
 * latent takes its value of another row, divided by the feature’s variance. It counts what latents do together for each of
 * them, so that shares can add up to more than 1; and it moves latents apart that move together in the data. Both are 0
 * for features that do not vary in these rows.
 *
 * Use it on held-out rows to see what a latent stands for. It tells what the decoder does, not what acts in the world.
 *
 * Errors: `ShapeMismatch` (also of what the decoder answers), `TooFewRows` (2 are needed), `NotFinite`; those of the
 * decoder.
 *
 * @example
 * const responses = await featureResponses((rows) => decodeRows(engine, model, rows), z, x)()
 */
export const featureResponses =
  <Failure>(
    decode: RowDecoder<Failure>,
    z: Samples,
    x: Samples,
    { rows = ROWS, seed = 1 }: ResponseOptions = {}
  ): TaskEither<MetricError | Failure, FeatureResponses> =>
  async () => {
    const sound = checkPair('featureResponses', z, x)
    if (E.isLeft(sound)) return sound
    const [spread, deviation] = [deviations(x), deviations(z)]
    const some = chosen(z, Math.max(2, rows))
    const [n, d] = some.shape
    const width = x.shape[1]
    const decoded = async (moved: Samples): Promise<E.Either<MetricError | Failure, Samples>> => {
      const answer = await decode(moved)()
      if (E.isLeft(answer) || showShape(answer.right.shape) === showShape([moved.shape[0], width]))
        return answer
      const expected = `${showShape([moved.shape[0], width])}, the width of x`
      return E.left(
        shapeMismatch('featureResponses', 'what the decoder answers', showShape(answer.right.shape), expected)
      )
    }
    const base = await decoded(some)
    if (E.isLeft(base)) return base
    const other = generator(seed).split('values of other rows').permutation(n)
    const atOnce = Math.max(1, Math.floor(MOST_DECODED / (VARIANTS * n * width)))
    const sums: Sums[] = []
    for (let first = 0; first < d; first += atOnce) {
      const latents = Array.from({ length: Math.min(atOnce, d - first) }, (_, k) => first + k)
      const answer = await decoded(movedRows(some, latents, deviation, other))
      if (E.isLeft(answer)) return answer
      for (const k of latents.keys()) sums.push(sumsOf(base.right, answer.right, k * VARIANTS * n, spread))
    }
    return E.right(asTables(sums, width))
  }
