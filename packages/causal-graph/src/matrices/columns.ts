/** Columns of a binary matrix as bit sets of rows, transposed 32 at a time when first asked for. */
import { type BinaryMatrix, blank, count } from './binary-matrix.js'

/** Column c is `words[c · stride] … words[(c + 1) · stride − 1]` once `columnAt` has named it. */
export interface Columns {
  readonly m: BinaryMatrix
  /** Bit b of a column stands for row `order[b]`. */
  readonly order: Int32Array
  /** Words a column. */
  readonly stride: number
  readonly words: Uint32Array
  /** For each 32 columns whether they are there. */
  readonly ready: Uint8Array
}

/** 0, 1, … in a loop: `from` with a function is many times slower. */
const inOrder = (count: number): Int32Array => {
  const order = new Int32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  return order
}

/** The columns of a matrix, its rows in the order named; rows may be left out. */
export const columnsOf = (m: BinaryMatrix, order: Int32Array = inOrder(m.rows)): Columns => {
  const stride = (order.length + 31) >>> 5
  return { m, order, stride, words: new Uint32Array(m.columns * stride), ready: new Uint8Array(m.stride) }
}

/** In place, the transpose of a 32 × 32 tile whose word r holds row r (H. S. Warren, Hacker's Delight, 7-3). */
const transposeTile = (tile: Uint32Array): void => {
  let mask = 0x0000ffff
  for (let width = 16; width !== 0; width >>>= 1, mask ^= mask << width) {
    for (let r = 0; r < 32; r = (r + width + 1) & ~width) {
      const t = ((tile[r] >>> width) ^ tile[r + width]) & mask
      tile[r + width] ^= t
      tile[r] ^= t << width
    }
  }
}

/** Up to so many words of a tile, moving bits one by one is faster. */
const FEW_WORDS = 8

const tile = new Uint32Array(32)

/** Transposes the 32 columns of word `w`. */
const prepare = ({ m, order, stride, words }: Columns, w: number): void => {
  const width = Math.min(32, m.columns - 32 * w)
  const to = 32 * w * stride
  for (let band = 0; band < stride; band++) {
    const from = 32 * band
    const height = Math.min(32, order.length - from)
    let filled = 0
    for (let r = 0; r < height; r++) {
      tile[r] = m.words[order[from + r] * m.stride + w]
      if (tile[r] !== 0) filled++
    }
    if (filled <= FEW_WORDS) {
      for (let r = 0; filled > 0; r++) {
        if (tile[r] === 0) continue
        filled--
        for (let word = tile[r]; word !== 0; word &= word - 1)
          words[to + (31 - Math.clz32(word & -word)) * stride + band] |= 1 << r
      }
      continue
    }
    tile.fill(0, height)
    transposeTile(tile)
    for (let c = 0; c < width; c++) words[to + c * stride + band] = tile[c]
  }
}

/** Where column c begins in `words`. */
export const columnAt = (columns: Columns, c: number): number => {
  const w = c >>> 5
  if (columns.ready[w] === 0) {
    prepare(columns, w)
    columns.ready[w] = 1
  }
  return c * columns.stride
}

/** Whether most words are 0: moving the ones of a matrix one by one is then faster than tile by tile. */
export const isSparse = (m: BinaryMatrix): boolean => count(m) <= m.words.length

/** The same as `transpose`, one by one. */
export const transposeOnes = (m: BinaryMatrix): BinaryMatrix => {
  const out = blank(m.columns, m.rows)
  const { words, stride } = out
  for (let i = 0, from = 0; i < m.rows; i++, from += m.stride) {
    const [band, bit] = [i >>> 5, 1 << (i & 31)]
    for (let w = 0; w < m.stride; w++)
      for (let word = m.words[from + w]; word !== 0; word &= word - 1)
        words[((w << 5) + 31 - Math.clz32(word & -word)) * stride + band] |= bit
  }
  return out
}

/** Entry (i, j) of the result is entry (j, i) of `m`. */
export const transpose = (m: BinaryMatrix): BinaryMatrix => {
  if (isSparse(m)) return transposeOnes(m)
  const columns = columnsOf(m)
  for (let c = 0; c < m.columns; c += 32) columnAt(columns, c)
  return { rows: m.columns, columns: m.rows, stride: columns.stride, words: columns.words }
}
