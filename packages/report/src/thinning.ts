/** Long curves with few points. */

/**
 * Indices of about `most` points of a curve that keep its shape: the first and last one, and the least and the
 * greatest value of each window between.
 */
export const thin = (values: ArrayLike<number>, most = 1000): number[] => {
  const n = values.length
  if (n <= most) return Array.from({ length: n }, (_, i) => i)
  const windows = Math.max(1, Math.floor((most - 2) / 2))
  const kept = new Set<number>([0, n - 1])
  for (let w = 0; w < windows; w++) {
    const [start, end] = [Math.floor((w * n) / windows), Math.floor(((w + 1) * n) / windows)]
    let [low, high] = [start, start]
    for (let i = start; i < end; i++) {
      if (values[i] < values[low]) low = i
      if (values[i] > values[high]) high = i
    }
    kept.add(low)
    kept.add(high)
  }
  return [...kept].sort((a, b) => a - b)
}
