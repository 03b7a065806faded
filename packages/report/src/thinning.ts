/** Few points of a long curve. */

/**
 * Indices of about `most` points (default: 1,000) that keep the shape of a curve: its first and last point, and the
 * least and the greatest value of each window between.
 *
 * Use it before drawing long curves, whose files would be large. It keeps extremes, so do not take averages of its
 * points.
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
