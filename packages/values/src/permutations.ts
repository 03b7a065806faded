/** Lists that put 0 … size − 1 in some order. */
import * as E from 'fp-ts/lib/Either.js'
import { type Tagged, tagged } from './errors.js'

/** A list that is no permutation of 0 … size − 1; `position` is that of the first entry at fault. */
export interface NotPermutation extends Tagged<'NotPermutation'> {
  readonly where: string
  readonly size: number
  readonly position: number
  readonly actual: string
  /** No integer of 0 … size − 1, or one that an earlier entry is. */
  readonly fault: 'outside' | 'repeated'
}

const FAULTS = { outside: 'is out of range', repeated: 'stands there already' } as const

export const notPermutation = (
  where: string,
  size: number,
  position: number,
  entry: unknown,
  fault: NotPermutation['fault']
): NotPermutation => {
  const actual = String(entry)
  const words = `entry ${position} is ${actual}, which ${FAULTS[fault]}, expected each of 0..${size - 1} once`
  return tagged('NotPermutation', { where, size, position, actual, fault }, `${where}: ${words}`)
}

/** The list itself if each of 0 … length − 1 stands in it once; the empty list does. */
export const checkPermutation = <A extends ArrayLike<number>>(
  where: string,
  list: A
): E.Either<NotPermutation, A> => {
  const size = list.length
  const seen = new Uint8Array(size)
  for (let position = 0; position < size; position++) {
    const entry = list[position]
    const inside = Number.isInteger(entry) && entry >= 0 && entry < size
    if (!inside || seen[entry] === 1) {
      return E.left(notPermutation(where, size, position, entry, inside ? 'repeated' : 'outside'))
    }
    seen[entry] = 1
  }
  return E.right(list)
}
