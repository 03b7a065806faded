/** Whether rows are what a model takes. */
import {
  checkFinite,
  entryCount,
  type NotFinite,
  type Samples,
  type ShapeMismatch,
  shapeMismatch,
  showShape
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/** `ShapeMismatch` where rows that are read do not have `columns` numbers. */
export const widthMisfit = (
  where: string,
  what: string,
  shape: readonly [number, number],
  columns: number
): ShapeMismatch | undefined =>
  shape[1] === columns ? undefined : shapeMismatch(where, what, showShape(shape), `[rows, ${columns}]`)

/** `ShapeMismatch` where `rows` are not [n, columns] with as many numbers; `NotFinite`, with the row, where one is none. */
export const rowsMisfit = (
  where: string,
  what: string,
  rows: Samples,
  columns: number
): ShapeMismatch | NotFinite | undefined => {
  const { data, shape } = rows
  if (shape.length !== 2 || shape[1] !== columns || data.length !== entryCount(shape)) {
    const actual = `${showShape(shape)} with ${data.length} numbers`
    return shapeMismatch(where, what, actual, `[rows, ${columns}]`)
  }
  const finite = checkFinite(where, what, rows)
  return E.isLeft(finite) ? finite.left : undefined
}
