/** Nyström's features: a few numbers a row whose inner products approximate a kernel. */
import { type Dense, symmetricEigen, zeros } from '@mechid/numerics'
import type { Samples } from '@mechid/values'
import { KERNEL_BLOCK, kernelBlock } from './rbf-kernel.js'

/** Features φ(x) = T k(x), k(x) the kernel values of x with the landmarks, such that landmarks' features are exact. */
export interface Nystrom {
  /** [m, k], standardized. */
  readonly landmarks: Samples
  readonly bandwidth: number
  /** How many features there are: the rank of the landmarks' kernel matrix. */
  readonly rank: number
  /** T [rank, m], row-major; T K_mm Tᵀ = I. */
  readonly whitening: Float64Array
}

/**
 * Directions of the landmarks' kernel matrix below this share of the strongest are left out: products of kernel
 * values carry rounding of about 1e-15 n, which whitening magnifies by the inverse, and which must stay far below
 * the penalty λ n.
 */
const KERNEL_RANK_TOLERANCE = 1e-9

/** Bound here once: an imported constant may be a property look-up, which hot loops would repeat. */
const BLOCK = KERNEL_BLOCK

const kernelMatrix = (landmarks: Samples, bandwidth: number): Dense => {
  const m = landmarks.shape[0]
  const kernel = zeros(m, m)
  const block = new Float64Array(m * BLOCK)
  for (let start = 0; start < m; start += BLOCK) {
    const count = Math.min(BLOCK, m - start)
    kernelBlock(landmarks, start, count, landmarks, bandwidth, block)
    for (let l = 0; l < m; l++) {
      for (let t = 0; t < count; t++) kernel.data[(start + t) * m + l] = block[l * BLOCK + t]
    }
  }
  return kernel
}

/** The features of given landmarks and bandwidth (C. Williams, M. Seeger, NIPS 2000): one eigenproblem of size m. */
export const nystrom = (landmarks: Samples, bandwidth: number): Nystrom => {
  const m = landmarks.shape[0]
  const { values, vectors } = symmetricEigen(kernelMatrix(landmarks, bandwidth))
  const cut = KERNEL_RANK_TOLERANCE * values.reduce((most, value) => Math.max(most, value), 0)
  const kept = values.flatMap((value, e) => (value > cut ? [e] : []))
  const whitening = new Float64Array(kept.length * m)
  kept.forEach((e, at) => {
    const scale = 1 / Math.sqrt(values[e])
    for (let l = 0; l < m; l++) whitening[at * m + l] = vectors.data[l * m + e] * scale
  })
  return { landmarks, bandwidth, rank: kept.length, whitening }
}

/** Sums over rows of φφᵀ, φy and y², y about an intercept; what least squares needs of them. */
export interface NormalEquations {
  readonly rows: number
  /** [rank, rank], row-major, upper triangle only. */
  readonly gram: Float64Array
  /** [rank, targets]. */
  readonly product: Float64Array
  /** Per target. */
  readonly squares: Float64Array
}

/**
 * Adds the products of a block with itself to `gram` [r, r], upper triangle only. Two by two, so that a value once
 * loaded is used twice. A missing last line is doubled, and the result not stored.
 */
const addGram = (block: Float64Array, r: number, gram: Float64Array): void => {
  for (let i = 0; i < r; i += 2) {
    const p = i * BLOCK
    const pNext = i + 1 < r ? p + BLOCK : p
    for (let j = i; j < r; j += 2) {
      const q = j * BLOCK
      const qNext = j + 1 < r ? q + BLOCK : q
      let a = 0
      let b = 0
      let c = 0
      let d = 0
      for (let t = 0; t < BLOCK; t++) {
        const x = block[p + t]
        const y = block[q + t]
        const u = block[pNext + t]
        const v = block[qNext + t]
        a += x * y
        b += x * v
        c += u * y
        d += u * v
      }
      gram[i * r + j] += a
      if (j + 1 < r) gram[i * r + j + 1] += b
      if (i + 1 < r && j > i) gram[(i + 1) * r + j] += c
      if (i + 1 < r && j + 1 < r) gram[(i + 1) * r + j + 1] += d
    }
  }
}

/** T S Tᵀ [rank, rank] for symmetric S [m, m], upper triangles only: 1.5 · rank · m² multiplications at most. */
const whitened = ({ whitening, rank }: Nystrom, s: Float64Array, m: number): Float64Array => {
  for (let i = 0; i < m; i++) for (let j = 0; j < i; j++) s[i * m + j] = s[j * m + i]
  const out = new Float64Array(rank * rank)
  const row = new Float64Array(m)
  for (let e = 0; e < rank; e++) {
    row.fill(0)
    for (let l = 0; l < m; l++) {
      const weight = whitening[e * m + l]
      for (let j = 0, from = l * m; j < m; j++) row[j] += weight * s[from + j]
    }
    for (let f = e; f < rank; f++) {
      let sum = 0
      for (let j = 0, from = f * m; j < m; j++) sum += row[j] * whitening[from + j]
      out[e * rank + f] = sum
    }
  }
  return out
}

/** Kernel values with the targets: adds to `product` [m, targets] and `squares`. */
const addProducts = (
  kernel: Float64Array,
  y: Samples,
  intercept: Float64Array,
  start: number,
  count: number,
  product: Float64Array,
  squares: Float64Array
): void => {
  const targets = intercept.length
  const m = product.length / targets
  const centred = new Float64Array(count)
  for (let j = 0; j < targets; j++) {
    for (let t = 0; t < count; t++) {
      centred[t] = y.data[(start + t) * targets + j] - intercept[j]
      squares[j] += centred[t] * centred[t]
    }
    for (let l = 0; l < m; l++) {
      let sum = 0
      for (let t = 0; t < count; t++) sum += kernel[l * BLOCK + t] * centred[t]
      product[l * targets + j] += sum
    }
  }
}

/**
 * The normal equations of y [n, targets] on the features of x [n, k], block by block: n · m exponentials and about
 * n · m · (m + 3k + 2 · targets) + 3 · rank · m² flops; nothing of size n × m is kept.
 */
export const normalEquations = (
  basis: Nystrom,
  x: Samples,
  y: Samples,
  intercept: Float64Array
): NormalEquations => {
  const [rows, targets] = y.shape
  const { landmarks, bandwidth, rank, whitening } = basis
  const m = landmarks.shape[0]
  const kernelGram = new Float64Array(m * m)
  const kernelProduct = new Float64Array(m * targets)
  const squares = new Float64Array(targets)
  const kernel = new Float64Array(m * BLOCK)
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start)
    kernelBlock(x, start, count, landmarks, bandwidth, kernel)
    addGram(kernel, m, kernelGram)
    addProducts(kernel, y, intercept, start, count, kernelProduct, squares)
  }
  const product = new Float64Array(rank * targets)
  for (let e = 0; e < rank; e++) {
    for (let l = 0; l < m; l++) {
      const weight = whitening[e * m + l]
      for (let j = 0; j < targets; j++) product[e * targets + j] += weight * kernelProduct[l * targets + j]
    }
  }
  return { rows, gram: whitened(basis, kernelGram, m), product, squares }
}
