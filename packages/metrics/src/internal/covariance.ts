/** Means and covariances of two sets of columns in one pass, block by block. */

import type { Samples } from '@mechid/values'
import { type BlockProducts, blockProducts, TILE } from './block-products.js'

/** Sums of squares and products about the means; divide by n for covariances. */
export interface JointMoments {
  readonly rows: number
  readonly trueMean: Float64Array
  readonly learnedMean: Float64Array
  /** Per true latent. */
  readonly trueSquares: Float64Array
  /** [true, learned], row-major. */
  readonly cross: Float64Array
  /** [learned, learned], row-major, symmetric. */
  readonly learned: Float64Array
}

/** Rows of a block: it stays in a fast cache while every pair of its columns is multiplied. */
const BLOCK = 256

/** Some rows of samples, about their own mean, in the memory where products are made. */
interface Block {
  readonly at: number
  readonly columns: number
  readonly means: number
}

/** Both blocks, their means, and a tile of products. */
interface Workspace {
  readonly products: BlockProducts
  readonly x: Block
  readonly y: Block
  readonly out: number
}

const workspace = (d: number, k: number): Workspace => {
  const means = BLOCK * (d + k) + TILE
  const out = means + d + k
  return {
    products: blockProducts(out + TILE * TILE),
    x: { at: 0, columns: d, means },
    y: { at: BLOCK * d, columns: k, means: means + d },
    out
  }
}

const load = (
  { data }: Samples,
  start: number,
  count: number,
  block: Block,
  products: BlockProducts
): void => {
  const { at, columns, means } = block
  products.numbers.set(data.subarray(start * columns, (start + count) * columns), at)
  products.centre(at, columns, count, means)
}

/** Adds the products of the columns of two blocks to `sums`; of a block with itself those on and above the diagonal. */
const addProducts = (
  { products, out }: Workspace,
  x: Block,
  y: Block,
  rows: number,
  sums: Float64Array
): void => {
  const { numbers, tile } = products
  for (let i = 0; i < x.columns; i += TILE) {
    const height = Math.min(TILE, x.columns - i)
    for (let j = x === y ? i : 0; j < y.columns; j += TILE) {
      const width = Math.min(TILE, y.columns - j)
      tile(x.at + i, x.columns, y.at + j, y.columns, rows, out)
      for (let r = 0; r < height; r++) {
        for (let c = 0; c < width; c++) sums[(i + r) * y.columns + j + c] += numbers[out + r * TILE + c]
      }
    }
  }
}

/** Adds the product of each column with itself, summed in the same order, so that equal columns correlate exactly. */
const addSquares = ({ products, out }: Workspace, x: Block, rows: number, sums: Float64Array): void => {
  for (let i = 0; i < x.columns; i += TILE) {
    products.tile(x.at + i, x.columns, x.at + i, x.columns, rows, out)
    for (let r = 0; r < Math.min(TILE, x.columns - i); r++)
      sums[i + r] += products.numbers[out + r * (TILE + 1)]
  }
}

/** How far a block's means lie from those of all rows before it, to which it then adds its share. */
const moveMeans = (
  { columns, means }: Block,
  { numbers }: BlockProducts,
  share: number,
  mean: Float64Array,
  shift: Float64Array
): void => {
  for (let j = 0; j < columns; j++) {
    shift[j] = numbers[means + j] - mean[j]
    mean[j] += shift[j] * share
  }
}

/**
 * The joint moments of true and learned latents with the same rows, in one pass: moments of blocks about their own
 * means, put together as T. Chan, G. Golub, R. LeVeque (1979) do, which loses no more digits than two passes.
 */
export const jointMoments = (z: Samples, zHat: Samples): JointMoments => {
  const [rows, d] = z.shape
  const k = zHat.shape[1]
  const [trueMean, learnedMean] = [new Float64Array(d), new Float64Array(k)]
  const [trueShift, learnedShift] = [new Float64Array(d), new Float64Array(k)]
  const trueSquares = new Float64Array(d)
  const cross = new Float64Array(d * k)
  const learned = new Float64Array(k * k)
  const work = workspace(d, k)
  const { products, x, y } = work
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start)
    load(z, start, count, x, products)
    load(zHat, start, count, y, products)
    addSquares(work, x, count, trueSquares)
    addProducts(work, x, y, count, cross)
    addProducts(work, y, y, count, learned)
    const share = count / (start + count)
    moveMeans(x, products, share, trueMean, trueShift)
    moveMeans(y, products, share, learnedMean, learnedShift)
    const weight = start * share
    for (let i = 0; i < d; i++) {
      trueSquares[i] += weight * trueShift[i] * trueShift[i]
      for (let j = 0; j < k; j++) cross[i * k + j] += weight * trueShift[i] * learnedShift[j]
    }
    for (let i = 0; i < k; i++) {
      for (let j = i; j < k; j++) learned[i * k + j] += weight * learnedShift[i] * learnedShift[j]
    }
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) learned[i * k + j] = learned[j * k + i]
  }
  return { rows, trueMean, learnedMean, trueSquares, cross, learned }
}

/**
 * Below this share of a column's mean square, what is left about its mean is rounding: the column is constant
 * and its correlations are 0.
 */
const CONSTANT = 1e-24

/** Whether sums of squares about a mean are no more than rounding. */
export const isConstant = (squares: number, mean: number, rows: number): boolean =>
  squares <= CONSTANT * (mean * mean * rows + squares) || squares === 0

/** Correlations from moments: [true, learned] and [learned, learned], row-major; 0 for constant columns. */
export const correlationsOf = (
  moments: JointMoments
): { readonly cross: Float64Array; readonly learned: Float64Array } => {
  const { rows, trueMean, learnedMean, trueSquares } = moments
  const [d, k] = [trueMean.length, learnedMean.length]
  const scale = (squares: number, mean: number): number =>
    isConstant(squares, mean, rows) ? 0 : 1 / Math.sqrt(squares)
  const trueScale = trueSquares.map((squares, i) => scale(squares, trueMean[i]))
  const learnedScale = learnedMean.map((mean, j) => scale(moments.learned[j * k + j], mean))
  const cross = new Float64Array(d * k)
  const learned = new Float64Array(k * k)
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < d; i++) cross[i * k + j] = moments.cross[i * k + j] * trueScale[i] * learnedScale[j]
    for (let i = 0; i < k; i++) {
      learned[i * k + j] = moments.learned[i * k + j] * learnedScale[i] * learnedScale[j]
    }
  }
  return { cross, learned }
}
