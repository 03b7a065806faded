/** The engine of a training: WebGPU where the browser has an adapter, else WebAssembly, whose files come with the page. */
import type { Engine } from '@mechid/engine'
import { findEngine } from '@mechid/estimator'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import type * as E from 'fp-ts/lib/Either.js'
import type { EngineChoice } from '../../state/state.js'

const wasmPaths = {
  'tfjs-backend-wasm.wasm': new URL(plainUrl, import.meta.url).href,
  'tfjs-backend-wasm-simd.wasm': new URL(simdUrl, import.meta.url).href,
  // Threads are not used, and yet its address is asked for, which must not be relative to a worker made from text.
  'tfjs-backend-wasm-threaded-simd.wasm': new URL(simdUrl, import.meta.url).href
}

/** Loaded only where it may be of use: it is large. */
const loadWebGpu = async (): Promise<void> => {
  if ('gpu' in navigator) await import('@tensorflow/tfjs-backend-webgpu')
}

/** Errors: why there is no such engine here. */
export const engineFor = async (
  choice: EngineChoice
): Promise<E.Either<{ readonly message: string }, Engine>> => {
  if (choice !== 'wasm') await loadWebGpu()
  return findEngine(choice, [], { wasmPaths })()
}
