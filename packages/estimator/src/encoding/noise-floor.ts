/** How precise noise lets latents be. */
import type { Engine } from '@mechid/engine'
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import type { TrainedAutoencoder } from '../model/autoencoder.js'
import { posteriorCovariances } from './posterior-covariances.js'

/** How precise latents can be if each is read off one observation. */
export interface NoiseFloor {
  /** Standard deviation of the noise of a feature, estimated from the error of decoding. */
  readonly noise: number
  /** Root mean posterior variance of each latent, in its own unit. */
  readonly deviation: Float64Array
  /** The largest correlation with the truth that each latent can have, √(1 − posterior variance / variance). */
  readonly perLatent: Float64Array
  /** Their mean: the R that noise allows. */
  readonly r: number
}

/**
 * How precise noise lets latents be, from {@link posteriorCovariances} at precise encodings `z` of `x`.
 *
 * When to use it: to tell whether R is low because of noise or because of the model. It trusts the decoder: one that lost a
 * latent, or still learns, gives a wrong floor.
 *
 * Errors: those of `posteriorCovariances`.
 */
export const noiseFloor =
  (
    engine: Engine,
    model: TrainedAutoencoder,
    x: Samples,
    z: Samples
  ): TaskEither<EstimatorError, NoiseFloor> =>
  async () => {
    const uncertain = await posteriorCovariances(engine, model, x, z)()
    if (E.isLeft(uncertain)) return uncertain
    const { covariances, variance } = uncertain.right
    const { latents: d } = model.shape
    const n = z.shape[0]
    const deviation = Float64Array.from({ length: d }, (_, i) => {
      let sum = 0
      for (let r = 0; r < n; r++) sum += covariances[r * d * d + i * d + i]
      return Math.sqrt(sum / n)
    })
    const perLatent = deviation.map((own, i) => {
      let [mean, second] = [0, 0]
      for (let r = 0; r < n; r++) {
        mean += z.data[r * d + i] / n
        second += z.data[r * d + i] ** 2 / n
      }
      return Math.sqrt(Math.max(0, 1 - own ** 2 / Math.max(1e-300, second - mean * mean)))
    })
    return E.right({
      noise: Math.sqrt(variance),
      deviation,
      perLatent,
      r: perLatent.reduce((sum, one) => sum + one / d, 0)
    })
  }
