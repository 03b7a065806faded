/** How well next codes can be predicted at all, whatever mechanisms and basis are. */
import { logAbsDeterminant } from '@mechid/numerics'
import { aborted } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { pause } from './candidates.js'
import type { Codes } from './codes.js'
import type { UnmixingError } from './errors.js'
import type { UnmixOptions } from './options.js'
import { responseFit } from './response-fit.js'
import { sizedCodes } from './sized-codes.js'

const WHERE = 'nextLikelihood'

/**
 * Log-likelihood of held-out next codes, in nats a row, where any smooth function of past and actions predicts them and what is left is
 * Gaussian of one covariance Σ: −½ log |2πe Σ|. Codes count in units in which those of first frames are white. No affine map changes it.
 *
 * When to use it: to compare charts of the same codes: noise of constant variance stays constant in the right one. Add what a chart does
 * to volumes (`meanLogVolume` of a `GaussianChart`).
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `TooFewRows`, `Degenerate`, `NoMechanism`, `InvalidOption`, `Aborted`.
 *
 * @example
 * const nats = await nextLikelihood({ codes: { data, shape: [5000, 2, 4] } }, { seed: 1 })()
 */
export const nextLikelihood =
  (
    input: Codes,
    options: Pick<UnmixOptions, 'seed' | 'lags' | 'rows' | 'signal'> = {}
  ): TaskEither<UnmixingError, number> =>
  async () => {
    const sized = sizedCodes(WHERE, input, options)
    if (E.isLeft(sized)) return sized
    await pause()
    if (options.signal?.aborted === true) return E.left(aborted(WHERE))
    const { prepared, sizes, random } = sized.right
    const { latents: d } = prepared.whitened
    const { residualCovariance: data } = responseFit(prepared.whitened, sizes, random.split('next'))
    return E.right(-0.5 * (d * Math.log(2 * Math.PI * Math.E) + logAbsDeterminant({ data, shape: [d, d] })))
  }
