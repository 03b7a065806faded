/** What engines have to be told. */

export interface EngineOptions {
  /**
   * In pages: where the `.wasm` files of `@tensorflow/tfjs-backend-wasm` lie: a folder's URL that ends in a slash, or each
   * file's URL by its name (`tfjs-backend-wasm-simd.wasm`, and `tfjs-backend-wasm.wasm` for browsers without SIMD). Default:
   * beside the page or the worker.
   */
  readonly wasmPaths?: string | Readonly<Record<string, string>>
}

/** Engines that this package knows. */
export type EngineName = 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu'
