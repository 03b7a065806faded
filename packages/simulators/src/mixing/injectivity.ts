/** Whether a mixing loses a latent anywhere, judged on samples. */
import { jacobian, number } from '@mechid/mechanisms'
import { invertibility, ofRows } from '@mechid/numerics'
import { checkShape, definitionThrew, type Samples, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { notInjective, type SimulatorError } from '../errors.js'
import { checkDimensions } from '../option-checks.js'
import type { Mixing } from './mixing.js'

export interface InjectivityReport {
  /** The largest condition number of the Jacobian over the samples; Infinity where it is singular. */
  readonly worst: number
  /** The sample (row) at which it is largest. */
  readonly worstSample: number
  readonly median: number
}

/** What `checkInjective` asks of a mixing. */
export type MixingDefinition = Pick<Mixing, 'latents' | 'features' | 'map'>

const condition = (mixing: MixingDefinition, z: readonly number[]): number => {
  const rows = jacobian<number>(number, (F, x) => mixing.map(F, x), z)
  if (rows.some((row) => row.some((entry) => !Number.isFinite(entry)))) return Number.POSITIVE_INFINITY
  return 1 / invertibility(ofRows(rows))
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * The condition number of the mixing's Jacobian (largest over smallest singular value, exact derivatives) at each sample.
 * Above `threshold` (default 1e6) the mixing counts as singular there, and `NotInjective` names the worst sample. With
 * `threshold: Infinity` the answer is always a report.
 *
 * When to use it: for a mixing of your own, with samples of the latents that you will simulate. It is a local check: it
 * finds latents that are lost or folded near the samples, and does not prove that two distant latents never share an
 * observation.
 *
 * Errors: `InvalidOption` (fewer features than latents), `ShapeMismatch`, `NotInjective`; `DefinitionThrew`, with the sample,
 * if the mixing throws.
 */
export const checkInjective = (
  mixing: MixingDefinition,
  samples: Samples,
  { threshold = 1e6 }: { readonly threshold?: number } = {}
): E.Either<SimulatorError, InjectivityReport> => {
  const where = 'checkInjective'
  const { latents, features } = mixing
  const dimensions = checkDimensions(where, latents, features)
  if (E.isLeft(dimensions)) return dimensions
  const sized = checkShape(where, 'samples', samples, [2])
  if (E.isLeft(sized)) return sized
  const [rows, columns] = samples.shape
  if (columns !== latents) {
    const expected = `[rows, ${latents}], as the mixing has latents`
    return E.left(shapeMismatch(where, 'samples', showShape(samples.shape), expected))
  }
  const row = (i: number): number[] => Array.from(samples.data.subarray(i * latents, (i + 1) * latents))
  const conditions: number[] = []
  for (let i = 0; i < rows; i++) {
    try {
      conditions.push(condition(mixing, row(i)))
    } catch (cause) {
      return E.left(definitionThrew(`${where}, sample ${i} (counted from 0)`, cause))
    }
  }
  const worst = conditions.reduce((most, value) => Math.max(most, value), 0)
  const sample = conditions.indexOf(worst)
  if (worst > threshold) return E.left(notInjective(where, sample, row(sample), worst, threshold))
  return E.right({ worst, worstSample: sample, median: median(conditions) })
}
