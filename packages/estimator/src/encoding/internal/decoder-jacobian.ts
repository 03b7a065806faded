/** The decoder and its Jacobian at given latents, on the host. */
import type { Engine, HostTensors, StepFunction } from '@mechid/engine'
import type * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import type { EstimatorError } from '../../errors.js'
import type { TrainedAutoencoder } from '../../model/autoencoder.js'
import { linearizedAt } from '../../model/decoder-tangents.js'
import { zeros } from '../../tensors/host-tensors.js'
import { rowsHolding } from './normal-matrix.js'

/** What a decoder gives for some latents. */
export interface Linearization {
  /** [n, features] */
  readonly value: Float32Array
  /** ∂x_f / ∂z_i at [row, i, f]: [n, d, features]. */
  readonly jacobian: Float32Array
}

/** Linearizes a decoder at rows of latents [n, d], in blocks. */
export interface DecoderLinearization {
  readonly at: (z: Float32Array) => Promise<Linearization>
  readonly dispose: () => void
}

const BLOCK_ROWS = 256
/** Numbers of a Jacobian that are held at once. */
const BLOCK_NUMBERS = 2 ** 22

/** Opens a decoder for linearization. Errors: those of the engine. */
export const linearizedDecoder = async (
  engine: Engine,
  { shape, configuration, parameters }: TrainedAutoencoder
): Promise<E.Either<EstimatorError, DecoderLinearization>> => {
  const d = shape.latents
  const features = shape.features / (configuration.views ?? 1)
  const blockRows = rowsHolding(BLOCK_NUMBERS, d * features, BLOCK_ROWS)
  const z = zeros(blockRows, d)
  const step: StepFunction = (carry, feeds) => ({
    carry,
    outputs: { ...linearizedAt(carry, configuration, feeds.z as tf.Tensor2D) }
  })
  const needed: HostTensors = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => /^decoder\/[wbkc]\d+$/.test(name))
  )
  const opened = await engine.open(step, needed, { z })()
  if (E.isLeft(opened)) return opened
  const session = opened.right
  return E.right({
    dispose: session.dispose,
    at: async (latents) => {
      const n = latents.length / d
      const value = new Float32Array(n * features)
      const jacobian = new Float32Array(n * d * features)
      for (let start = 0; start < n; start += blockRows) {
        const count = Math.min(blockRows, n - start)
        z.data.fill(0)
        z.data.set(latents.subarray(start * d, (start + count) * d))
        await session.run({ z })
        const out = await session.outputs()
        value.set(out.value.data.subarray(0, count * features), start * features)
        jacobian.set(out.jacobian.data.subarray(0, count * d * features), start * d * features)
      }
      return { value, jacobian }
    }
  })
}
