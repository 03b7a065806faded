/** What can be wrong with matrices, and what of them cannot be decided. */
import { type NotFinite, type NotInvertible, type ShapeMismatch, type Tagged, tagged } from '@mechid/values'

/** No gap between the singular values is wide enough to call a rank, or one of them lies at the stated tolerance. */
export interface Undecided extends Tagged<'Undecided'> {
  readonly where: string
  /** All singular values, descending. */
  readonly ladder: ReadonlyArray<number>
  readonly gap: number
  readonly needed: number
  /** The value that lies at the tolerance, where one was stated. */
  readonly at?: { readonly value: number; readonly tolerance: number }
}

/** What is wrong with a matrix, or cannot be decided. */
export type NumericsError = NotFinite | NotInvertible | ShapeMismatch | Undecided

const shown = (x: number): string => (Number.isFinite(x) ? x.toPrecision(3) : String(x))

const byGap = (gap: number, needed: number): readonly [reason: string, remedy: string] => [
  `the widest gap between singular values below 1e-4 is a factor ${shown(gap)}, expected ${shown(needed)} or more`,
  'state a tolerance if you know how exact the numbers are'
]

const byTolerance = ({ value, tolerance }: NonNullable<Undecided['at']>): readonly [string, string] => [
  `the singular value ${value.toPrecision(8)} lies at the tolerance ${shown(tolerance)}`,
  'state a tolerance above or below it'
]

/** `ladder`: all singular values, descending; `at`: the value at a tolerance that was stated. */
export const undecided = (
  where: string,
  ladder: ReadonlyArray<number>,
  gap: number,
  needed: number,
  at?: Undecided['at']
): Undecided => {
  const [reason, remedy] = at === undefined ? byGap(gap, needed) : byTolerance(at)
  const end = ladder.slice(-6).map(shown).join(', ')
  return tagged(
    'Undecided',
    { where, ladder, gap, needed, ...(at === undefined ? {} : { at }) },
    `${where}: the rank is undecided: ${reason}; the ladder ends ${end}; ${remedy}`
  )
}
