/** Columns by name: lists, ranges and patterns, as people write them on a command line. */
import { type UnknownName, unknownName } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

const RANGE = '..'

const pattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    // A name may have line ends, and characters of two halves.
    'su'
  )

/** The columns of one part of a selection; none where it names none. */
const columnsOfPart = (part: string, names: readonly string[]): readonly number[] => {
  const exact = names.indexOf(part)
  if (exact >= 0) return [exact]
  const [first, last] = part.split(RANGE).map((name) => names.indexOf(name.trim()))
  if (last !== undefined && first >= 0 && last >= 0) {
    const [from, to] = [Math.min(first, last), Math.max(first, last)]
    return Array.from({ length: to - from + 1 }, (_, k) => from + k)
  }
  if (!/[*?]/.test(part)) return []
  const matching = pattern(part)
  return names.flatMap((name, j) => (matching.test(name) ? [j] : []))
}

/**
 * The columns that a selection names, each once, in its order. Its parts stand between commas: a name, a range
 * `first..last` by place in the file, or a pattern with `*` and `?`; with `!` before it a part takes columns away. A
 * selection that only takes away starts from all.
 *
 * Errors: `UnknownName` for a part that names no column.
 *
 * @example
 * selectColumns('data.csv', 'x*,!x_note', ['t', 'x1', 'x2', 'x_note']) // right: [1, 2]
 */
export const selectColumns = (
  where: string,
  selection: string,
  names: readonly string[]
): E.Either<UnknownName, readonly number[]> => {
  const parts = selection
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const chosen = new Set<number>()
  if (parts.length > 0 && parts.every((part) => part.startsWith('!')))
    for (const j of names.keys()) chosen.add(j)
  for (const part of parts) {
    const taken = part.startsWith('!')
    const columns = columnsOfPart(taken ? part.slice(1) : part, names)
    if (columns.length === 0) return E.left(unknownName(where, part, names))
    for (const j of columns) taken ? chosen.delete(j) : chosen.add(j)
  }
  return E.right([...chosen])
}
