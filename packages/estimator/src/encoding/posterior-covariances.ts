/** What noise leaves open of latents: the posterior covariance σ_x² (JᵀJ)⁻¹ given one observation. */
import { type Engine, engineFailed } from '@mechid/engine'
import { factorInPlace, inverseOfFactor } from '@mechid/numerics'
import { type Samples, type ShapeMismatch, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import type { TrainedAutoencoder } from '../model/autoencoder.js'
import { linearizedDecoder } from './internal/decoder-jacobian.js'
import { chunkRows, normalMatrix, squaredErrors } from './internal/normal-matrix.js'
import { rowsMisfit } from './internal/row-checks.js'

/** How uncertain each encoding is. */
export interface PosteriorCovariances {
  /** σ_x² (JᵀJ)⁻¹, [n, d, d]. */
  readonly covariances: Float32Array
  /** Variance σ_x² of the noise of a feature, estimated from the error of decoding. */
  readonly variance: number
}

const WHERE = 'posteriorCovariances'

const unequalRows = (n: number, x: Samples): ShapeMismatch | undefined =>
  x.shape[0] === n ? undefined : shapeMismatch(WHERE, 'the number of rows of x', x.shape[0], `${n}, as z has`)

/** Writes the inverse of `normal` [d, d], which is spent: infinite variances where the decoder does not move at all. */
const covarianceWriter = (d: number): ((normal: Float64Array, out: Float32Array, at: number) => void) => {
  const [scratch, inverse] = [new Float64Array(d * d), new Float64Array(d * d)]
  return (normal, out, at) => {
    if (factorInPlace(normal, d)) inverseOfFactor(normal, d, scratch, inverse)
    else for (let k = 0; k < d * d; k++) inverse[k] = k % (d + 1) === 0 ? Number.POSITIVE_INFINITY : 0
    out.set(inverse, at)
  }
}

/**
 * Posterior covariances σ_x² (JᵀJ)⁻¹ at precise encodings `z` of `x`, with the decoder's Jacobian J. σ_x² is the mean squared
 * error of decoding them, corrected for the d numbers that were fitted to each observation.
 *
 * When to use it: with encodings of `encodePrecisely`, to weigh them or to state their error. Not with the encoder's own:
 * their error, like that of a decoder that still learns, makes σ_x² too large.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, and those of the engine.
 */
export const posteriorCovariances =
  (
    engine: Engine,
    model: TrainedAutoencoder,
    x: Samples,
    z: Samples
  ): TaskEither<EstimatorError, PosteriorCovariances> =>
  async () => {
    const { latents: d, features } = model.shape
    const n = z.shape[0]
    const wrong = rowsMisfit(WHERE, 'z', z, d) ?? rowsMisfit(WHERE, 'x', x, features) ?? unequalRows(n, x)
    if (wrong !== undefined) return E.left(wrong)
    const decoder = await linearizedDecoder(engine, model)
    if (E.isLeft(decoder)) return decoder
    const covariances = new Float32Array(n * d * d)
    const normal = new Float64Array(d * d)
    const write = covarianceWriter(d)
    const chunk = chunkRows(d, features)
    let squares = 0
    try {
      for (let start = 0; start < n; start += chunk) {
        const end = Math.min(n, start + chunk)
        const here = await decoder.right.at(Float32Array.from(z.data.subarray(start * d, end * d)))
        squares += squaredErrors(x.data, start * features, here.value, features).reduce((a, b) => a + b, 0)
        for (let r = 0; r < end - start; r++) {
          normalMatrix(here.jacobian, r, d, features, normal)
          write(normal, covariances, (start + r) * d * d)
        }
      }
    } catch (cause) {
      return E.left(engineFailed(engine.name, cause))
    } finally {
      decoder.right.dispose()
    }
    const variance = squares / (n * Math.max(1, features - d))
    for (let k = 0; k < covariances.length; k++) covariances[k] *= variance
    return E.right({ covariances, variance })
  }
