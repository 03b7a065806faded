/** Rows drawn with replacement, as a bootstrap draws them. */
import type { Generator } from '@mechid/random'

/**
 * Every call draws as many of the rows 0 … n − 1 as there are, into one array. Uniforms come in blocks, several times
 * faster than integers one by one; rounding down favours no row by more than n/2⁵² of its share.
 */
export const rowDraws = (rows: number, random: Generator): (() => Int32Array) => {
  const uniforms = new Float64Array(rows)
  const drawn = new Int32Array(rows)
  return () => {
    random.fillUniform(uniforms)
    for (let i = 0; i < rows; i++) drawn[i] = uniforms[i] * rows
    return drawn
  }
}
