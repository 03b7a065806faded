/** The decoder and its Jacobian at given latents, row by row of the network, in forward mode. */
import type { Engine, HostTensors, NamedTensors, StepFunction } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import type { EstimatorError } from '../../errors.js'
import type { TrainedAutoencoder } from '../../model/autoencoder.js'
import { decodeFramesWithTangents, type WithTangents } from '../../networks/frame-networks.js'
import { LEAK } from '../../networks/layers.js'
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

const forward = (
  parameters: NamedTensors,
  { depth, activation = 'leaky' }: TrainedAutoencoder['configuration']['decoder'],
  z: tf.Tensor2D
): WithTangents => {
  const [rows, d] = z.shape
  let value: tf.Tensor2D = z
  // Every row's d tangents one after the other: [rows · d, width].
  let tangents: tf.Tensor2D | undefined
  for (let layer = 0; layer <= depth; layer++) {
    const weight = parameters[`decoder/w${layer}`] as tf.Tensor2D
    const sum = tf.add(tf.matMul(value, weight), parameters[`decoder/b${layer}`]) as tf.Tensor2D
    const width = weight.shape[1]
    const pushed =
      tangents === undefined
        ? (tf.reshape(tf.mul(tf.ones([rows, 1, 1]), tf.expandDims(weight, 0)), [
            rows * d,
            width
          ]) as tf.Tensor2D)
        : (tf.matMul(tangents, weight) as tf.Tensor2D)
    if (layer === depth) {
      value = sum
      tangents = pushed
      break
    }
    const gate = activation === 'leaky' ? tf.step(sum, LEAK) : tf.sigmoid(sum)
    value = tf.mul(sum, gate) as tf.Tensor2D
    const slope = activation === 'leaky' ? gate : tf.add(value, tf.mul(gate, tf.sub(1, value)))
    const spread = tf.mul(tf.reshape(pushed, [rows, d, width]), tf.expandDims(slope, 1))
    tangents = tf.reshape(spread, [rows * d, width]) as tf.Tensor2D
  }
  return { value, tangents: tangents as tf.Tensor2D }
}

/** The decoder's value [B, features] and Jacobian [B, d · features]. */
const linearized = (
  parameters: NamedTensors,
  { decoder, frames }: TrainedAutoencoder['configuration'],
  z: tf.Tensor2D
): { readonly value: tf.Tensor; readonly jacobian: tf.Tensor } => {
  const code = forward(parameters, decoder, z)
  const { value, tangents } = frames === undefined ? code : decodeFramesWithTangents(parameters, frames, code)
  const [rows, d] = z.shape
  return { value, jacobian: tf.reshape(tangents, [rows, d * value.shape[1]]) }
}

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
    outputs: { ...linearized(carry, configuration, feeds.z as tf.Tensor2D) }
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
