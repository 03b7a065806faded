/** How straight are the paths along which decoded observations move when one latent moves? One that stands for two folds. */
import type { Engine } from '@mechid/engine'
import { decodeRows, type EstimatorError, encodeRows, type TrainedAutoencoder } from '@mechid/estimator'
import type { ExampleSource, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/** Held-out examples that show where latents lie. */
const MOST_EXAMPLES = 2048
/** Paths of each latent, from rows that are spread over these, and points of a path. */
const PATHS = 16
const POINTS = 80
/** A path leads from this quantile of its latent to the opposite one. */
const END = 0.02

/** The greatest distance between two points of a path, over its length: 1 if it is straight. */
export const straightness = (path: ArrayLike<number>, points: number, width: number): number => {
  const distance = (p: number, q: number): number => {
    let sum = 0
    for (let f = 0; f < width; f++) sum += (path[p * width + f] - path[q * width + f]) ** 2
    return Math.sqrt(sum)
  }
  let [length, extent] = [0, 0]
  for (let p = 1; p < points; p++) {
    length += distance(p, p - 1)
    for (let q = 0; q < p; q++) extent = Math.max(extent, distance(p, q))
  }
  return length === 0 ? 1 : extent / length
}

/** Rows of latents: from each base row a path along latent `j` between `from` and `to`, the others staying as they are. */
const pathsAlong = (
  { data, shape: [rows, latents] }: Samples,
  j: number,
  [from, to]: readonly [number, number]
): Samples => {
  const out = new Float32Array(PATHS * POINTS * latents)
  for (let path = 0, at = 0; path < PATHS; path++) {
    const base = Math.floor(((path + 0.5) * rows) / PATHS) * latents
    for (let point = 0; point < POINTS; point++, at += latents) {
      out.set(data.subarray(base, base + latents), at)
      out[at + j] = from + ((to - from) * point) / (POINTS - 1)
    }
  }
  return { data: out, shape: [PATHS * POINTS, latents] }
}

const rangeOf = ({ data, shape: [rows, latents] }: Samples, j: number): readonly [number, number] => {
  const values = Float64Array.from({ length: rows }, (_, row) => data[row * latents + j]).sort()
  const at = (share: number): number => values[Math.floor(share * (rows - 1))]
  return [at(END), at(1 - END)]
}

const median = (values: readonly number[]): number => [...values].sort((p, q) => p - q)[values.length >> 1]

/** Observations of examples that are spread over the source, as rows; their actions are not looked at. */
const observationsOf = async ({
  examples,
  features,
  actions,
  temporal,
  gather
}: ExampleSource): Promise<Samples> => {
  const count = Math.min(MOST_EXAMPLES, examples)
  const rows = temporal ? 2 * count : count
  const x = new Float32Array(rows * features)
  const indices = Int32Array.from({ length: count }, (_, i) => Math.floor((i * examples) / count))
  await gather(indices, x, new Float32Array(count * actions))
  return { data: x, shape: [rows, features] }
}

/**
 * The least straightness of the latents `used`, each the median of its paths. undefined: observations are images, along whose latents
 * nothing moves straight, or no latent is used.
 */
export const leastStraightness = async (
  engine: Engine,
  model: TrainedAutoencoder,
  heldOut: ExampleSource,
  used: readonly number[]
): Promise<E.Either<EstimatorError, number | undefined>> => {
  if (model.configuration.frames !== undefined || used.length === 0) return E.right(undefined)
  const latents = await encodeRows(engine, model, await observationsOf(heldOut))()
  if (E.isLeft(latents)) return latents
  let least = 1
  for (const j of used) {
    const paths = pathsAlong(latents.right, j, rangeOf(latents.right, j))
    const decoded = await decodeRows(engine, model, paths)()
    if (E.isLeft(decoded)) return decoded
    const { data, shape } = decoded.right
    const width = shape[1]
    const size = POINTS * width
    const each = Array.from({ length: PATHS }, (_, path) =>
      straightness(data.subarray(path * size, (path + 1) * size), POINTS, width)
    )
    least = Math.min(least, median(each))
  }
  return E.right(least)
}
