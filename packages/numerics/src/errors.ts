/** What can be wrong with matrices, and what of them cannot be decided. */
import { type NotFinite, type NotInvertible, type ShapeMismatch, type Tagged, tagged } from '@mechid/values'

/** No gap between the singular values is wide enough to call a rank. */
export interface Undecided extends Tagged<'Undecided'> {
  readonly where: string
  /** All singular values, descending. */
  readonly ladder: ReadonlyArray<number>
  readonly gap: number
  readonly needed: number
}

/** What is wrong with a matrix, or cannot be decided. */
export type NumericsError = NotFinite | NotInvertible | ShapeMismatch | Undecided

const shown = (x: number): string => (Number.isFinite(x) ? x.toPrecision(3) : String(x))

/** `ladder`: all singular values, descending. */
export const undecided = (
  where: string,
  ladder: ReadonlyArray<number>,
  gap: number,
  needed: number
): Undecided => {
  const widest = `the widest gap between singular values below 1e-4 is a factor ${shown(gap)}`
  const end = ladder.slice(-6).map(shown).join(', ')
  return tagged(
    'Undecided',
    { where, ladder, gap, needed },
    `${where}: the rank is undecided: ${widest}, expected ${shown(needed)} or more; the ladder ends ${end}; state a tolerance if you know how exact the numbers are`
  )
}
