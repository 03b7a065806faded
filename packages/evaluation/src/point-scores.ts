/** Scores without intervals and chance levels: quick, for one of many encoders or stages of a training. */
import { type Assignment, linearR, mcc, type RegressionScore, rCon } from '@mechid/metrics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { graphsUnder } from './comparison.js'
import type { EvaluationError } from './errors.js'
import { type ComparableInput, checkedPair, checkedPrediction } from './input.js'

export interface PointScores {
  /** Over all true latents; those without a partner (−1 in `assignment`) count 0. */
  readonly mcc: number
  readonly r: number
  /** By the pattern of the true graph or, if that is not given, of the learned one; absent without both. */
  readonly rCon?: number
  /** Absent unless both graphs are given and there are as many learned latents as true ones, or more. */
  readonly shd?: number
  readonly assignment: Assignment
}

/**
 * MCC, R, R_con and SHD alone, of the same input as `evaluate`.
 *
 * Use it for many models or during a training. It gives no intervals, chance levels or verdict, and does not check
 * whether a kernel's influence is sufficient.
 *
 * Errors: those of `evaluate`.
 *
 * @example
 * pointScores({ z, zHat }) // E.right({ mcc: 0.98, r: 0.99, assignment: [1, 0] })
 */
export const pointScores = (input: ComparableInput): E.Either<EvaluationError, PointScores> => {
  const where = 'pointScores'
  const { z, zHat, graph, learned } = input
  return pipe(
    E.Do,
    E.bind('sound', () => checkedPair(where, z, zHat)),
    E.bind('prediction', () => checkedPrediction(where, 'the true graph', graph, 'z', z, input)),
    E.bind('alone', () => checkedPrediction(where, 'the learned graph', learned, 'zHat', zHat, input)),
    E.bindW('matched', () => mcc(z, zHat)),
    E.bindW('r', () => linearR(z, zHat)),
    E.bindW('graphs', ({ prediction, matched }) => graphsUnder(where, input, prediction, matched.assignment)),
    E.bindW('allowed', ({ matched, graphs: { pattern } }) =>
      pattern === undefined
        ? E.right({})
        : E.map(({ value }: RegressionScore) => ({ rCon: value }))(rCon(z, zHat, pattern, matched.assignment))
    ),
    E.map(({ matched, r, graphs, allowed }) => ({
      mcc: matched.value,
      ...allowed,
      r: r.value,
      ...(graphs.graph === undefined ? {} : { shd: graphs.graph.shd }),
      assignment: matched.assignment
    }))
  )
}
