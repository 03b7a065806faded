/** What a fitted model is worth on rows that it did not see. */
import { orThrow as definiteGraph, graphFromRows, type Prediction, predict } from '@mechid/causal-graph'
import {
  decodeRows,
  type Engine,
  encodeRows,
  message as estimatorMessage,
  learnedGraph,
  type Model,
  type Rows
} from '@mechid/estimator'
import { type Comparison, compare, orFail } from '@mechid/example-terminal'
import { linesOf, takeRows } from '@mechid/simulators'
import type { Prepared } from './data.js'

export interface Evaluation {
  /** Learned latents of every row, or of every frame of every sequence. */
  readonly latents: Rows
  /** Share of the features' variance in held-out rows that the model reconstructs; 1 − MSE for unit variance. */
  readonly explained: number
  /** What the learned graph, taken as the true one, identifies. */
  readonly prediction: Prediction
  /** Where the file holds the true latents. */
  readonly comparison?: Comparison
}

/** 1 − Σ (x − x̂)² / Σ (x − x̄)², over all features. */
const explainedShare = (x: Rows, reconstructed: Rows): number => {
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
  const held = takeRows(data, split.test)
  const x = linesOf(held.x)
  const latents = orFail(await encodeRows(engine, model, linesOf(data.x))(), estimatorMessage)
  const heldLatents = orFail(await encodeRows(engine, model, x)(), estimatorMessage)
  const reconstructed = orFail(await decodeRows(engine, model, heldLatents)(), estimatorMessage)
  const learned = learnedGraph(model)
  return {
    latents,
    explained: explainedShare(x, reconstructed),
    prediction: predict(definiteGraph(graphFromRows(learned))),
    ...(held.z === undefined
      ? {}
      : { comparison: orFail(compare(linesOf(held.z), heldLatents, learned), (text) => text) })
  }
}
