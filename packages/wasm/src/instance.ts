/** WebAssembly modules that are part of a package, for hosts that can run them. */

/** A module's memory. */
export interface Memory {
  readonly buffer: ArrayBuffer
  /** Adds pages of 64 KiB; throws if there is no room. */
  readonly grow: (pages: number) => number
}

/** What these packages use of the host's WebAssembly. TypeScript's library for the language does not declare it. */
export interface WebAssemblyHost {
  readonly Memory: new (size: { readonly initial: number }) => Memory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
  readonly validate: (bytes: Uint8Array) => boolean
}

/** The host's WebAssembly; `undefined` where it has none. */
export const webAssembly = (): WebAssemblyHost | undefined =>
  (globalThis as { readonly WebAssembly?: WebAssemblyHost }).WebAssembly

/** Bytes of one page of memory. */
export const PAGE = 65_536

/** Grows a memory to `bytes` or more, in whole pages. Throws if there is no room. */
export const reserve = (memory: Memory, bytes: number): void => {
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
}

/** Compiled modules by their text; `undefined`: this host cannot compile it. */
const compiled = new Map<string, object | undefined>()

const compile = (host: WebAssemblyHost, module: string): object | undefined => {
  try {
    return new host.Module(Uint8Array.from(atob(module), (c) => c.charCodeAt(0)))
  } catch {
    return undefined
  }
}

/** A memory of `bytes` or more. Throws where there is no room. */
const memoryOf = (host: WebAssemblyHost, bytes: number): Memory =>
  new host.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE)) })

/**
 * The exports of a new instance of a module, with a memory of its own of at least `bytes`. A module is compiled once.
 *
 * Use it for small loops that JavaScript runs slowly, such as SIMD or 64-bit integers, and not for single calls on
 * little data. Always have the same arithmetic in JavaScript for hosts without WebAssembly.
 *
 * A module that is given its size should import its memory: `(import "host" "memory" (memory 1)) (export "memory"
 * (memory 0))`. A memory of the right size from the start is faster than one that has grown (5.3 ms against 7.3 ms for
 * a ridge regression of 250 columns after one of 1,200). A memory that the module defines itself is grown to `bytes`.
 *
 * @param module the binary as base64, as `scripts/assemble.mjs` writes it from a .wat file
 * @param bytes 0: the module defines its memory itself, or has none
 * @param imports what else the module imports, by module and name
 * @returns `undefined` if the host has no WebAssembly, lacks instructions that the module uses (SIMD) or memory, or forbids
 * it
 *
 * @example
 * const doubled = instance<{ memory: Memory; double: (count: number) => void }>(DOUBLE_MODULE, 8 * 1024)
 */
export const instance = <Exports extends object>(
  module: string,
  bytes = 0,
  imports: object = {}
): Exports | undefined => {
  const host = webAssembly()
  if (host === undefined) return undefined
  if (!compiled.has(module)) compiled.set(module, compile(host, module))
  const ready = compiled.get(module)
  if (ready === undefined) return undefined
  try {
    const offered = bytes > 0 ? { ...imports, host: { memory: memoryOf(host, bytes) } } : imports
    const { exports } = new host.Instance(ready, offered)
    if (bytes > 0) reserve((exports as { readonly memory: Memory }).memory, bytes)
    return exports as Exports
  } catch {
    return undefined
  }
}
