/** Numbers as people type them. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

export interface Fault {
  readonly message: string
}

const wrong = (message: string): E.Either<Fault, never> => E.left({ message })

const shown = (text: string): string => (text.length <= 20 ? `"${text}"` : `"${text.slice(0, 19)}…"`)

/** A number, or a quotient of two such as 1/3. */
export const numberOf = (text: string, name: string): E.Either<Fault, number> => {
  const [top, bottom, ...more] = text.trim().replaceAll('−', '-').split('/')
  const value =
    more.length > 0 || top === '' || bottom?.trim() === '' ? Number.NaN : Number(top) / Number(bottom ?? 1)
  return Number.isFinite(value) ? E.right(value) : wrong(`${name}: ${shown(text)} is no number.`)
}

/** A whole number within bounds. */
export const wholeOf = (text: string, name: string, least: number, most: number): E.Either<Fault, number> =>
  pipe(
    numberOf(text, name),
    E.flatMap((value) =>
      Number.isInteger(value) && value >= least && value <= most
        ? E.right(value)
        : wrong(`${name}: ${shown(text)} is no whole number from ${least} to ${most}.`)
    )
  )

const words = (text: string): string[] =>
  text
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== '')

/** Numbers with spaces or commas between them; one at least. */
export const numbersOf = (text: string, name: string): E.Either<Fault, ReadonlyArray<number>> => {
  const list = words(text)
  return list.length === 0
    ? wrong(`${name}: there is no number.`)
    : E.traverseArray((word: string) => numberOf(word, name))(list)
}

export const wholesOf = (text: string, name: string): E.Either<Fault, ReadonlyArray<number>> =>
  pipe(
    numbersOf(text, name),
    E.flatMap((list) => {
      const at = list.findIndex((value) => !Number.isInteger(value))
      return at < 0 ? E.right(list) : wrong(`${name}: ${list[at]} is no whole number.`)
    })
  )

/** Rows of numbers, one a line or with semicolons between them; square. */
export const matrixOf = (
  text: string,
  name: string
): E.Either<Fault, ReadonlyArray<ReadonlyArray<number>>> => {
  const lines = text.split(/[\n;]/).filter((line) => line.trim() !== '')
  return pipe(
    lines.length === 0 ? wrong(`${name}: there is no row.`) : E.right(lines),
    E.flatMap(E.traverseArray((line) => numbersOf(line, name))),
    E.flatMap((rows) => {
      const at = rows.findIndex((row) => row.length !== rows.length)
      return at < 0
        ? E.right(rows)
        : wrong(
            `${name}: row ${at + 1} has ${rows[at].length} numbers; with ${rows.length} rows each needs ${rows.length}.`
          )
    })
  )
}
