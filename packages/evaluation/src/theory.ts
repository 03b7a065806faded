/** What theory promises for a kernel or a graph. */
import {
  type GraphError,
  type GraphSource,
  graphRows,
  type InfluenceVerdict,
  type LinearActionDependence,
  type Prediction,
  predict,
  sufficientInfluence
} from '@mechid/causal-graph'
import { causalGraph, isKernel } from '@mechid/mechanisms'
import type { CausalGraph } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/**
 * What sparsity promises. `none`: the graph leaves all latents mixed. `not sufficient`: influence is not sufficient, or
 * no theorem covers it, so that nothing is promised whatever the graph.
 */
export type Promised = 'complete' | 'partial' | 'none' | 'not sufficient'

export interface Theory {
  readonly promise: Promised
  /** Whether influence is sufficient. `supposed`: it is taken to be, as a graph alone does not tell. */
  readonly influence: InfluenceVerdict | 'supposed'
  /** What the graph identifies where influence is sufficient. */
  readonly prediction: Prediction
}

/** The graph itself, or that of the kernel's definition, as plain rows. */
export const graphOf = (truth: GraphSource): CausalGraph =>
  isKernel(truth) ? causalGraph(truth) : graphRows(truth)

/** What the data of a graph are like. */
export interface TheoryOptions {
  /**
   * Actions that are linear functions of others in the data, such as a1 = 1 − a0. Default: none; all actions vary
   * independently. The promise is then that of the graph in the others.
   */
  readonly dependent?: ReadonlyArray<LinearActionDependence>
}

/** What a graph identifies; errors name the graph. */
export const predictionOf = (
  what: string,
  graph: GraphSource,
  { dependent = [] }: TheoryOptions = {}
): E.Either<GraphError, Prediction> =>
  E.mapLeft((error: GraphError): GraphError => ({ ...error, message: `${what}: ${error.message}` }))(
    predict(graph, { dependent })
  )

const influenceOf = (truth: GraphSource, { dependent = [] }: TheoryOptions): Theory['influence'] => {
  if (!isKernel(truth)) return 'supposed'
  const influence = sufficientInfluence(truth, { dependent })
  // A kernel without a finite law somewhere cannot be checked, so that nothing is promised of it.
  return E.isRight(influence) ? influence.right.verdict : 'undecidable'
}

/** `theory` on behalf of the function that errors shall name. */
export const theoryFor = (
  where: string,
  truth: GraphSource,
  options: TheoryOptions = {}
): E.Either<GraphError, Theory> =>
  E.map((prediction: Prediction): Theory => {
    const influence = influenceOf(truth, options)
    const backed = influence === 'sufficient' || influence === 'supposed'
    return { promise: backed ? prediction.kind : 'not sufficient', influence, prediction }
  })(predictionOf(`${where}: the true graph`, truth, options))

/**
 * What mechanism sparsity promises for latents with this kernel or graph. For a kernel it checks whether influence is
 * sufficient; for a graph it supposes so.
 *
 * Use it before any training, to see whether a design of actions identifies what you need. It knows sparsity alone:
 * `forecast` adds what other assumptions identify and what noise hides.
 *
 * Errors: `NotBinary` and `ShapeMismatch` of a graph; none of a kernel. `InvalidOption`: dependences of actions that there
 * are not.
 *
 * @example
 * theory({ actions: [[1, 0], [0, 1]] }) // E.right({ promise: 'complete', influence: 'supposed', … })
 */
export const theory = (truth: GraphSource, options: TheoryOptions = {}): E.Either<GraphError, Theory> =>
  theoryFor('theory', truth, options)
