/**
 * A table of columns in single precision, and the arithmetic on it that unmixing spends its time in: WebAssembly SIMD,
 * or plain JavaScript where there is none.
 *
 * Rows lie in blocks, and within a block column by column, so that whatever works block by block stays in the cache.
 */
import { instance, type Memory } from '@mechid/wasm'
import { COLUMNS_MODULE } from './columns-module.js'
import { type ColumnArithmetic, plainArithmetic } from './plain-columns.js'

/** Rows of a block. */
const BLOCK = 512
/** Columns that products read beyond the last one; their results mean nothing and are dropped. */
const SPARE = 4
const FLOAT = 4
const DOUBLE = 8

/** A table of `rows` × `columns` numbers. Columns are told by their index, ranges by first index and count. */
export interface Columns {
  readonly rows: number
  /** Writes column `j`: entry r is `values(r)`. */
  readonly fill: (j: number, values: (row: number) => number) => void
  /** A copy of column `j`. */
  readonly read: (j: number) => Float32Array
  /** Sets `count` columns to zero. */
  readonly clear: (j: number, count?: number) => void
  /** Copies `count` columns. */
  readonly copy: (from: number, to: number, count: number) => void
  /** Column `sin + k − 1` = sin(k ω x), column `sin + harmonics + k − 1` = cos(k ω x), k = 1 … `harmonics`. */
  readonly sines: (x: number, omega: number, harmonics: number, sin: number) => void
  /** XᵀY, [xCount, yCount] row-major, summed over all rows. */
  readonly products: (x: number, xCount: number, y: number, yCount: number) => Float64Array
  /** XᵀX, [count, count]; about half the work of `products`. */
  readonly gram: (x: number, count: number) => Float64Array
  /** Y ← Y + X C, where C is [xCount, yCount] row-major. */
  readonly combine: (
    x: number,
    xCount: number,
    coefficients: ArrayLike<number>,
    y: number,
    yCount: number
  ) => void
  /** Column `g` ← g + Σ_k (column a + k) ∘ (column b + k). */
  readonly addProducts: (g: number, a: number, b: number, count: number) => void
}

/** Room for `bytes` in a memory of its own, and what works on it; `undefined` where the host has no such thing. */
const assembledArithmetic = (bytes: number): ColumnArithmetic | undefined => {
  const exports = instance<ColumnArithmetic & { readonly memory: Memory }>(COLUMNS_MODULE, bytes)
  if (exports === undefined) return undefined
  const { sines, turn, dots, combine, addProduct, memory } = exports
  return { buffer: memory.buffer, sines, turn, dots, combine, addProduct }
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to

/**
 * A table of zeros. `rows` must be a multiple of eight (see {@link usableRows}); `widest` bounds the counts of one call
 * of `products` and `combine`. `plain` forgoes WebAssembly, for tests.
 */
export const columnTable = (rows: number, columns: number, widest: number, plain = false): Columns => {
  const blocks = Math.ceil(rows / BLOCK)
  const all = columns + SPARE
  const wide = roundUp(widest, SPARE)
  const products = blocks * all * BLOCK * FLOAT
  const coefficients = products + wide * wide * DOUBLE
  const bytes = coefficients + wide * SPARE * FLOAT
  const arithmetic = (plain ? undefined : assembledArithmetic(bytes)) ?? plainArithmetic(bytes)
  const numbers = new Float32Array(arithmetic.buffer)
  const STRIDE = BLOCK * FLOAT
  const address = (block: number, j: number): number => (block * all + j) * STRIDE
  const rowsOf = (block: number): number => Math.min(BLOCK, rows - block * BLOCK)
  const eachBlock = (f: (at: (j: number) => number, count: number) => void): void => {
    for (let b = 0; b < blocks; b++) f((j) => address(b, j), rowsOf(b))
  }
  const view = (byte: number, count: number): Float32Array =>
    numbers.subarray(byte / FLOAT, byte / FLOAT + count)
  /** Products by tiles of 4 × 2; with `below`, only of tiles that reach the diagonal or lie below it. */
  const tiles = (
    x: number,
    xCount: number,
    y: number,
    yCount: number,
    below: 0 | 1
  ): { readonly sums: Float64Array; readonly width: number } => {
    const width = roundUp(yCount, 2)
    const sums = new Float64Array(arithmetic.buffer, products, roundUp(xCount, 4) * width).fill(0)
    eachBlock((at, count) => {
      for (let j = 0; j < yCount; j += 2) {
        for (let i = below * (j - (j % 4)); i < xCount; i += 4) {
          const out = products + (i * width + j) * DOUBLE
          arithmetic.dots(at(x + i), at(y + j), STRIDE, count, out, width * DOUBLE)
        }
      }
    })
    return { sums, width }
  }
  return {
    rows,
    fill: (j, values) => {
      let row = 0
      eachBlock((at, count) => {
        const out = view(at(j), count)
        for (let r = 0; r < count; r++) out[r] = values(row++)
      })
    },
    read: (j) => {
      const out = new Float32Array(rows)
      let row = 0
      eachBlock((at, count) => {
        out.set(view(at(j), count), row)
        row += count
      })
      return out
    },
    clear: (j, count = 1) => eachBlock((at) => view(at(j), count * BLOCK).fill(0)),
    copy: (from, to, count) =>
      eachBlock((at) => view(at(to), count * BLOCK).set(view(at(from), count * BLOCK))),
    sines: (x, omega, harmonics, sin) => {
      const gap = harmonics * STRIDE
      eachBlock((at, count) => {
        arithmetic.sines(at(x), count, omega, at(sin), at(sin + harmonics))
        for (let k = 1; k < harmonics; k++) {
          arithmetic.turn(at(sin + k - 1), at(sin), at(sin + k), gap, count)
        }
      })
    },
    products: (x, xCount, y, yCount) => {
      const { sums, width } = tiles(x, xCount, y, yCount, 0)
      const result = new Float64Array(xCount * yCount)
      for (let i = 0; i < xCount; i++) {
        for (let j = 0; j < yCount; j++) result[i * yCount + j] = sums[i * width + j]
      }
      return result
    },
    gram: (x, count) => {
      const { sums, width } = tiles(x, count, x, count, 1)
      const result = new Float64Array(count * count)
      for (let i = 0; i < count; i++) {
        for (let j = 0; j <= i; j++) {
          result[i * count + j] = sums[i * width + j]
          result[j * count + i] = sums[i * width + j]
        }
      }
      return result
    },
    combine: (x, xCount, c, y, yCount) => {
      const table = view(coefficients, xCount * 4)
      for (let j = 0; j < yCount; j += 4) {
        for (let k = 0; k < xCount; k++) {
          for (let q = 0; q < 4; q++) table[4 * k + q] = j + q < yCount ? c[k * yCount + j + q] : 0
        }
        eachBlock((at, count) => arithmetic.combine(at(x), xCount, coefficients, at(y + j), STRIDE, count))
      }
    },
    addProducts: (g, a, b, terms) =>
      eachBlock((at, count) => {
        for (let k = 0; k < terms; k++) arithmetic.addProduct(at(g), at(a + k), at(b + k), count)
      })
  }
}

/** How many of `rows` rows a table can hold: a multiple of eight. */
export const usableRows = (rows: number): number => rows - (rows % 8)
