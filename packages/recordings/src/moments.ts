/** Means and standard deviations in double precision, whatever precision the file has. */
import type { Standardization } from '@mechid/values'
import type { Channels } from './channels.js'

/**
 * Of the lines given, in three passes: means, their correction by the mean of what is left, and squares in units of
 * the largest of it. So neither a large offset costs digits, nor do squares leave what double precision holds.
 */
export const momentsOf = ({ names, data }: Channels, lines: Int32Array): Standardization => {
  const width = names.length
  const share = 1 / lines.length
  const mean = new Float64Array(width)
  for (const line of lines)
    for (let j = 0, at = line * width; j < width; j++, at++) mean[j] += data[at] * share
  const correction = new Float64Array(width)
  const largest = new Float64Array(width)
  for (const line of lines) {
    for (let j = 0, at = line * width; j < width; j++, at++) {
      const away = data[at] - mean[j]
      correction[j] += away * share
      if (Math.abs(away) > largest[j]) largest[j] = Math.abs(away)
    }
  }
  for (let j = 0; j < width; j++) mean[j] += correction[j]
  const square = new Float64Array(width)
  for (const line of lines) {
    for (let j = 0, at = line * width; j < width; j++, at++) {
      const away = (data[at] - mean[j]) / (largest[j] || 1)
      square[j] += away * away * share
    }
  }
  return { mean: Array.from(mean), scale: Array.from(square, (sum, j) => largest[j] * Math.sqrt(sum)) }
}

/** Column → whether it takes two values or more within the lines given. */
export const varying = ({ names, data }: Channels, lines: Int32Array): readonly boolean[] => {
  const width = names.length
  return names.map((_, j) => {
    const first = data[lines[0] * width + j]
    return lines.some((line) => data[line * width + j] !== first)
  })
}
