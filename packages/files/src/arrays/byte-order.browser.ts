/** The order of the bytes of numbers. */
import type * as node from './byte-order.js'

export const swapBytes: typeof node.swapBytes = (bytes, width) => {
  if (width === 1) return
  const { buffer, byteOffset, length } = bytes
  if (width === 2) {
    const words = new Uint16Array(buffer, byteOffset, length / 2)
    for (let i = 0; i < words.length; i++) words[i] = (words[i] << 8) | (words[i] >>> 8)
    return
  }
  const words = new Uint32Array(buffer, byteOffset, length / 4)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    words[i] = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
  }
  if (width === 4) return
  for (let i = 0; i < words.length; i += 2) {
    const word = words[i]
    words[i] = words[i + 1]
    words[i + 1] = word
  }
}
