/** Orthonormal rows and bases, and random ones. */
import { type Dense, tabulated } from '../dense.js'

/**
 * Gram and Schmidt's, twice for accuracy: row k of the result lies in the span of rows 0 … k, on the side of row k.
 * Rows (at most as many as columns) have to be independent; what comes of others is not finite.
 *
 * @example
 * orthonormalRows(ofRows([[2, 0], [1, 3]])) // [[1, 0], [0, 1]]
 */
export const orthonormalRows = ({ data, shape }: Dense): Dense => {
  const [rows, columns] = shape
  const out = data.slice()
  for (let i = 0; i < rows; i++) {
    const row = out.subarray(i * columns, (i + 1) * columns)
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < i; k++) {
        const at = k * columns
        let dot = 0
        for (let j = 0; j < columns; j++) dot += out[at + j] * row[j]
        for (let j = 0; j < columns; j++) row[j] -= dot * out[at + j]
      }
    }
    const norm = Math.hypot(...row)
    for (let j = 0; j < columns; j++) row[j] /= norm
  }
  return { data: out, shape }
}

/**
 * A d × d orthogonal matrix, uniform among all of them, reflections included (F. Mezzadri, "How to generate random
 * matrices from the classical compact groups", 2007). `normal` draws from N(0, 1), d² times, row by row.
 *
 * @example
 * randomRotation(3, () => random.normal())
 */
export const randomRotation = (d: number, normal: () => number): Dense =>
  orthonormalRows(tabulated(d, d, normal))

/**
 * An orthonormal basis [d, r], as columns, of what is orthogonal to all of `vectors` of length d: Gram and Schmidt's, twice
 * for accuracy, on the vectors and then on the unit vectors that are farthest from what is already spanned.
 */
export const orthogonalComplement = (vectors: ReadonlyArray<ArrayLike<number>>, d: number): Dense => {
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
  return tabulated(d, d - before, (i, k) => spanned[before + k][i])
}
