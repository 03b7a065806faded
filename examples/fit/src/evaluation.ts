/** How good a fitted model is on held-out rows. */
import type { Engine } from '@mechid/engine'
import { decodeRows, encodeRows, learnedGraph, type Model } from '@mechid/estimator'
import { type Evaluation, evaluate } from '@mechid/evaluation'
import { orFail } from '@mechid/example-terminal'
import { explainedShare } from '@mechid/metrics'
import type { Samples } from '@mechid/values'
import type { Prepared } from './data.js'

export interface FitEvaluation extends Evaluation {
  /** Learned latents of every row, or of every frame of every sequence. */
  readonly encoded: Samples
  /** Share of the features' variance that the model reconstructs, on held-out rows. At most 1. */
  readonly explained: number
}

const linesOf = ({ data, shape }: Samples, lines: Int32Array): Samples<Float32Array> => {
  const width = shape[1]
  const out = new Float32Array(lines.length * width)
  for (let i = 0; i < lines.length; i++)
    for (let j = 0; j < width; j++) out[i * width + j] = data[lines[i] * width + j]
  return { data: out, shape: [lines.length, width] }
}

export const evaluateFit = async (
  engine: Engine,
  { x, z, testLines }: Prepared,
  model: Model
): Promise<FitEvaluation> => {
  const held = linesOf(x, testLines)
  const encoded = orFail(await encodeRows(engine, model, x)())
  const zHat = linesOf(encoded, testLines)
  const reconstructed = orFail(await decodeRows(engine, model, zHat)())
  const truth = z === undefined ? {} : { z: linesOf(z, testLines) }
  return {
    ...orFail(evaluate({ zHat, learned: learnedGraph(model), ...truth })),
    encoded,
    explained: orFail(explainedShare(held, reconstructed))
  }
}
