/** The engines that Node finds. */
import { type Engine, type EngineError, type EngineOffer, engineUnavailable } from '@mechid/engine'
import { reasonOf } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { eagerEngine } from '../eager-engine.js'
import type { EngineName, EngineOptions } from '../engine-options.js'
import { chosen, openBackend, reasonFor, unavailable } from './open-backend.js'

/** Engines that can be looked for here. */
export const engineNames: readonly EngineName[] = ['auto', 'tensorflow', 'wasm', 'cpu']

const NATIVE = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/** TF.js 4.22's native binding calls functions that Node removed in version 23. */
const nodeTooNew = (): boolean => Number(process.versions.node.split('.')[0]) >= 23

// A variable keeps bundlers from following an import that may be absent.
const load = (name: string): Promise<unknown> => import(/* @vite-ignore */ name)

interface NativeEngine extends Engine {
  readonly usesGpu: boolean
}

/** Nothing of that name is there, as Node and Vite put it; as opposed to a package that does not start. */
const isAbsent = (name: string, error: unknown): boolean =>
  ["Cannot find package '", "Cannot find module '", 'Could not resolve "'].some((words) =>
    reasonOf(error).startsWith(`${words}${name}${words.at(-1)}`)
  )

/** No native engine started; `broken` are the packages that are there all the same. */
class NativeMissing extends Error {
  constructor(
    reasons: readonly string[],
    readonly broken: readonly string[]
  ) {
    super(reasons.join('; '))
  }
}

const loadNative = async (): Promise<NativeEngine> => {
  const reasons: string[] = []
  const broken: string[] = []
  for (const name of NATIVE) {
    try {
      await load(name)
      await openBackend('tensorflow')
      const usesGpu = (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true
      const device = usesGpu ? 'a CUDA GPU' : 'the CPU: it found no usable GPU'
      return { ...eagerEngine('tensorflow', `TensorFlow (${name}) on ${device}`), usesGpu }
    } catch (error) {
      const absent = isAbsent(name, error)
      reasons.push(`${name}: ${absent ? 'not installed' : reasonOf(error).split('\n')[0].trim()}`)
      if (!absent) broken.push(name)
    }
  }
  throw new NativeMissing(reasons, broken)
}

const nativeRemedy = (error: unknown): string => {
  if (nodeTooNew()) return 'use Node 20 or 22: the native TF.js packages do not run on Node 23 and later'
  // pnpm, and npm with --ignore-scripts, install the package without the library that its script would download.
  const [broken] = error instanceof NativeMissing ? error.broken : []
  return broken === undefined
    ? 'install @tensorflow/tfjs-node-gpu (CUDA 11, cuDNN 8) or @tensorflow/tfjs-node, or choose wasm'
    : `run the install script of ${broken}, which downloads TensorFlow, or build it as docs/estimation.md says, or choose wasm`
}

const nativeEngine: TE.TaskEither<EngineError, NativeEngine> = TE.tryCatch(loadNative, (error) =>
  engineUnavailable('tensorflow', error, nativeRemedy(error))
)

/** An engine over a TF.js backend of a package of its own. */
const packagedEngine = (
  name: 'wasm' | 'cpu',
  description: string,
  remedy: string
): TE.TaskEither<EngineError, Engine> =>
  TE.tryCatch(
    async () => {
      await load(`@tensorflow/tfjs-backend-${name}`)
      await openBackend(name)
      return eagerEngine(name, description)
    },
    unavailable(name, remedy)
  )

const wasmEngine = packagedEngine(
  'wasm',
  'WebAssembly on one CPU thread',
  'reinstall @tensorflow/tfjs-backend-wasm, which comes with this package'
)

const cpuEngine = packagedEngine(
  'cpu',
  'plain JavaScript, for checks: slow',
  'install @tensorflow/tfjs-backend-cpu, or choose wasm'
)

/** An engine of this package by its name. */
export const engineNamed = (
  name: Exclude<EngineName, 'auto'>,
  _options: EngineOptions
): TE.TaskEither<EngineError, Engine> => {
  switch (name) {
    case 'tensorflow':
      return nativeEngine
    case 'webgpu':
      return TE.left(
        unavailable('webgpu', 'use it in a page, or choose tensorflow or wasm')('Node has no WebGPU')
      )
    case 'wasm':
      return wasmEngine
    case 'cpu':
      return cpuEngine
  }
}

/**
 * The engines that `auto` tries, fastest first: a native GPU, what other packages offer, native TF.js on the
 * processor, WebAssembly.
 */
export const autoEngine =
  (offers: readonly EngineOffer[], _options: EngineOptions): TE.TaskEither<EngineError, Engine> =>
  async () => {
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
    const why = [...missing, `no tensorflow: ${reasonFor(native.left)}`].join('; ')
    return E.isLeft(wasm) ? wasm : chosen(wasm.right, `slower, but always there; ${why}`)
  }
