/** Many vectors of one width, and the checks that every score starts with. */
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from './errors.js'

/** Row-major: entry (i, j) is `data[i * columns + j]`. */
export interface Samples {
  readonly data: Float32Array | Float64Array
  readonly shape: readonly [rows: number, columns: number]
}

/** Whether every number is finite: x − x is 0 for finite x and NaN otherwise; four sums at once, no branch. */
const allFinite = (data: Float32Array | Float64Array): boolean => {
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = data.length - (data.length % 4)
  for (let i = 0; i < whole; i += 4) {
    a += data[i] - data[i]
    b += data[i + 1] - data[i + 1]
    c += data[i + 2] - data[i + 2]
    d += data[i + 3] - data[i + 3]
  }
  for (let i = whole; i < data.length; i++) a += data[i] - data[i]
  return a + b + c + d === 0
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
  if (allFinite(data)) return E.right(samples)
  const i = data.findIndex((value) => !Number.isFinite(value))
  const row = Math.floor(i / columns)
  return E.left({ _tag: 'NonFinite', where, row, column: i - row * columns, value: data[i] })
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

/** Two models or more, each sound, all with the same rows. */
export const checkModels = (models: ReadonlyArray<Samples>): E.Either<MetricError, void> => {
  if (models.length < 2) {
    return E.left({
      _tag: 'ShapeMismatch',
      where: 'models',
      expected: 'two models or more',
      actual: String(models.length)
    })
  }
  for (const [m, model] of models.entries()) {
    const where = `latents of model ${m}`
    const sound = checkSamples(where, model)
    if (E.isLeft(sound)) return sound
    if (model.shape[0] !== models[0].shape[0]) {
      const expected = `${models[0].shape[0]} rows, as model 0 has`
      return E.left({ _tag: 'ShapeMismatch', where, expected, actual: `${model.shape[0]} rows` })
    }
  }
  return E.right(undefined)
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

/** The columns `indices`, in that order. */
export const takeColumns = ({ data, shape }: Samples, indices: ReadonlyArray<number>): Samples => {
  const [rows, columns] = shape
  const count = indices.length
  const taken = new Float64Array(rows * count)
  for (let i = 0; i < rows; i++) {
    for (let p = 0; p < count; p++) taken[i * count + p] = data[i * columns + indices[p]]
  }
  return { data: taken, shape: [rows, count] }
}

/** One column's values. */
export const columnOf = ({ data, shape }: Samples, j: number): Float64Array => {
  const [rows, columns] = shape
  const out = new Float64Array(rows)
  for (let i = 0; i < rows; i++) out[i] = data[i * columns + j]
  return out
}
