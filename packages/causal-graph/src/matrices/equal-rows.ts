/** Rows of a binary matrix that are equal, found by hashing. */
import type { BinaryMatrix } from './binary-matrix.js'

/** Words of a row, folded; equal rows have equal hashes. */
const hashRow = (words: Uint32Array, from: number, stride: number): number => {
  let hash = 0x811c9dc5
  for (let w = 0; w < stride; w++) {
    hash = Math.imul(hash ^ words[from + w], 0x01000193)
    hash ^= hash >>> 15
  }
  return hash
}

const sameRow = (words: Uint32Array, a: number, b: number, stride: number): boolean => {
  for (let w = 0; w < stride; w++) if (words[a * stride + w] !== words[b * stride + w]) return false
  return true
}

/** For each row, the first row equal to it. */
export const firstEqualRow = (m: BinaryMatrix): Int32Array => {
  const first = new Int32Array(m.rows)
  // A table with open addressing, at most half full; 0 is free, i + 1 stands for row i.
  const mask = (1 << (33 - Math.clz32(m.rows))) - 1
  const table = new Int32Array(mask + 1)
  for (let i = 0; i < m.rows; i++) {
    let slot = hashRow(m.words, i * m.stride, m.stride) & mask
    while (table[slot] !== 0 && !sameRow(m.words, i, table[slot] - 1, m.stride)) slot = (slot + 1) & mask
    if (table[slot] === 0) table[slot] = i + 1
    first[i] = table[slot] - 1
  }
  return first
}
