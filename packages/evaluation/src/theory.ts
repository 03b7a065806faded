/** What theory promises of a kernel or of a graph. */
import {
  type GraphError,
  type GraphSource,
  type InfluenceVerdict,
  type Prediction,
  predict,
  sufficientInfluence
} from '@mechid/causal-graph'
import { causalGraph, isKernel } from '@mechid/mechanisms'
import type { CausalGraph } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/**
 * What sparsity promises where influence is sufficient: `none` if the graph leaves all latents mixed; `not sufficient`:
 * influence is not sufficient or no theorem covers it, so nothing is promised whatever the graph.
 */
export type Promised = 'complete' | 'partial' | 'none' | 'not sufficient'

export interface Theory {
  readonly promise: Promised
  /** Whether influence is sufficient; `supposed` of a graph alone, which does not say. */
  readonly influence: InfluenceVerdict | 'supposed'
  /** What the graph identifies where influence is sufficient. */
  readonly prediction: Prediction
}

/** The graph itself, or that of the kernel's definition. */
export const graphOf = (truth: GraphSource): CausalGraph => (isKernel(truth) ? causalGraph(truth) : truth)

/** What a graph identifies; errors name the graph. */
export const predictionOf = (what: string, graph: GraphSource): E.Either<GraphError, Prediction> =>
  E.mapLeft((error: GraphError): GraphError => ({ ...error, message: `${what}: ${error.message}` }))(
    predict(graph)
  )

const influenceOf = (truth: GraphSource): Theory['influence'] => {
  if (!isKernel(truth)) return 'supposed'
  const influence = sufficientInfluence(truth)
  // A kernel without a finite law somewhere cannot be checked, so that nothing is promised of it.
  return E.isRight(influence) ? influence.right.verdict : 'undecidable'
}

/** `theory` on behalf of the function that errors shall name. */
export const theoryFor = (where: string, truth: GraphSource): E.Either<GraphError, Theory> =>
  E.map((prediction: Prediction): Theory => {
    const influence = influenceOf(truth)
    const backed = influence === 'sufficient' || influence === 'supposed'
    return { promise: backed ? prediction.kind : 'not sufficient', influence, prediction }
  })(predictionOf(`${where}: the true graph`, truth))

/**
 * What mechanism sparsity promises of latents with this kernel, whose influence is checked, or with this graph, whose
 * influence is supposed to be sufficient.
 *
 * Errors: `NotBinary`, `ShapeMismatch`, both of a graph; a kernel has neither.
 *
 * @example
 * theory({ actions: [[1, 0], [0, 1]] }) // E.right({ promise: 'complete', influence: 'supposed', … })
 */
export const theory = (truth: GraphSource): E.Either<GraphError, Theory> => theoryFor('theory', truth)
