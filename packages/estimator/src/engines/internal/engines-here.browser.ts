/**
 * The engines that a page or a worker finds. WebAssembly comes along, in a file of its own; of the others a bundler would have
 * to have the package, so that the page imports those that it wants.
 */
import { type Engine, type EngineError, engineUnavailable } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { eagerEngine } from '../eager-engine.js'
import type { EngineOptions } from '../engine-options.js'
import type * as node from './engines-here.js'
import { chosen, isRegistered, openBackend, reasonFor, unavailable } from './open-backend.js'
import { checkWasmFile, wasmFiles } from './wasm-files.js'

export const engineNames: typeof node.engineNames = ['auto', 'webgpu', 'wasm', 'cpu']

/** What is used here of a browser's adapter. */
interface Adapter {
  readonly info?: {
    readonly vendor?: string
    readonly architecture?: string
    readonly isFallbackAdapter?: boolean
  }
  readonly isFallbackAdapter?: boolean
}

interface Gpu {
  readonly requestAdapter: (options: { readonly powerPreference: string }) => Promise<Adapter | null>
}

interface WebGpuEngine extends Engine {
  /** Whether the adapter is a program on the processor. */
  readonly emulated: boolean
}

/** The adapter that TF.js is going to get. */
const adapter = async (): Promise<Adapter> => {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: Gpu } }
  if (navigator?.gpu === undefined)
    throw new Error('this browser has no WebGPU, or the page does not come by https')
  const found = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (found === null) throw new Error('the browser finds no adapter')
  return found
}

const webGpuEngine: TE.TaskEither<EngineError, WebGpuEngine> = TE.tryCatch(
  async () => {
    const { info, isFallbackAdapter } = await adapter()
    if (!isRegistered('webgpu')) throw new Error('the page has not imported its backend')
    await openBackend('webgpu')
    const emulated = info?.isFallbackAdapter ?? isFallbackAdapter ?? false
    const device = [info?.vendor, info?.architecture].filter((word) => word !== undefined && word !== '')
    const on = emulated
      ? 'the processor, which emulates it'
      : device.join(' ') || 'the adapter of the browser'
    return { ...eagerEngine('webgpu', `WebGPU on ${on}`), emulated }
  },
  unavailable('webgpu', "import '@tensorflow/tfjs-backend-webgpu' in the page, or choose wasm")
)

const REMEDY =
  'serve the .wasm files of @tensorflow/tfjs-backend-wasm, and say where they lie: findEngine(name, [], { wasmPaths })'

const wasmEngine = ({ wasmPaths }: EngineOptions): TE.TaskEither<EngineError, Engine> =>
  TE.tryCatch(
    async () => {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
      if (tf.engine().registry.wasm === undefined) {
        // Of threads TF.js makes workers of its own, and results depend on their number.
        tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
        const files = wasmFiles(wasmPaths)
        // TF.js does not say what is wrong with a file, and does not ask for it a second time.
        await checkWasmFile(files, (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true)
        setWasmPaths(files)
      }
      await openBackend('wasm')
      return eagerEngine('wasm', 'WebAssembly on one CPU thread')
    },
    unavailable('wasm', REMEDY)
  )

const cpuEngine: TE.TaskEither<EngineError, Engine> = TE.tryCatch(
  async () => {
    if (!isRegistered('cpu')) throw new Error('the page has not imported its backend')
    await openBackend('cpu')
    return eagerEngine('cpu', 'plain JavaScript, for checks: slow')
  },
  unavailable('cpu', "import '@tensorflow/tfjs-backend-cpu' in the page, or choose wasm")
)

export const engineNamed: typeof node.engineNamed = (name, options) => {
  switch (name) {
    case 'tensorflow':
      return TE.left(
        engineUnavailable('tensorflow', 'it is native code, for Node', 'choose webgpu or wasm in a page')
      )
    case 'webgpu':
      return webGpuEngine
    case 'wasm':
      return wasmEngine(options)
    case 'cpu':
      return cpuEngine
  }
}

export const autoEngine: typeof node.autoEngine = (offers, options) => async () => {
  const missing: string[] = []
  for (const { name, find } of offers) {
    const found = await find()
    if (E.isRight(found)) return chosen(found.right, 'the fastest one here')
    missing.push(`no ${name}: ${reasonFor(found.left)}`)
  }
  const webGpu = await webGpuEngine()
  if (E.isRight(webGpu) && !webGpu.right.emulated)
    return chosen(webGpu.right, ['the browser has an adapter', ...missing].join('; '))
  missing.push(`no webgpu: ${E.isLeft(webGpu) ? reasonFor(webGpu.left) : 'it is emulated'}`)
  const wasm = await wasmEngine(options)()
  if (E.isRight(wasm)) return chosen(wasm.right, missing.join('; '))
  const cpu = await cpuEngine()
  missing.push(`no wasm: ${reasonFor(wasm.left)}`)
  return E.isRight(cpu) ? chosen(cpu.right, missing.join('; ')) : wasm
}
