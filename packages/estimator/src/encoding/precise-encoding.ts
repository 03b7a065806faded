/**
 * Encodings as precise as the decoder allows, and how precise noise lets them be.
 *
 * An encoder is a network that approximates the decoder's inverse; its own error can be several times the noise. A few
 * Gauss–Newton steps on |x − decoder(z)|² from where it points remove that error. What is left is the posterior covariance
 * σ_x² (JᵀJ)⁻¹ of the latents given one observation.
 */
import { type Engine, engineFailed } from '@mechid/engine'
import { factorInPlace, inverseOfFactor, solveInPlace } from '@mechid/numerics'
import { invalidOption, type Reals, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import type { TrainedAutoencoder } from '../model/autoencoder.js'
import { encodeRows } from './inference.js'
import { type DecoderLinearization, linearizedDecoder } from './internal/decoder-jacobian.js'

const ITERATIONS = 3
/** Added to JᵀJ, relative to its mean diagonal, so that directions that decode alike stay where they are. */
const DAMPING = 1e-4
const CHUNK_ROWS = 4096

/** JᵀJ of one row, [d, d], into `out`, damped. */
const normalMatrix = (
  jacobian: Float32Array,
  row: number,
  d: number,
  features: number,
  out: Float64Array
): void => {
  const at = row * d * features
  let trace = 0
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let f = 0; f < features; f++)
        sum += jacobian[at + i * features + f] * jacobian[at + j * features + f]
      out[i * d + j] = sum
      if (i === j) trace += sum
    }
  }
  for (let i = 0; i < d; i++) out[i * d + i] += (DAMPING * trace) / d
}

const squaredErrors = (x: Reals, from: number, value: Float32Array, features: number): Float64Array => {
  const n = value.length / features
  const out = new Float64Array(n)
  for (let r = 0; r < n; r++) {
    for (let f = 0; f < features; f++) out[r] += (x[from + r * features + f] - value[r * features + f]) ** 2
  }
  return out
}

/** Gauss–Newton for a chunk of rows of `x`; a step that does not bring a row nearer is halved, then left. */
const sharpened = async (
  decoder: DecoderLinearization,
  x: Reals,
  from: number,
  start: Float32Array,
  d: number,
  features: number
): Promise<Float32Array> => {
  const z = start.slice()
  const n = z.length / d
  const normal = new Float64Array(d * d)
  const step = new Float64Array(d)
  let here = await decoder.at(z)
  let errors = squaredErrors(x, from, here.value, features)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const trial = z.slice()
    const steps = new Float32Array(n * d)
    for (let r = 0; r < n; r++) {
      normalMatrix(here.jacobian, r, d, features, normal)
      for (let i = 0; i < d; i++) {
        step[i] = 0
        for (let f = 0; f < features; f++) {
          const miss = x[from + r * features + f] - here.value[r * features + f]
          step[i] += here.jacobian[(r * d + i) * features + f] * miss
        }
      }
      if (factorInPlace(normal, d)) solveInPlace(normal, d, step)
      else step.fill(0)
      for (let i = 0; i < d; i++) {
        steps[r * d + i] = step[i]
        trial[r * d + i] = z[r * d + i] + step[i]
      }
    }
    for (let halving = 0; halving < 2; halving++) {
      const there = await decoder.at(trial)
      const next = squaredErrors(x, from, there.value, features)
      let worse = 0
      for (let r = 0; r < n; r++) {
        if (next[r] < errors[r]) continue
        worse++
        const share = halving === 0 ? 0.5 : 0
        for (let i = 0; i < d; i++) trial[r * d + i] = z[r * d + i] + share * steps[r * d + i]
      }
      if (worse === 0) break
    }
    z.set(trial)
    here = await decoder.at(z)
    errors = squaredErrors(x, from, here.value, features)
  }
  return z
}

/**
 * As `encodeRows`, then {@link ITERATIONS} Gauss–Newton steps on the decoder: observations [n, features] ↦ latents [n, d].
 * About twenty times the work of `encodeRows`. When to use it: for scores and data that matter; not where the decoder is
 * far from the data (another domain), since it is the decoder that is inverted.
 *
 * Errors: those of `encodeRows`; `InvalidOption` for convolutional decoders and for several views.
 */
export const encodePrecisely =
  (
    engine: Engine,
    model: TrainedAutoencoder,
    x: Samples,
    onProgress: (rowsDone: number) => void = () => undefined
  ): TaskEither<EstimatorError, Samples> =>
  async () => {
    const { shape, configuration } = model
    if ((configuration.views ?? 1) !== 1) {
      const expected = '1; an observation of several frames is not what is decoded'
      return E.left(invalidOption('encodePrecisely', 'views', configuration.views, expected))
    }
    const first = await encodeRows(engine, model, x)()
    if (E.isLeft(first)) return first
    const decoder = await linearizedDecoder(engine, model)
    if (E.isLeft(decoder)) return decoder
    const { latents: d, features } = shape
    const n = x.shape[0]
    const out = new Float32Array(first.right.data)
    try {
      for (let start = 0; start < n; start += CHUNK_ROWS) {
        const chunk = out.slice(start * d, Math.min(n, start + CHUNK_ROWS) * d)
        out.set(await sharpened(decoder.right, x.data, start * features, chunk, d, features), start * d)
        onProgress(Math.min(n, start + CHUNK_ROWS))
      }
    } catch (cause) {
      return E.left(engineFailed(engine.name, cause))
    } finally {
      decoder.right.dispose()
    }
    return E.right({ data: out, shape: [n, d] })
  }

/** What noise leaves open of each encoding. */
export interface PosteriorCovariances {
  /** σ_x² (JᵀJ)⁻¹, [n, d, d]. */
  readonly covariances: Float32Array
  /** Variance σ_x² of the noise of an observed feature, estimated from what decoding leaves. */
  readonly variance: number
}

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
 * Posterior covariances σ_x² (JᵀJ)⁻¹ at precise encodings `z` of `x`. σ_x² is what decoding them leaves, corrected for the d
 * numbers fitted to each observation; a decoder that is not at its own floor makes it larger.
 *
 * Errors: `InvalidOption` for convolutional decoders, and those of the engine.
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
    const decoder = await linearizedDecoder(engine, model)
    if (E.isLeft(decoder)) return decoder
    const n = z.shape[0]
    const covariances = new Float32Array(n * d * d)
    const normal = new Float64Array(d * d)
    const write = covarianceWriter(d)
    let squares = 0
    try {
      for (let start = 0; start < n; start += CHUNK_ROWS) {
        const end = Math.min(n, start + CHUNK_ROWS)
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

/** How precise latents can be that are read off one observation each. */
export interface NoiseFloor {
  /** Standard deviation of the noise of an observed feature, estimated from what precise encodings leave. */
  readonly noise: number
  /** Root mean posterior variance of each latent, in its own units. */
  readonly deviation: Float64Array
  /** The largest correlation with the truth that each latent can have, √(1 − posterior variance / variance). */
  readonly perLatent: Float64Array
  /** Its mean: the R that noise allows. */
  readonly r: number
}

/** The floor that noise sets: posterior covariances (see {@link posteriorCovariances}) at precise encodings `z` of `x`. */
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
