/** Blocks of bytes, put together. */

/** All blocks one after the other. */
export const joinedBytes = (blocks: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> => {
  const parts = [...blocks]
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
