/** Keeps the chunks that were used last, in memory that is allocated once and used again. */

export interface ChunkCache<A> {
  /** The chunk if it is held; it then counts as used last. */
  readonly held: (chunk: number) => A | undefined
  /**
   * Loads a chunk that is not held, in the place of the one used longest ago if all places are taken. A chunk got
   * earlier may be overwritten by then. One call at a time; a failed one leaves the chunk out.
   */
  readonly load: (chunk: number) => Promise<A>
  /** Chunks held, at most the cache's places. */
  readonly size: () => number
}

/** A cache of `places` chunks. `make` allocates room for one, `fill` reads a chunk into it. */
export const chunkCache = <A>(
  places: number,
  make: () => A,
  fill: (chunk: number, into: A) => Promise<void>
): ChunkCache<A> => {
  // A map keeps the order of insertion: the first key is the one used longest ago.
  const chunks = new Map<number, A>()
  const free: A[] = []
  const room = (): A => {
    const spare = free.pop()
    if (spare !== undefined) return spare
    if (chunks.size < places) return make()
    const [oldest, place] = chunks.entries().next().value as [number, A]
    chunks.delete(oldest)
    return place
  }
  return {
    held: (chunk) => {
      const found = chunks.get(chunk)
      if (found === undefined) return undefined
      chunks.delete(chunk)
      chunks.set(chunk, found)
      return found
    },
    load: async (chunk) => {
      const place = room()
      try {
        await fill(chunk, place)
      } catch (cause) {
        free.push(place)
        throw cause
      }
      chunks.set(chunk, place)
      return place
    },
    size: () => chunks.size
  }
}
