/** Mutual information between learned and true latents, by counting in bins. */
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { checkPair } from '../internal/samples.js'
import { type Binning, type Classes, classesOf } from './discretization.js'

/** In nats. */
export interface MutualInformation {
  /** Row = true latent, column = learned latent. */
  readonly table: ReadonlyArray<ReadonlyArray<number>>
  /** The entropy of each true latent's classes; 0 if it is constant. */
  readonly entropies: ReadonlyArray<number>
}

/** Σ c log c over counts. */
const weightedLogs = (counts: Int32Array): number => {
  let sum = 0
  for (let i = 0; i < counts.length; i++) if (counts[i] > 1) sum += counts[i] * Math.log(counts[i])
  return sum
}

const countsOf = ({ labels, count }: Classes): Int32Array => {
  const counts = new Int32Array(count)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  return counts
}

const jointCounts = (first: Classes, second: Classes): Int32Array => {
  const counts = new Int32Array(first.count * second.count)
  for (let i = 0; i < first.labels.length; i++) counts[first.labels[i] * second.count + second.labels[i]]++
  return counts
}

/**
 * I(ẑ_j; z_i) of every true latent with every learned one, in nats: Σ p(a, b) log(p(a, b)/p(a)p(b)) over classes, the
 * plug-in estimate. z [n, d], zHat [n, k]; both are cut into bins in the same way.
 *
 * Use it for scores of your own; `mig` and `modularity` are made of it. It is too high by about (A − 1)(B − 1)/2n for A
 * and B classes (G. Miller 1955), so take many rows a bin.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`.
 */
export const mutualInformation = (
  z: Samples,
  zHat: Samples,
  binning: Binning = {}
): E.Either<MetricError, MutualInformation> => informationFor('mutualInformation', z, zHat, binning)

/** `mutualInformation` on behalf of the function that errors shall name. */
export const informationFor = (
  where: string,
  z: Samples,
  zHat: Samples,
  binning: Binning
): E.Either<MetricError, MutualInformation> => {
  const sound = checkPair(where, z, zHat)
  if (E.isLeft(sound)) return sound
  const factors = classesOf(where, z, binning)
  if (E.isLeft(factors)) return factors
  const codes = classesOf(where, zHat, binning)
  if (E.isLeft(codes)) return codes
  const n = z.shape[0]
  const entropy = (counts: Int32Array): number => Math.max(0, Math.log(n) - weightedLogs(counts) / n)
  const entropies = factors.right.map((factor) => entropy(countsOf(factor)))
  const codeEntropies = codes.right.map((code) => entropy(countsOf(code)))
  const table = factors.right.map((factor, i) =>
    codes.right.map((code, j) =>
      Math.max(0, entropies[i] + codeEntropies[j] - entropy(jointCounts(factor, code)))
    )
  )
  return E.right({ table, entropies })
}
