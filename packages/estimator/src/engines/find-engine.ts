/** Finds a TF.js backend by name: the one file that reaches for backends. */
import { type Engine, type EngineError, type EngineOffer, engineUnavailable } from '@mechid/engine'
import { reasonOf, unknownName } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import { eagerEngine } from './eager-engine.js'

/** Engines that this package can look for by itself. */
export const engineNames = ['auto', 'tensorflow', 'wasm', 'cpu'] as const
export type EngineName = (typeof engineNames)[number]

const NATIVE = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/** TF.js 4.22's native binding calls functions that Node removed in version 23. */
const nodeTooNew = (): boolean => Number(process.versions.node.split('.')[0]) >= 23

// A variable keeps bundlers from following an import that may be absent.
const load = (name: string): Promise<unknown> => import(/* @vite-ignore */ name)

const openBackend = async (backend: string): Promise<void> => {
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js could not start its backend ${backend}`)
  await tf.ready()
}

interface NativeEngine extends Engine {
  readonly usesGpu: boolean
}

const loadNative = async (): Promise<NativeEngine> => {
  const reasons: string[] = []
  for (const name of NATIVE) {
    try {
      await load(name)
      await openBackend('tensorflow')
      const usesGpu = (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true
      const device = usesGpu ? 'a CUDA GPU' : 'the CPU: it found no usable GPU'
      return { ...eagerEngine('tensorflow', `TensorFlow (${name}) on ${device}`), usesGpu }
    } catch (error) {
      reasons.push(`${name}: ${reasonOf(error).split('\n')[0]}`)
    }
  }
  throw new Error(reasons.join('; '))
}

const unavailable =
  (engine: string, remedy: string) =>
  (error: unknown): EngineError =>
    engineUnavailable(engine, error, remedy)

const nativeEngine: TE.TaskEither<EngineError, NativeEngine> = TE.tryCatch(
  loadNative,
  unavailable(
    'tensorflow',
    nodeTooNew()
      ? 'use Node 20 or 22: the native TF.js packages do not run on Node 23 and later'
      : 'install @tensorflow/tfjs-node-gpu (CUDA 11, cuDNN 8) or @tensorflow/tfjs-node, or choose wasm'
  )
)

const wasmEngine: TE.TaskEither<EngineError, Engine> = TE.tryCatch(
  async () => {
    await load('@tensorflow/tfjs-backend-wasm')
    await openBackend('wasm')
    return eagerEngine('wasm', 'WebAssembly on one CPU thread')
  },
  unavailable('wasm', 'reinstall @tensorflow/tfjs-backend-wasm, which comes with this package')
)

const cpuEngine: TE.TaskEither<EngineError, Engine> = TE.tryCatch(
  async () => {
    await load('@tensorflow/tfjs-backend-cpu')
    await openBackend('cpu')
    return eagerEngine('cpu', 'plain JavaScript, for checks: slow')
  },
  unavailable('cpu', 'install @tensorflow/tfjs-backend-cpu, or choose wasm')
)

/** Why an engine was not taken, in a few words. */
const reasonFor = (error: EngineError): string =>
  error._tag === 'EngineUnavailable' ? error.reason : error.message

/**
 * The engines that `auto` tries, fastest first: a native GPU, what other packages offer, native TF.js on the
 * processor, WebAssembly.
 */
const autoEngine =
  (offers: readonly EngineOffer[]): TE.TaskEither<EngineError, Engine> =>
  async () => {
    const chosen = (engine: Engine, why: string): E.Either<EngineError, Engine> =>
      E.right({ ...engine, description: `${engine.description} (chosen: ${why})` })
    const native = await nativeEngine()
    if (E.isRight(native) && native.right.usesGpu)
      return chosen(native.right, 'it is installed and finds a GPU')
    const missing: string[] = []
    for (const { name, find } of offers) {
      const found = await find()
      if (E.isRight(found)) return chosen(found.right, 'the fastest one here')
      missing.push(`no ${name}: ${reasonFor(found.left)}`)
    }
    if (E.isRight(native)) return chosen(native.right, ['it is installed', ...missing].join('; '))
    const wasm = await wasmEngine()
    const why = [...missing, 'no native TF.js package is installed'].join('; ')
    return E.isLeft(wasm) ? wasm : chosen(wasm.right, `slower, but always there; ${why}`)
  }

/**
 * The engine called `name`: one of {@link engineNames}, or of `offers`, engines that other packages bring. `auto` takes the
 * fastest that is installed and starts; its description says which one and why.
 *
 * When to use it: `auto` for trainings; a name where results have to be reproduced, as engines round differently.
 *
 * Errors: `EngineUnavailable`, `UnknownName`.
 *
 * @example
 * const engine = await findEngine('auto', [compiled()])() // compiled of @mechid/compiler
 */
export const findEngine = (
  name: string,
  offers: readonly EngineOffer[] = []
): TE.TaskEither<EstimatorError, Engine> => {
  switch (name) {
    case 'auto':
      return autoEngine(offers)
    case 'tensorflow':
      return nativeEngine
    case 'wasm':
      return wasmEngine
    case 'cpu':
      return cpuEngine
    default:
      return (
        offers.find((offer) => offer.name === name)?.find ??
        TE.left(unknownName('findEngine', name, [...engineNames, ...offers.map((offer) => offer.name)]))
      )
  }
}

/**
 * The engine over a TF.js backend that you have registered, such as `webgpu` after
 * `import '@tensorflow/tfjs-backend-webgpu'`.
 *
 * Error: `EngineUnavailable`.
 */
export const engineOver = (backend: string): TE.TaskEither<EngineError, Engine> =>
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
