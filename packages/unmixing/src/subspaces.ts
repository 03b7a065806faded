/** Orthonormal bases of subspaces. */

/** The identity [d, d], row-major. */
export const identity = (d: number): Float64Array =>
  Float64Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? 1 : 0))

/**
 * An orthonormal basis [d, r], row-major, of what is orthogonal to all of `vectors`: Gram–Schmidt, twice for accuracy, on
 * the vectors and then on the unit vectors that are farthest from what is already spanned.
 */
export const complement = (vectors: ReadonlyArray<ArrayLike<number>>, d: number): Float64Array => {
  const spanned: Float64Array[] = []
  const reduced = (vector: ArrayLike<number>): Float64Array => {
    const out = Float64Array.from(vector)
    for (let pass = 0; pass < 2; pass++) {
      for (const q of spanned) {
        let dot = 0
        for (let i = 0; i < d; i++) dot += q[i] * out[i]
        for (let i = 0; i < d; i++) out[i] -= dot * q[i]
      }
    }
    return out
  }
  const add = (vector: Float64Array): void => {
    const norm = Math.hypot(...vector)
    if (norm > 1e-8) spanned.push(vector.map((x) => x / norm))
  }
  for (const vector of vectors) add(reduced(vector))
  const before = spanned.length
  while (spanned.length < d) {
    let best: Float64Array | undefined
    for (let i = 0; i < d; i++) {
      const unit = new Float64Array(d)
      unit[i] = 1
      const rest = reduced(unit)
      if (best === undefined || Math.hypot(...rest) > Math.hypot(...best)) best = rest
    }
    add(best as Float64Array)
  }
  const r = d - before
  const out = new Float64Array(d * r)
  for (let k = 0; k < r; k++) for (let i = 0; i < d; i++) out[i * r + k] = spanned[before + k][i]
  return out
}
