/** Runs step functions eagerly on a TF.js backend. */
import {
  type DeviceTraits,
  type Engine,
  type EngineSession,
  engineFailed,
  type HostTensor,
  type HostTensors,
  type NamedTensors,
  type StepFunction
} from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import './internal/gradients.js'

const upload = ({ data, shape }: HostTensor): tf.Tensor =>
  tf.tensor(data, shape as number[], data instanceof Int32Array ? 'int32' : 'float32')

const download = async (tensor: tf.Tensor): Promise<HostTensor> => ({
  data: (await tensor.data()).slice() as Float32Array | Int32Array,
  shape: tensor.shape.slice()
})

const mapEntries = <A, B>(record: Readonly<Record<string, A>>, f: (a: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]))

const downloadAll = async (tensors: NamedTensors): Promise<HostTensors> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(tensors).map(async ([name, tensor]) => [name, await download(tensor)] as const)
    )
  )

/** The WebAssembly backend multiplies stacks of matrices by a plain loop, and single ones by its fast product. */
const traitsOf = (backend: string): DeviceTraits => ({ slowStacks: backend === 'wasm' })

const eagerSession = async (
  backend: string,
  step: StepFunction,
  firstCarry: HostTensors
): Promise<EngineSession> => {
  const select = async (): Promise<void> => {
    // The backend is global to the process; somebody else may have changed it between two steps.
    if (tf.getBackend() !== backend) await tf.setBackend(backend)
  }
  await select()
  const device = traitsOf(backend)
  let carry: NamedTensors = mapEntries(firstCarry, upload)
  let outputs: NamedTensors = {}
  return {
    run: async (feeds) => {
      await select()
      const result = tf.tidy(() => {
        const next = step(carry, mapEntries(feeds, upload), device)
        // A step may hand a tensor through unchanged; clones keep the old carry and the new one apart.
        return { carry: mapEntries(next.carry, tf.clone), outputs: mapEntries(next.outputs, tf.clone) }
      })
      tf.dispose(carry)
      tf.dispose(outputs)
      carry = result.carry
      outputs = result.outputs
    },
    outputs: () => downloadAll(outputs),
    carry: () => downloadAll(carry),
    dispose: () => {
      tf.dispose(carry)
      tf.dispose(outputs)
      carry = {}
      outputs = {}
    }
  }
}

/** An engine over the TF.js backend `backend`, which must be registered and ready. */
export const eagerEngine = (backend: string, description: string): Engine => ({
  name: backend,
  description,
  open: (step, carry) =>
    TE.tryCatch(
      () => eagerSession(backend, step, carry),
      (thrown) => engineFailed(backend, thrown)
    )
})
