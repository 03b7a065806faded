/** WebAssembly modules that are part of this package, where the host can run them. */

/** What this file uses of the host's WebAssembly, which the language's own library does not declare. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: object }
}

const PAGE = 2 ** 16

/**
 * The functions of a module and its memory with room for `size` doubles; `undefined` where the host has no
 * WebAssembly, no SIMD, too little memory, or forbids it.
 */
export const assembled = <Functions>(
  module: string,
  size: number
): { readonly functions: Functions; readonly numbers: Float64Array } | undefined => {
  const assembly = (globalThis as { readonly WebAssembly?: Assembly }).WebAssembly
  if (assembly === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(module), (c) => c.charCodeAt(0))
    const { exports } = new assembly.Instance(new assembly.Module(bytes))
    const { memory } = exports as {
      readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number }
    }
    memory.grow(Math.ceil((8 * size) / PAGE))
    return { functions: exports as Functions, numbers: new Float64Array(memory.buffer, 0, size) }
  } catch {
    return undefined
  }
}
