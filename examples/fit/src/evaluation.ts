/** What a fitted model is worth on rows that it did not see. */
import { graphFromRows, type Prediction, predict } from '@mechid/causal-graph'
import type { Engine } from '@mechid/engine'
import { decodeRows, encodeRows, learnedGraph, type Model } from '@mechid/estimator'
import { type Comparison, compare, orFail } from '@mechid/example-terminal'
import { linesOf, subset } from '@mechid/simulators'
import { orThrow, type Samples } from '@mechid/values'
import type { Prepared } from './data.js'

export interface Evaluation {
  /** Learned latents of every row, or of every frame of every sequence. */
  readonly latents: Samples
  /** Share of the features' variance in held-out rows that the model reconstructs; 1 − MSE for unit variance. */
  readonly explained: number
  /** What the learned graph, taken as the true one, identifies. */
  readonly prediction: Prediction
  /** Where the file holds the true latents. */
  readonly comparison?: Comparison
}

/** 1 − Σ (x − x̂)² / Σ (x − x̄)², over all features. */
const explainedShare = (x: Samples, reconstructed: Samples): number => {
  const [rows, width] = x.shape
  let [error, total] = [0, 0]
  for (let j = 0; j < width; j++) {
    let mean = 0
    for (let at = j; at < rows * width; at += width) mean += x.data[at] / rows
    for (let at = j; at < rows * width; at += width) {
      error += (x.data[at] - reconstructed.data[at]) ** 2
      total += (x.data[at] - mean) ** 2
    }
  }
  return total === 0 ? 0 : 1 - error / total
}

export const evaluate = async (
  engine: Engine,
  { data, split }: Prepared,
  model: Model
): Promise<Evaluation> => {
  const held = subset(data, split.test)
  const x = linesOf(held.x)
  const latents = orFail(await encodeRows(engine, model, linesOf(data.x))())
  const heldLatents = orFail(await encodeRows(engine, model, x)())
  const reconstructed = orFail(await decodeRows(engine, model, heldLatents)())
  const learned = learnedGraph(model)
  return {
    latents,
    explained: explainedShare(x, reconstructed),
    prediction: predict(orThrow(graphFromRows(learned))),
    ...(held.z === undefined ? {} : { comparison: orFail(compare(linesOf(held.z), heldLatents, learned)) })
  }
}
