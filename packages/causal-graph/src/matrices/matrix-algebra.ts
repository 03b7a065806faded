/** Algebraic structures on binary matrices of one fixed size. */
import { orThrow } from '@mechid/values'
import type { BooleanAlgebra } from 'fp-ts/lib/BooleanAlgebra.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import {
  and,
  type BinaryMatrix,
  binaryIdentity,
  blank,
  booleanProduct,
  get,
  or,
  tabulate
} from './binary-matrix.js'

/**
 * The Boolean algebra of rows × columns matrices, entry by entry. Laws: fp-ts `BooleanAlgebra`.
 * A matrix of another size is a programming error and throws.
 */
export const getBooleanAlgebra = (rows: number, columns: number): BooleanAlgebra<BinaryMatrix> => {
  const not = (m: BinaryMatrix): BinaryMatrix => tabulate(rows, columns, (i, j) => !get(m, i, j))
  const join = (a: BinaryMatrix, b: BinaryMatrix): BinaryMatrix => orThrow(or(a, b))
  return {
    meet: (a, b) => orThrow(and(a, b)),
    join,
    zero: blank(rows, columns),
    one: tabulate(rows, columns, () => true),
    not,
    implies: (a, b) => join(not(a), b)
  }
}

/** Conjunction; the empty value is all ones. How evidence combines: the patterns of several graphs. */
export const getMonoidAnd = (rows: number, columns: number): Monoid<BinaryMatrix> => {
  const { meet, one } = getBooleanAlgebra(rows, columns)
  return { concat: meet, empty: one }
}

/** Disjunction; the empty value is all zeros. */
export const getMonoidOr = (rows: number, columns: number): Monoid<BinaryMatrix> => {
  const { join, zero } = getBooleanAlgebra(rows, columns)
  return { concat: join, empty: zero }
}

/** The Boolean product of n × n matrices; the empty value is the identity. */
export const getMonoidProduct = (n: number): Monoid<BinaryMatrix> => ({
  concat: (a, b) => orThrow(booleanProduct(a, b)),
  empty: binaryIdentity(n)
})
