/** Where the files of TF.js's WebAssembly backend lie, and whether they are there. */
import { reasonOf } from '@mechid/values'
import type { EngineOptions } from '../engine-options.js'

const PLAIN = 'tfjs-backend-wasm.wasm'
const SIMD = 'tfjs-backend-wasm-simd.wasm'
const THREADED = 'tfjs-backend-wasm-threaded-simd.wasm'

/** The URL of each file by its name; TF.js asks for all. */
export type WasmFiles = Readonly<Record<typeof PLAIN | typeof SIMD | typeof THREADED, string>>

/** `wasmPaths` as one URL a file; a file that is left out of a record is beside the page. */
export const wasmFiles = (wasmPaths: EngineOptions['wasmPaths']): WasmFiles => {
  const urlOf = (name: string): string =>
    typeof wasmPaths === 'string' ? `${wasmPaths}${name}` : (wasmPaths?.[name] ?? name)
  return { [PLAIN]: urlOf(PLAIN), [SIMD]: urlOf(SIMD), [THREADED]: urlOf(THREADED) }
}

/** The first bytes of every WebAssembly module: a zero and `asm`. */
const MAGIC = [0, 0x61, 0x73, 0x6d]

/** Throws what is wrong with the file that is going to be loaded. Its first bytes are read, and no more. */
export const checkWasmFile = async (files: WasmFiles, simd: boolean): Promise<void> => {
  const url = files[simd ? SIMD : PLAIN]
  const response = await fetch(url).catch((thrown) => {
    throw new Error(`${url}: ${reasonOf(thrown)}`)
  })
  if (!response.ok || response.body === null)
    throw new Error(`${response.url}: ${response.status} ${response.statusText}`)
  const reader = response.body.getReader()
  const { value } = await reader.read()
  await reader.cancel()
  if (MAGIC.some((byte, i) => value?.[i] !== byte)) throw new Error(`${response.url} is no WebAssembly`)
}
