/** Uses a trained model: from observations to latents and back. */

import { type Engine, engineFailed, type NamedTensors, type StepFunction } from '@mechid/engine'
import { firstNotFinite, type NotFinite, notFinite, type Samples } from '@mechid/values'
import { concat, type Tensor2D } from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import { decode, decodedFeatures, encode, type TrainedAutoencoder } from '../model/autoencoder.js'
import { zeros } from '../tensors/host-tensors.js'
import { gathered } from '../training/gathered.js'
import { rowsHolding } from './internal/normal-matrix.js'
import { rowsMisfit, widthMisfit } from './internal/row-checks.js'

/** Rows that are read when they are needed, such as those of a file. */
export interface RowReader {
  /** Rows, and numbers of each. */
  readonly shape: readonly [number, number]
  /** Reads `count` rows from `start` on to the beginning of `out`. */
  readonly read: (start: number, count: number, out: Float32Array) => void | Promise<void>
}

/** Rows that a function is applied to. `faultIn`: what is wrong with a block that was read, which begins with row `start`. */
interface CheckedRows extends RowReader {
  readonly faultIn: (block: Float32Array, start: number) => NotFinite | undefined
}

const checkedRows = (
  where: string,
  what: string,
  rows: Samples | RowReader,
  columns: number
): E.Either<EstimatorError, CheckedRows> => {
  const { shape } = rows
  if ('read' in rows) {
    const wrong = widthMisfit(where, what, shape, columns)
    if (wrong !== undefined) return E.left(wrong)
    const faultIn: CheckedRows['faultIn'] = (block, start) => {
      const at = firstNotFinite(block)
      const place = { row: start + Math.floor(at / columns), column: at % columns }
      return at < 0 ? undefined : notFinite(where, what, block[at], place)
    }
    return E.right({ shape, read: rows.read, faultIn })
  }
  const wrong = rowsMisfit(where, what, rows, columns)
  if (wrong !== undefined) return E.left(wrong)
  const read: RowReader['read'] = (start, count, out) =>
    out.set(rows.data.subarray(start * columns, (start + count) * columns))
  // All of them were looked at.
  return E.right({ shape, read, faultIn: () => undefined })
}

const MOST_BLOCK_ROWS = 1024
/** Numbers of a block of rows. */
const BLOCK_NUMBERS = 2 ** 22

/** Applies a function of fixed-size blocks to all rows. The last block is padded with zeros. */
const byBlocks = async (
  engine: Engine,
  model: TrainedAutoencoder,
  { shape: [count, width], read, faultIn }: CheckedRows,
  columns: number,
  f: (parameters: NamedTensors, x: Tensor2D) => Tensor2D
): Promise<E.Either<EstimatorError, Samples>> => {
  const most = rowsHolding(BLOCK_NUMBERS, width, MOST_BLOCK_ROWS)
  // Rows that only fill a block cost nothing but where they pass through convolutions.
  const blockRows = model.configuration.frames === undefined ? most : Math.min(most, Math.max(1, count))
  const x = zeros(blockRows, width)
  const step: StepFunction = (carry, feeds) => ({ carry, outputs: { y: f(carry, feeds.x as Tensor2D) } })
  const opened = await engine.open(step, model.parameters, { x })()
  if (E.isLeft(opened)) return opened
  const session = opened.right
  const out = new Float32Array(count * columns)
  try {
    for (let start = 0; start < count; start += blockRows) {
      const n = Math.min(blockRows, count - start)
      x.data.fill(0, n * width)
      const filled = await gathered(() => read(start, n, x.data))
      if (E.isLeft(filled)) return filled
      const fault = faultIn(x.data.subarray(0, n * width), start)
      if (fault !== undefined) return E.left(fault)
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
  (
    engine: Engine,
    model: TrainedAutoencoder,
    rows: Samples | RowReader
  ): TaskEither<EstimatorError, Samples> =>
  async () => {
    const checked = checkedRows(where, what, rows, expected)
    if (E.isLeft(checked)) return checked
    try {
      return await byBlocks(engine, model, checked.right, columns, f)
    } catch (cause) {
      return E.left(engineFailed(engine.name, cause))
    }
  }

/**
 * Observations [n, features] ↦ latents [n, d]: the means of q(z | x). Standardize observations as the training data were.
 *
 * When to use it: for latents that are good enough, at once, and for what an encoder says alone. `latentRows` gives those that the model was trained
 * to have, without most of the encoder's own error. Rows that memory does not hold are read block by block.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `DataUnavailable` where rows cannot be read, and those of the engine.
 */
export const encodeRows = (
  engine: Engine,
  model: TrainedAutoencoder,
  x: Samples | RowReader
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
  x: Samples | RowReader
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
