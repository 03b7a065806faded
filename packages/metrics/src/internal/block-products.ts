/** Means and products of columns: a WebAssembly SIMD module, or plain JavaScript with the very same numbers. */
import { instance, type Memory } from '@mechid/wasm'
import { BLOCK_PRODUCTS_MODULE } from './block-products-module.js'

/** Columns of a tile, on both sides. */
export const TILE = 4

/**
 * A block of rows lies in `numbers` row by row. Beyond a block's last column a tile reads what comes next, and its
 * sums there mean nothing; so TILE numbers more than the blocks need must be there.
 */
export interface BlockProducts {
  readonly numbers: Float64Array
  /** Takes from each of `width` columns from `block` on its mean over `rows` rows, and writes the means. */
  readonly centre: (block: number, width: number, rows: number, means: number) => void
  /** Products of columns from `x` and from `y` on, summed over rows: TILE × TILE numbers from `out` on. */
  readonly tile: (x: number, xWidth: number, y: number, yWidth: number, rows: number, out: number) => void
}

/** Room for `count` numbers. What an earlier call returned must not be used any more. */
export type Reserve = (count: number) => BlockProducts

const BYTES = 8

const plainCentre = (
  numbers: Float64Array,
  block: number,
  width: number,
  rows: number,
  means: number
): void => {
  for (let j = 0; j < width; j++) {
    const end = block + rows * width
    let sum = 0
    for (let at = block + j; at < end; at += width) sum += numbers[at]
    const mean = sum / rows
    numbers[means + j] = mean
    for (let at = block + j; at < end; at += width) numbers[at] -= mean
  }
}

/** Eight sums at a time, so that no addition waits for the one before and a number is loaded once for several. */
const plainHalfTile = (
  numbers: Float64Array,
  [x, xWidth]: readonly [number, number],
  [y, yWidth]: readonly [number, number],
  rows: number,
  out: number
): void => {
  let [a0, a1, b0, b1, c0, c1, d0, d1] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let r = 0, p = x, q = y; r < rows; r++, p += xWidth, q += yWidth) {
    const y0 = numbers[q]
    const y1 = numbers[q + 1]
    const xa = numbers[p]
    const xb = numbers[p + 1]
    const xc = numbers[p + 2]
    const xd = numbers[p + 3]
    a0 += xa * y0
    a1 += xa * y1
    b0 += xb * y0
    b1 += xb * y1
    c0 += xc * y0
    c1 += xc * y1
    d0 += xd * y0
    d1 += xd * y1
  }
  numbers[out] = a0
  numbers[out + 1] = a1
  numbers[out + TILE] = b0
  numbers[out + TILE + 1] = b1
  numbers[out + 2 * TILE] = c0
  numbers[out + 2 * TILE + 1] = c1
  numbers[out + 3 * TILE] = d0
  numbers[out + 3 * TILE + 1] = d1
}

export const plainProducts: Reserve = (count) => {
  const numbers = new Float64Array(count)
  return {
    numbers,
    centre: (block, width, rows, means) => plainCentre(numbers, block, width, rows, means),
    tile: (x, xWidth, y, yWidth, rows, out) => {
      plainHalfTile(numbers, [x, xWidth], [y, yWidth], rows, out)
      plainHalfTile(numbers, [x, xWidth], [y + 2, yWidth], rows, out + 2)
    }
  }
}

interface ProductsExports {
  readonly memory: Memory
  readonly centre: (block: number, width: number, rows: number, means: number) => void
  readonly tile: (x: number, xStride: number, y: number, yStride: number, rows: number, out: number) => void
}

/** `undefined` where the host has no WebAssembly, no SIMD, or forbids it. */
export const assembledProducts = (count: number): BlockProducts | undefined => {
  const exports = instance<ProductsExports>(BLOCK_PRODUCTS_MODULE, count * BYTES)
  if (exports === undefined) return undefined
  const { memory, centre, tile } = exports
  return {
    numbers: new Float64Array(memory.buffer),
    centre: (block, width, rows, means) => centre(block * BYTES, width, rows, means * BYTES),
    tile: (x, xWidth, y, yWidth, rows, out) =>
      tile(x * BYTES, xWidth * BYTES, y * BYTES, yWidth * BYTES, rows, out * BYTES)
  }
}

let held: BlockProducts | undefined

/** The fastest that works here. Which it is shows in its speed only. */
export const blockProducts: Reserve = (count) => {
  if (held === undefined || held.numbers.length < count)
    held = assembledProducts(count) ?? plainProducts(count)
  return held
}
