/** Starting values of weight matrices. */
import type { Generator } from '@mechid/random'

/**
 * Fills `out[offset …]` with a `rows × columns` matrix whose shorter side is orthonormal, times `gain`
 * (A. Saxe, J. McClelland, S. Ganguli 2014): Gram–Schmidt, twice for accuracy, on Gaussian draws.
 */
export const fillOrthogonal = (
  out: Float32Array,
  offset: number,
  rows: number,
  columns: number,
  gain: number,
  random: Generator
): void => {
  const short = Math.min(rows, columns)
  const long = Math.max(rows, columns)
  const basis = new Float64Array(short * long)
  random.fillNormal(basis)
  for (let k = 0; k < short; k++) {
    const vector = basis.subarray(k * long, (k + 1) * long)
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < k; j++) {
        let dot = 0
        for (let t = 0; t < long; t++) dot += vector[t] * basis[j * long + t]
        for (let t = 0; t < long; t++) vector[t] -= dot * basis[j * long + t]
      }
    }
    let norm = 0
    for (let t = 0; t < long; t++) norm += vector[t] * vector[t]
    const scale = 1 / Math.sqrt(norm)
    for (let t = 0; t < long; t++) vector[t] *= scale
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = rows <= columns ? basis[i * long + j] : basis[j * long + i]
      out[offset + i * columns + j] = gain * value
    }
  }
}
