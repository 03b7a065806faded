/** Mean and variance of columns in one pass over blocks, without losing digits. */

import type { Standardization } from '@mechid/values'
import { type Accumulate, linePasses } from '../../data-set/lines.js'
import { divided, fromMoments } from '../../data-set/standardization.js'

export interface RunningMoments {
  /** Adds lines, row-major [lines, width]. */
  readonly add: (data: Float32Array) => void
  /** Of all lines added. */
  readonly standardization: () => Standardization
}

/**
 * Each block's own mean and variance are exact to rounding, and are merged with those before (T. Chan, G. Golub,
 * R. LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979).
 */
export const runningMoments = (width: number): RunningMoments => {
  const mean = new Float64Array(width)
  const variance = new Float64Array(width)
  let lines = 0
  return {
    add: (data) => {
      const added = data.length / width
      if (added === 0) return
      const average = (accumulate: Accumulate): Float64Array => {
        const sums = new Float64Array(width)
        accumulate(data, 0, data.length, sums)
        return divided(sums, added)
      }
      const { addSums, addSquares } = linePasses()
      const blockMean = average(addSums)
      const blockVariance = average(addSquares(blockMean))
      lines += added
      const share = added / lines
      for (let j = 0; j < width; j++) {
        const away = blockMean[j] - mean[j]
        mean[j] += away * share
        variance[j] += (blockVariance[j] - variance[j]) * share + away * away * share * (1 - share)
      }
    },
    standardization: () => fromMoments(mean, variance)
  }
}
