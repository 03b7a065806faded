/** Uses a trained model: from observations to latents and back. */

import { type Engine, engineFailed, type NamedTensors, type StepFunction } from '@mechid/engine'
import type { Samples } from '@mechid/values'
import { concat, type Tensor2D } from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import { decode, decodedFeatures, encode, type TrainedAutoencoder } from '../model/autoencoder.js'
import { zeros } from '../tensors/host-tensors.js'
import { rowsMisfit } from './internal/row-checks.js'

const BLOCK_ROWS = 1024

/** Applies a function of fixed-size blocks to all rows. The last block is padded with zeros. */
const byBlocks = async (
  engine: Engine,
  model: TrainedAutoencoder,
  rows: Samples,
  columns: number,
  f: (parameters: NamedTensors, x: Tensor2D) => Tensor2D
): Promise<E.Either<EstimatorError, Samples>> => {
  const [count, width] = rows.shape
  const x = zeros(BLOCK_ROWS, width)
  const step: StepFunction = (carry, feeds) => ({ carry, outputs: { y: f(carry, feeds.x as Tensor2D) } })
  const opened = await engine.open(step, model.parameters, { x })()
  if (E.isLeft(opened)) return opened
  const session = opened.right
  const out = new Float32Array(count * columns)
  try {
    for (let start = 0; start < count; start += BLOCK_ROWS) {
      const n = Math.min(BLOCK_ROWS, count - start)
      x.data.fill(0)
      x.data.set(rows.data.subarray(start * width, (start + n) * width))
      await session.run({ x })
      const { y } = await session.outputs()
      out.set(y.data.subarray(0, n * columns), start * columns)
    }
  } finally {
    session.dispose()
  }
  return E.right({ data: out, shape: [count, columns] })
}

const applied =
  (
    where: string,
    what: string,
    expected: number,
    columns: number,
    f: (parameters: NamedTensors, x: Tensor2D) => Tensor2D
  ) =>
  (engine: Engine, model: TrainedAutoencoder, rows: Samples): TaskEither<EstimatorError, Samples> =>
  async () => {
    const wrong = rowsMisfit(where, what, rows, expected)
    if (wrong !== undefined) return E.left(wrong)
    try {
      return await byBlocks(engine, model, rows, columns, f)
    } catch (cause) {
      return E.left(engineFailed(engine.name, cause))
    }
  }

/**
 * Observations [n, features] ↦ latents [n, d]: the means of q(z | x). Standardize observations as the training data were.
 *
 * When to use it: for latents that are good enough, at once. `encodePrecisely` removes most of the encoder's own error.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, and those of the engine.
 */
export const encodeRows = (
  engine: Engine,
  model: TrainedAutoencoder,
  x: Samples
): TaskEither<EstimatorError, Samples> => {
  const { shape, configuration } = model
  const toMeans = (parameters: NamedTensors, block: Tensor2D): Tensor2D =>
    encode(parameters, shape, configuration, block).mean as Tensor2D
  return applied('encodeRows', 'x', shape.features, shape.latents, toMeans)(engine, model, x)
}

/**
 * Observations [n, features] ↦ means and log-variances of q(z | x), side by side: [n, 2d].
 *
 * Errors: `ShapeMismatch`, `NotFinite`, and those of the engine.
 */
export const posteriorRows = (
  engine: Engine,
  model: TrainedAutoencoder,
  x: Samples
): TaskEither<EstimatorError, Samples> => {
  const { shape, configuration } = model
  const both = (parameters: NamedTensors, block: Tensor2D): Tensor2D => {
    const { mean, logVariance } = encode(parameters, shape, configuration, block)
    return concat([mean, logVariance], 1) as Tensor2D
  }
  return applied('posteriorRows', 'x', shape.features, 2 * shape.latents, both)(engine, model, x)
}

/**
 * Latents [n, d] ↦ the means of p(x | z), [n, features]. Where an observation has several views, the features of its last
 * frame.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, and those of the engine.
 */
export const decodeRows = (
  engine: Engine,
  model: TrainedAutoencoder,
  z: Samples
): TaskEither<EstimatorError, Samples> => {
  const { shape, configuration } = model
  const toMeans = (parameters: NamedTensors, block: Tensor2D): Tensor2D =>
    decode(parameters, configuration, block)
  return applied(
    'decodeRows',
    'z',
    shape.latents,
    decodedFeatures(shape, configuration.views),
    toMeans
  )(engine, model, z)
}
