/** The Gaussian (RBF) kernel between rows and a few landmarks, block by block. */
import type { Samples } from '@mechid/values'

const squaredDistance = (
  x: Samples['data'],
  from: number,
  y: Samples['data'],
  to: number,
  k: number
): number => {
  let sum = 0
  for (let j = 0; j < k; j++) {
    const difference = x[from + j] - y[to + j]
    sum += difference * difference
  }
  return sum
}

/** Distances are taken among this many rows at most: half a million pairs settle a median. */
const MEDIAN_ROWS = 1000

/** The median distance between rows ("median heuristic", A. Gretton et al., JMLR 2012); 1 where it is 0. */
export const medianDistance = ({ data, shape }: Samples): number => {
  const rows = Math.min(shape[0], MEDIAN_ROWS)
  const k = shape[1]
  const squares = new Float64Array((rows * (rows - 1)) / 2)
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) squares[at++] = squaredDistance(data, i * k, data, j * k, k)
  }
  squares.sort()
  const middle = squares[squares.length >> 1]
  return middle > 0 ? Math.sqrt(middle) : 1
}

/** Rows of a block of kernel values: 256 landmarks of them fit the second cache. */
export const KERNEL_BLOCK = 64

/**
 * Kernel values exp(−‖x − y‖²/(2·bandwidth²)) of `count` rows from `start` with all landmarks, landmark by
 * landmark: entry (landmark l, row t) is `out[l * KERNEL_BLOCK + t]`. The rest of the block is 0.
 */
export const kernelBlock = (
  rows: Samples,
  start: number,
  count: number,
  landmarks: Samples,
  bandwidth: number,
  out: Float64Array
): void => {
  const k = rows.shape[1]
  const m = landmarks.shape[0]
  const factor = -0.5 / bandwidth ** 2
  if (count < KERNEL_BLOCK) out.fill(0)
  for (let l = 0; l < m; l++) {
    for (let t = 0; t < count; t++) {
      const square = squaredDistance(rows.data, (start + t) * k, landmarks.data, l * k, k)
      out[l * KERNEL_BLOCK + t] = Math.exp(factor * square)
    }
  }
}
