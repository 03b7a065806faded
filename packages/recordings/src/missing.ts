/** Finds what is missing in all columns at once, instead of one after the other. */
import * as E from 'fp-ts/lib/Either.js'
import type { Channels } from './channels.js'
import { type MissingValues, missingValues } from './errors.js'

/** Errors: `MissingValues`, of all columns together. */
export const checkComplete = (
  where: string,
  { names, data, lines }: Channels
): E.Either<MissingValues, void> => {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return E.right(undefined)
  const width = names.length
  const wrong = new Int32Array(width)
  let [count, firstRow] = [0, -1]
  for (let line = 0, at = 0; line < lines; line++) {
    for (let j = 0; j < width; j++, at++) {
      if (Number.isFinite(data[at])) continue
      wrong[j]++
      count++
      if (firstRow < 0) firstRow = line
    }
  }
  if (count === 0) return E.right(undefined)
  return E.left(
    missingValues(
      where,
      count,
      names.filter((_, j) => wrong[j] > 0),
      firstRow
    )
  )
}

/** The same of several parts of a recording, those left out that it does not have: the first that is not complete. */
export const checkParts = (
  where: string,
  parts: ReadonlyArray<Channels | undefined>
): E.Either<MissingValues, void> => {
  for (const channels of parts) {
    const complete = channels === undefined ? E.right(undefined) : checkComplete(where, channels)
    if (E.isLeft(complete)) return complete
  }
  return E.right(undefined)
}
