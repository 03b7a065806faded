/** Many vectors of one width, and the checks that every score starts with. */
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from './errors.js'

/** Row-major: entry (i, j) is `data[i * columns + j]`. */
export interface Samples {
  readonly data: Float32Array | Float64Array
  readonly shape: readonly [rows: number, columns: number]
}

/** The samples themselves if shape and data agree, every value is finite and there are two rows or more. */
export const checkSamples = (where: string, samples: Samples): E.Either<MetricError, Samples> => {
  const { data, shape } = samples
  const [rows, columns] = shape
  if (!(columns >= 1) || data.length !== rows * columns) {
    const actual = `${data.length} numbers for shape [${shape.join(', ')}]`
    return E.left({ _tag: 'ShapeMismatch', where, expected: 'rows × columns numbers', actual })
  }
  if (rows < 2) return E.left({ _tag: 'TooFewRows', where, needed: 2, actual: rows })
  for (let i = 0; i < data.length; i++) {
    // x − x is 0 for finite x and NaN otherwise.
    if (data[i] - data[i] !== 0) {
      const row = Math.floor(i / columns)
      return E.left({ _tag: 'NonFinite', where, row, column: i - row * columns, value: data[i] })
    }
  }
  return E.right(samples)
}

/** Both arrays are sound and have the same rows. */
export const checkPair = (z: Samples, zHat: Samples): E.Either<MetricError, void> => {
  const first = checkSamples('true latents', z)
  if (E.isLeft(first)) return first
  const second = checkSamples('learned latents', zHat)
  if (E.isLeft(second)) return second
  const [rows, hatRows] = [z.shape[0], zHat.shape[0]]
  return rows === hatRows
    ? E.right(undefined)
    : E.left({
        _tag: 'ShapeMismatch',
        where: 'learned latents',
        expected: `${rows} rows, as the true latents have`,
        actual: `${hatRows} rows`
      })
}

/** The rows `indices`, in that order. */
export const takeRows = ({ data, shape }: Samples, indices: ArrayLike<number>): Samples => {
  const columns = shape[1]
  const taken = new Float64Array(indices.length * columns)
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i] * columns
    for (let j = 0; j < columns; j++) taken[i * columns + j] = data[from + j]
  }
  return { data: taken, shape: [indices.length, columns] }
}
