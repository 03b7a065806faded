/** Shifts and scales features to mean 0 and standard deviation 1. */
import type { Frames } from './data-set.js'

/** One entry a feature. */
export interface Standardization {
  readonly mean: readonly number[]
  /** Standard deviations, with 1/n. */
  readonly scale: readonly number[]
}

/** The standardization of all lines, or of the rows given (a training set). */
export const standardizationOf = ({ data, shape }: Frames, rows?: ArrayLike<number>): Standardization => {
  const width = shape[shape.length - 1]
  const size = data.length / shape[0]
  const count = rows?.length ?? shape[0]
  const lines = (count * size) / width
  const each = (visit: (at: number) => void): void => {
    for (let r = 0; r < count; r++) {
      const start = (rows === undefined ? r : rows[r]) * size
      for (let at = start; at < start + size; at += width) visit(at)
    }
  }
  const mean = new Float64Array(width)
  each((at) => {
    for (let j = 0; j < width; j++) mean[j] += data[at + j] / lines
  })
  const variance = new Float64Array(width)
  each((at) => {
    for (let j = 0; j < width; j++) variance[j] += (data[at + j] - mean[j]) ** 2 / lines
  })
  return { mean: Array.from(mean), scale: Array.from(variance, Math.sqrt) }
}

/** (x − mean) / scale, as a new array. A scale of 0 leaves the difference as it is. */
export const standardize = ({ data, shape }: Frames, { mean, scale }: Standardization): Frames => {
  const width = shape[shape.length - 1]
  const out = new Float32Array(data.length)
  for (let at = 0; at < data.length; at += width) {
    for (let j = 0; j < width; j++) out[at + j] = (data[at + j] - mean[j]) / (scale[j] || 1)
  }
  return { data: out, shape }
}
