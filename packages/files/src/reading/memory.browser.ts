/** How much memory there is, in bytes, as far as browsers tell. */
import type * as memory from './memory.js'

/** Some browsers say, rounded and never more than 8 GiB; of the others the same is supposed. */
const SUPPOSED_GIBIBYTES = 8

export const totalMemory: typeof memory.totalMemory = () => {
  const { navigator } = globalThis as { readonly navigator?: { readonly deviceMemory?: number } }
  return (navigator?.deviceMemory ?? SUPPOSED_GIBIBYTES) * 2 ** 30
}

/** A browser that refuses an array does not say what it would give; 2 GiB is what each of them gives at most or more. */
export const freeMemory: typeof memory.freeMemory = () => 2 ** 31

/** What is too long the browser refuses itself. */
export const LONGEST_ARRAY = Number.POSITIVE_INFINITY
