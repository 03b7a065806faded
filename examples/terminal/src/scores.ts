/** Holds learned latents and a learned graph against the truth, on held-out rows. */
import type { LearnedGraph } from '@mechid/estimator'
import {
  type Assignment,
  bootstrap,
  type Graphs,
  type Interval,
  linearR,
  type MetricError,
  mcc,
  mccChance,
  measuredEntanglement,
  permuteGraphs,
  rCon,
  type Samples,
  shdAfterAssignment,
  takeRows
} from '@mechid/metrics'
import * as E from 'fp-ts/lib/Either.js'

export interface Scores {
  readonly mcc: number
  /** 95% of bootstrap resamples of the test rows. */
  readonly mccInterval: Interval
  /** MCC of unrelated latents. */
  readonly mccChance: number
  readonly rCon: number
  readonly r: number
  readonly shd: number
  readonly falsePositives: number
  readonly falseNegatives: number
}

/** What the pictures need besides the scores. */
export interface Comparison {
  readonly scores: Scores
  readonly assignment: Assignment
  /** Signed correlations, columns in assigned order. */
  readonly correlation: number[][]
  readonly entanglement: number[][]
  /** The learned graph with its latents renamed as the true ones. */
  readonly learned: Graphs
}

/** Rows that bootstrap and permutation work on: enough for three digits, and quick. */
const RESAMPLED_ROWS = 2000

const orThrow = <A>(result: E.Either<MetricError, A>): A => {
  if (E.isLeft(result)) throw result.left
  return result.right
}

/**
 * All scores of the demo. `z` and `zHat` must be rows that training did not see. Errors: those of the metrics.
 */
export const compare = (
  z: Samples,
  zHat: Samples,
  target: Graphs | undefined,
  learned: LearnedGraph,
  pattern: ReadonlyArray<ReadonlyArray<number>> | undefined
): E.Either<MetricError, Comparison> =>
  E.tryCatch(
    () => {
      const { value, assignment, correlations } = orThrow(mcc(z, zHat))
      const few = Math.min(RESAMPLED_ROWS, z.shape[0])
      const first = Array.from({ length: few }, (_, i) => i)
      const [zFew, zHatFew] = [takeRows(z, first), takeRows(zHat, first)]
      const interval = orThrow(
        bootstrap(few, (drawn) =>
          E.map(({ value: v }: { value: number }) => v)(mcc(takeRows(zFew, drawn), takeRows(zHatFew, drawn)))
        )
      )
      const distance =
        target === undefined ? undefined : orThrow(shdAfterAssignment(target, learned, assignment))
      return {
        assignment,
        correlation: correlations.map((row) => assignment.map((j) => (j < 0 ? 0 : row[j]))),
        entanglement: orThrow(measuredEntanglement(z, zHat, assignment)),
        learned: permuteGraphs(learned, assignment),
        scores: {
          mcc: value,
          mccInterval: interval,
          mccChance: orThrow(mccChance(zFew, zHatFew)).mean,
          rCon: pattern === undefined ? Number.NaN : orThrow(rCon(z, zHat, pattern, assignment)).value,
          r: orThrow(linearR(z, zHat)).value,
          shd: distance?.shd ?? Number.NaN,
          falsePositives: distance?.falsePositives ?? Number.NaN,
          falseNegatives: distance?.falseNegatives ?? Number.NaN
        }
      }
    },
    (cause) => {
      if (typeof cause === 'object' && cause !== null && '_tag' in cause) return cause as MetricError
      throw cause
    }
  )
