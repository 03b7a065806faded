/** How good a fitted model is on held-out rows. */
import type { Engine } from '@mechid/engine'
import { decodeRows, encodeRows, learnedGraph, type Model } from '@mechid/estimator'
import { type Evaluation, evaluate } from '@mechid/evaluation'
import { orFail } from '@mechid/example-terminal'
import { explainedShare } from '@mechid/metrics'
import { linesOf, subset } from '@mechid/simulators'
import type { Samples } from '@mechid/values'
import type { Prepared } from './data.js'

export interface FitEvaluation extends Evaluation {
  /** Learned latents of every row, or of every frame of every sequence. */
  readonly encoded: Samples
  /** Share of the features' variance that the model reconstructs, on held-out rows. At most 1. */
  readonly explained: number
}

export const evaluateFit = async (
  engine: Engine,
  { data, split }: Prepared,
  model: Model
): Promise<FitEvaluation> => {
  const held = subset(data, split.test)
  const x = linesOf(held.x)
  const encoded = orFail(await encodeRows(engine, model, linesOf(data.x))())
  const zHat = orFail(await encodeRows(engine, model, x)())
  const reconstructed = orFail(await decodeRows(engine, model, zHat)())
  const truth = held.z === undefined ? {} : { z: linesOf(held.z) }
  return {
    ...orFail(evaluate({ zHat, learned: learnedGraph(model), ...truth })),
    encoded,
    explained: orFail(explainedShare(x, reconstructed))
  }
}
