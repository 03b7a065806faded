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
  const byHash = new Map<number, number[]>()
  for (let i = 0; i < m.rows; i++) {
    const hash = hashRow(m.words, i * m.stride, m.stride)
    const candidates = byHash.get(hash)
    const known = candidates?.find((j) => sameRow(m.words, i, j, m.stride))
    first[i] = known ?? i
    if (candidates === undefined) byHash.set(hash, [i])
    else if (known === undefined) candidates.push(i)
  }
  return first
}
