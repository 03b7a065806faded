/** Uses a trained method: from observations to its latents. */
import { encodeRows } from '@mechid/estimator'
import { type Samples, shapeMismatch, showShape } from '@mechid/values'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BaselineError } from './errors.js'
import type { TrainedBaseline } from './train-baseline.js'

/** Rows of two arrays side by side. */
const besideEachOther = (x: Samples, a: Samples): Samples => {
  const [rows, features] = x.shape
  const actions = a.shape[1]
  const width = features + actions
  const data = new Float32Array(rows * width)
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < features; f++) data[r * width + f] = x.data[r * features + f]
    for (let l = 0; l < actions; l++) data[r * width + features + l] = a.data[r * actions + l]
  }
  return { data, shape: [rows, width] }
}

/**
 * Observations [n, features] ↦ latents [n, d]: the means of q(z | x), or of q(z | x, a) where the encoder sees actions
 * (iVAE), which then have to be given, [n, k]. Others do not read `a`.
 *
 * Errors: `ShapeMismatch`, and those of the engine.
 */
export const encodeBaseline = (
  { engine, model, method }: TrainedBaseline,
  x: Samples,
  a?: Samples
): TE.TaskEither<BaselineError, Samples> => {
  if (method.seesActions !== true) return encodeRows(engine, model, x)
  const wanted = [x.shape[0], model.shape.actions] as const
  if (a === undefined || a.shape[0] !== wanted[0] || a.shape[1] !== wanted[1]) {
    const actual = a === undefined ? 'missing' : showShape(a.shape)
    return TE.left(shapeMismatch('encodeBaseline', 'a', actual, showShape(wanted)))
  }
  return encodeRows(engine, model, besideEachOther(x, a))
}
