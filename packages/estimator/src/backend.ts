/** Finds a TF.js backend by name: the one file that reaches for backends. */
import * as tf from '@tensorflow/tfjs-core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { eagerEngine } from './eager-engine.js'
import type { Engine } from './engine.js'
import type { EstimatorError } from './errors.js'

/** Engines that this package can look for by itself. */
export const engineNames = ['auto', 'tensorflow', 'wasm', 'cpu'] as const
export type EngineName = (typeof engineNames)[number]

const NATIVE = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n')[0]
}

/** TF.js 4.22's native binding calls functions that Node removed in version 23. */
const nodeTooNew = (): boolean => Number(process.versions.node.split('.')[0]) >= 23

// A variable keeps bundlers from following an import that may be absent.
const load = (name: string): Promise<unknown> => import(/* @vite-ignore */ name)

const openBackend = async (backend: string): Promise<void> => {
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js could not start its backend ${backend}`)
  await tf.ready()
}

const loadNative = async (): Promise<string> => {
  const reasons: string[] = []
  for (const name of NATIVE) {
    try {
      await load(name)
      await openBackend('tensorflow')
      const gpu = (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true
      return `TensorFlow (${name}) on ${gpu ? 'a CUDA GPU' : 'the CPU: it found no usable GPU'}`
    } catch (error) {
      reasons.push(`${name}: ${reasonOf(error)}`)
    }
  }
  throw new Error(reasons.join('; '))
}

const unavailable =
  (engine: string, remedy: string) =>
  (error: unknown): EstimatorError => ({ _tag: 'EngineUnavailable', engine, reason: reasonOf(error), remedy })

const nativeEngine: TE.TaskEither<EstimatorError, Engine> = TE.tryCatch(
  async () => eagerEngine('tensorflow', await loadNative()),
  unavailable(
    'tensorflow',
    nodeTooNew()
      ? 'use Node 20 or 22: the native TF.js packages do not run on Node 23 and later'
      : 'install @tensorflow/tfjs-node-gpu (CUDA 11, cuDNN 8) or @tensorflow/tfjs-node, or choose wasm'
  )
)

const wasmEngine: TE.TaskEither<EstimatorError, Engine> = TE.tryCatch(
  async () => {
    await load('@tensorflow/tfjs-backend-wasm')
    await openBackend('wasm')
    return eagerEngine('wasm', 'WebAssembly on one CPU thread')
  },
  unavailable('wasm', 'reinstall @tensorflow/tfjs-backend-wasm, which comes with this package')
)

const cpuEngine: TE.TaskEither<EstimatorError, Engine> = TE.tryCatch(
  async () => {
    await load('@tensorflow/tfjs-backend-cpu')
    await openBackend('cpu')
    return eagerEngine('cpu', 'plain JavaScript, for checks: slow')
  },
  unavailable('cpu', 'install @tensorflow/tfjs-backend-cpu, or choose wasm')
)

const autoEngine: TE.TaskEither<EstimatorError, Engine> = async () => {
  const native = await nativeEngine()
  if (native._tag === 'Right') {
    const { description } = native.right
    return {
      _tag: 'Right',
      right: { ...native.right, description: `${description} (chosen: it is installed)` }
    }
  }
  const wasm = await wasmEngine()
  if (wasm._tag === 'Left') return wasm
  const description = `${wasm.right.description} (chosen: no native TF.js package is installed)`
  return { _tag: 'Right', right: { ...wasm.right, description } }
}

/**
 * The engine called `name`. `auto` takes the native TF.js package where one is installed and starts, else the
 * WebAssembly backend that comes with this package; the engine's description says which and why.
 */
export const findEngine = (name: EngineName): TE.TaskEither<EstimatorError, Engine> => {
  switch (name) {
    case 'auto':
      return autoEngine
    case 'tensorflow':
      return nativeEngine
    case 'wasm':
      return wasmEngine
    case 'cpu':
      return cpuEngine
  }
}

/**
 * The engine over a TF.js backend that the user has registered, such as `webgpu` after
 * `import '@tensorflow/tfjs-backend-webgpu'`.
 */
export const engineOver = (backend: string): TE.TaskEither<EstimatorError, Engine> =>
  TE.tryCatch(
    async () => {
      if (tf.engine().registryFactory[backend] === undefined) throw new Error('no such backend is registered')
      await openBackend(backend)
      return eagerEngine(backend, `TF.js backend ${backend}`)
    },
    unavailable(
      backend,
      `import the package that registers it first; registered: ${Object.keys(tf.engine().registryFactory).join(', ') || 'none'}`
    )
  )
