/** Means and covariances of two sets of columns in two passes, block by block. */
import type { Samples } from './samples.js'

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

const means = ({ data, shape }: Samples): Float64Array => {
  const [rows, columns] = shape
  const sums = new Float64Array(columns)
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) sums[j] += data[at++]
  }
  for (let j = 0; j < columns; j++) sums[j] /= rows
  return sums
}

/** Rows of a block: two columns of it fit the fastest cache. */
const BLOCK = 512

/** Centres rows `start …` of the samples into columns of `BLOCK` values each. */
const centre = (
  { data, shape }: Samples,
  mean: Float64Array,
  start: number,
  count: number,
  out: Float64Array
): void => {
  const columns = shape[1]
  for (let i = 0, at = start * columns; i < count; i++) {
    for (let j = 0; j < columns; j++) out[j * BLOCK + i] = data[at++] - mean[j]
  }
}

/** Four sums at a time, so that no addition waits for the one before. */
const dot = (x: Float64Array, i: number, y: Float64Array, j: number, count: number): number => {
  const whole = count - (count % 4)
  const [p, q] = [i * BLOCK, j * BLOCK]
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let t = 0; t < whole; t += 4) {
    a += x[p + t] * y[q + t]
    b += x[p + t + 1] * y[q + t + 1]
    c += x[p + t + 2] * y[q + t + 2]
    d += x[p + t + 3] * y[q + t + 3]
  }
  for (let t = whole; t < count; t++) a += x[p + t] * y[q + t]
  return a + b + (c + d)
}

/** The joint moments of true and learned latents with the same rows. */
export const jointMoments = (z: Samples, zHat: Samples): JointMoments => {
  const rows = z.shape[0]
  const [d, k] = [z.shape[1], zHat.shape[1]]
  const trueMean = means(z)
  const learnedMean = means(zHat)
  const trueSquares = new Float64Array(d)
  const cross = new Float64Array(d * k)
  const learned = new Float64Array(k * k)
  const x = new Float64Array(d * BLOCK)
  const y = new Float64Array(k * BLOCK)
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start)
    centre(z, trueMean, start, count, x)
    centre(zHat, learnedMean, start, count, y)
    for (let i = 0; i < d; i++) {
      trueSquares[i] += dot(x, i, x, i, count)
      for (let j = 0; j < k; j++) cross[i * k + j] += dot(x, i, y, j, count)
    }
    for (let i = 0; i < k; i++) {
      for (let j = i; j < k; j++) learned[i * k + j] += dot(y, i, y, j, count)
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

const isConstant = (squares: number, mean: number, rows: number): boolean =>
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
