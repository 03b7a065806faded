/** Uses a trained model: from observations to latents and back. */

import { concat, type Tensor2D } from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { decode, decodedFeatures, encode, type TrainedAutoencoder } from './autoencoder.js'
import type { Engine, HostTensor, NamedTensors, StepFunction } from './engine.js'
import type { EstimatorError } from './errors.js'
import { zeros } from './host-tensors.js'

/** Rows of numbers, row-major: entry (i, j) is `data[i * columns + j]`. */
export interface Rows {
  readonly data: Float32Array | Float64Array
  readonly shape: readonly [rows: number, columns: number]
}

const BLOCK_ROWS = 1024

/** Applies a function of fixed-size blocks to all rows. The last block is padded with zeros. */
const byBlocks = async (
  engine: Engine,
  model: TrainedAutoencoder,
  rows: Rows,
  columns: number,
  f: (parameters: NamedTensors, x: Tensor2D) => Tensor2D
): Promise<E.Either<EstimatorError, Rows>> => {
  const [count, width] = rows.shape
  const x = zeros(BLOCK_ROWS, width)
  const input = x.data as Float32Array
  const step: StepFunction = (carry, feeds) => ({ carry, outputs: { y: f(carry, feeds.x as Tensor2D) } })
  const opened = await engine.open(step, model.parameters, { x })()
  if (E.isLeft(opened)) return opened
  const session = opened.right
  const out = new Float32Array(count * columns)
  try {
    for (let start = 0; start < count; start += BLOCK_ROWS) {
      const n = Math.min(BLOCK_ROWS, count - start)
      input.fill(0)
      input.set(rows.data.subarray(start * width, (start + n) * width))
      await session.run({ x })
      const y: HostTensor = (await session.outputs()).y
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
    expected: number,
    columns: number,
    f: (parameters: NamedTensors, x: Tensor2D) => Tensor2D
  ) =>
  (engine: Engine, model: TrainedAutoencoder, rows: Rows): TaskEither<EstimatorError, Rows> =>
  async () => {
    const [count, width] = rows.shape
    if (width !== expected || rows.data.length !== count * width) {
      return E.left({
        _tag: 'ShapeMismatch',
        where,
        expected: `[rows, ${expected}]`,
        actual: `[${count}, ${width}] with ${rows.data.length} numbers`
      })
    }
    try {
      return await byBlocks(engine, model, rows, columns, f)
    } catch (cause) {
      return E.left({ _tag: 'EngineFailed', engine: engine.name, reason: String(cause) })
    }
  }

/**
 * Observations [n, features] ↦ latents [n, d]: the means of q(z | x). Observations must be standardized as the
 * training data were.
 */
export const encodeRows = (
  engine: Engine,
  model: TrainedAutoencoder,
  x: Rows
): TaskEither<EstimatorError, Rows> => {
  const { shape, configuration } = model
  const toMeans = (parameters: NamedTensors, block: Tensor2D): Tensor2D =>
    encode(parameters, shape, configuration, block).mean as Tensor2D
  return applied('observations', shape.features, shape.latents, toMeans)(engine, model, x)
}

/** Observations [n, features] ↦ means and log-variances of q(z | x), side by side: [n, 2d]. */
export const posteriorRows = (
  engine: Engine,
  model: TrainedAutoencoder,
  x: Rows
): TaskEither<EstimatorError, Rows> => {
  const { shape, configuration } = model
  const both = (parameters: NamedTensors, block: Tensor2D): Tensor2D => {
    const { mean, logVariance } = encode(parameters, shape, configuration, block)
    return concat([mean, logVariance], 1) as Tensor2D
  }
  return applied('observations', shape.features, 2 * shape.latents, both)(engine, model, x)
}

/** Latents [n, d] ↦ the means of p(x | z), [n, features]: those of one frame where an observation has several. */
export const decodeRows = (
  engine: Engine,
  model: TrainedAutoencoder,
  z: Rows
): TaskEither<EstimatorError, Rows> => {
  const { shape, configuration } = model
  const toMeans = (parameters: NamedTensors, block: Tensor2D): Tensor2D =>
    decode(parameters, configuration, block)
  return applied(
    'latents',
    shape.latents,
    decodedFeatures(shape, configuration.views),
    toMeans
  )(engine, model, z)
}
