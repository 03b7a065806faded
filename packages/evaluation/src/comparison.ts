/** Learned latents and a learned graph, compared with the true ones. */
import type { Prediction } from '@mechid/causal-graph'
import {
  type Assignment,
  type GraphDistance,
  graphAfterAssignment,
  linearR,
  type MetricError,
  mcc,
  mccChance,
  rCon,
  shdAfterAssignment,
  shdChance
} from '@mechid/metrics'
import type { CausalGraph, EdgeTable, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type EntanglementViolation, entanglementOf, violationsOf } from './entanglement.js'
import type { EvaluationError } from './errors.js'
import type { ComparableInput } from './input.js'
import { type KernelRCon, kernelScored } from './kernel-score.js'
import type { Settings } from './options.js'
import { type Score, scored, scoreValue } from './score.js'
import { graphOf, predictionOf, type TheoryOptions } from './theory.js'

/** All scores. Latents count from 0; d true ones, k learned ones. */
export interface Comparison {
  readonly rows: number
  readonly mcc: Score
  readonly r: Score
  /** The greatest R that noise allows, if it was given. */
  readonly floor?: number
  /** Absent without a pattern. */
  readonly rCon?: Score & { readonly perLatent: readonly number[] }
  /**
   * As R_con, but for smooth functions, by kernel regression and on held-out rows. Absent for `kernel: { rows: 0 }`.
   */
  readonly kernelRCon?: KernelRCon
  /**
   * Absent without a true and a learned graph, or with fewer learned latents than true ones. `chance`: see `shdChance`.
   */
  readonly graph?: GraphDistance & { readonly chance: number }
  /** The learned latent that is matched to each true one; −1: none. */
  readonly assignment: Assignment
  /** Signed correlations, d × d. Columns are in the order of the true latents; 0 where there is no learned one. */
  readonly correlation: ReadonlyArray<ReadonlyArray<number>>
  /**
   * |standardized coefficients| of each true latent on all learned ones, d × d: row = true latent, column = the learned
   * latent matched to a true one. It is linear: a bent element-wise map can show as dependence on other latents.
   */
  readonly entanglement: ReadonlyArray<ReadonlyArray<number>>
  /** For each column, the greatest entry over all latents and permutations of rows. */
  readonly entanglementChance: readonly number[]
  /** Entries above chance where `pattern` has 0. */
  readonly violations: readonly EntanglementViolation[]
  /** The learned graph with its latents renamed as the true ones. Absent with fewer learned latents than true ones. */
  readonly learned?: CausalGraph
  /** The entanglement pattern of the true graph or, if that is not given, of the learned one. */
  readonly pattern?: EdgeTable
}

type Graphs = Pick<Comparison, 'learned' | 'pattern' | 'graph'>

const renamed = (learned: CausalGraph | undefined, assignment: Assignment): CausalGraph | undefined =>
  learned === undefined || assignment.includes(-1) ? undefined : graphAfterAssignment(learned, assignment)

const patternOf = (
  where: string,
  truth: Prediction | undefined,
  learned: CausalGraph | undefined,
  options: TheoryOptions
): E.Either<EvaluationError, EdgeTable | undefined> => {
  if (truth !== undefined) return E.right(truth.pattern)
  if (learned === undefined) return E.right(undefined)
  return E.map(({ pattern }: Prediction) => pattern)(
    predictionOf(`${where}: the learned graph`, learned, options)
  )
}

/** The graphs under an assignment. */
export const graphsUnder = (
  where: string,
  input: ComparableInput,
  prediction: Prediction | undefined,
  assignment: Assignment
): E.Either<EvaluationError, Graphs> => {
  const { graph, learned: found } = input
  const learned = renamed(found, assignment)
  const truth = graph === undefined ? undefined : graphOf(graph)
  const distance: E.Either<EvaluationError, Pick<Graphs, 'graph'>> = truth === undefined ||
  found === undefined ||
  learned === undefined
    ? E.right({})
    : E.map((apart: GraphDistance) => ({ graph: { ...apart, chance: shdChance(truth, learned) } }))(
        shdAfterAssignment(truth, found, assignment)
      )
  return pipe(
    E.Do,
    E.bind('pattern', () => patternOf(where, prediction, learned, input)),
    E.bind('distance', () => distance),
    E.map(({ pattern, distance }) => ({
      ...distance,
      ...(learned === undefined ? {} : { learned }),
      ...(pattern === undefined ? {} : { pattern })
    }))
  )
}

/** Scores of those learned latents that the pattern allows. */
const withinPattern = (
  z: Samples,
  zHat: Samples,
  pattern: EdgeTable,
  assignment: Assignment,
  settings: Settings
): E.Either<MetricError, Pick<Comparison, 'rCon' | 'kernelRCon'>> =>
  pipe(
    E.Do,
    E.bind('whole', () => rCon(z, zHat, pattern, assignment)),
    E.bind('score', ({ whole }) =>
      scored(whole.value, z, zHat, (a, b) => E.map(scoreValue)(rCon(a, b, pattern, assignment)), settings)
    ),
    E.bind('smooth', () =>
      settings.kernel.rows === 0
        ? E.right({})
        : E.map((kernelRCon: KernelRCon) => ({ kernelRCon }))(
            kernelScored(z, zHat, pattern, assignment, settings)
          )
    ),
    E.map(({ whole, score, smooth }) => ({ rCon: { ...score, perLatent: whole.perLatent }, ...smooth }))
  )

/** All scores of latents and graphs that have been checked; `prediction`: what the true graph identifies. */
export const compared = (
  where: string,
  input: ComparableInput,
  prediction: Prediction | undefined,
  settings: Settings
): E.Either<EvaluationError, Comparison> => {
  const { z, zHat, floor } = input
  const { permutations, seed } = settings
  return pipe(
    E.Do,
    E.bind('matched', () => mcc(z, zHat)),
    E.bindW('graphs', ({ matched: { assignment } }) => graphsUnder(where, input, prediction, assignment)),
    E.bindW('mcc', ({ matched }) =>
      scored(
        matched.value,
        z,
        zHat,
        (a, b) => E.map(scoreValue)(mcc(a, b)),
        settings,
        (a, b) =>
          E.map(({ mean }: { readonly mean: number }) => mean)(mccChance(a, b, { permutations, seed }))
      )
    ),
    E.bindW('explained', () => linearR(z, zHat)),
    E.bindW('r', ({ explained }) =>
      scored(explained.value, z, zHat, (a, b) => E.map(scoreValue)(linearR(a, b)), settings)
    ),
    E.bindW('entangled', ({ matched }) => entanglementOf(z, zHat, matched.assignment, settings)),
    E.bindW('allowed', ({ matched: { assignment }, graphs: { pattern } }) =>
      pattern === undefined ? E.right({}) : withinPattern(z, zHat, pattern, assignment, settings)
    ),
    E.map(({ matched: { assignment, correlations }, graphs, mcc: m, r, entangled, allowed }) => ({
      rows: z.shape[0],
      mcc: m,
      r,
      ...(floor === undefined ? {} : { floor }),
      ...allowed,
      ...graphs,
      assignment,
      correlation: correlations.map((row) => assignment.map((j) => (j < 0 ? 0 : row[j]))),
      entanglement: entangled.measured,
      entanglementChance: entangled.chance,
      violations: graphs.pattern === undefined ? [] : violationsOf(entangled, graphs.pattern)
    }))
  )
}
