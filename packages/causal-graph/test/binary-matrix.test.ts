import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  and,
  type BinaryMatrix,
  beside,
  binaryIdentity,
  binaryMatrix,
  binaryRows,
  booleanProduct,
  count,
  eqBinaryMatrix,
  get,
  getBooleanAlgebra,
  getMonoidAnd,
  getMonoidOr,
  getMonoidProduct,
  isIdentity,
  isSubset,
  or,
  rowIsSubset,
  rowSupport,
  showBinaryMatrix,
  transpose
} from '../src/index.js'
import { rowsOf } from './arbitraries.js'
import { errorText } from './error-text.js'

const matrix = (rows: number, columns: number): fc.Arbitrary<BinaryMatrix> =>
  rowsOf(rows, columns).map((plain) => orThrow(binaryMatrix(plain)))

/** Sizes on both sides of a word's 32 bits. */
const plainRows = fc
  .record({ rows: fc.integer({ min: 1, max: 70 }), columns: fc.nat(70) })
  .chain(({ rows, columns }) => rowsOf(rows, columns))

const errorOf = (plain: number[][]): string => errorText(binaryMatrix(plain, 'actions (Ga)'))

describe('binaryMatrix', () => {
  it('gives back what it read, entry by entry', () => {
    fc.assert(
      fc.property(plainRows, (plain) => {
        const m = orThrow(binaryMatrix(plain))
        expect(binaryRows(m)).toEqual(plain)
        expect(plain.map((row, i) => row.map((_, j) => Number(get(m, i, j))))).toEqual(plain)
        expect(plain.map((_, i) => rowSupport(m, i))).toEqual(
          plain.map((row) => row.flatMap((x, j) => (x === 1 ? [j] : [])))
        )
        expect(count(m)).toBe(plain.flat().filter((x) => x === 1).length)
      }),
      { numRuns: 60 }
    )
  })

  it('finds the first entry that is neither 0 nor 1, wherever it stands and whatever it is', () => {
    const strangers: unknown[] = [2, -1, 0.5, -0.5, 2 ** 32, Number.NaN, Infinity, true, null, undefined, '1']
    for (let column = 0; column < 39; column++)
      for (const stranger of strangers) {
        const row: unknown[] = Array.from({ length: 39 }, (_, j) => j % 2)
        row[column] = stranger
        // A later one, that must not be named.
        row[38] = column < 38 ? 3 : stranger
        const answer = binaryMatrix([new Array(39).fill(0), row as number[]])
        expect(answer).toMatchObject({ left: { _tag: 'NotBinary', row: 1, column } })
      }
  })

  it.each([
    [[], 'actions (Ga): the matrix is empty, expected at least one row'],
    [
      [
        [1, 0],
        [1, 0.5]
      ],
      'actions (Ga): entry [1][1] is 0.5, expected 0 or 1'
    ],
    [[[Number.NaN]], 'actions (Ga): entry [0][0] is NaN, expected 0 or 1'],
    [[[1, 0], [1]], 'actions (Ga): the length of row 1 is 1, expected 2, as row 0 has']
  ])('says what is wrong with %j', (plain, text) => {
    expect(errorOf(plain)).toBe(text)
  })
})

describe('combinators', () => {
  it('transposes: entry (i, j) becomes (j, i), and twice is nothing', () => {
    fc.assert(
      fc.property(
        plainRows.filter((plain) => plain[0].length > 0),
        (plain) => {
          const m = orThrow(binaryMatrix(plain))
          expect(binaryRows(transpose(m))).toEqual(plain[0].map((_, j) => plain.map((row) => row[j])))
          expect(eqBinaryMatrix.equals(transpose(transpose(m)), m)).toBe(true)
        }
      ),
      { numRuns: 60 }
    )
  })

  it('compares whole matrices and rows as sets', () => {
    fc.assert(
      fc.property(rowsOf(3, 40), rowsOf(3, 40), (a, b) => {
        const [m, n] = [orThrow(binaryMatrix(a)), orThrow(binaryMatrix(b))]
        expect(isSubset(m, n)).toBe(a.every((row, i) => row.every((x, j) => x <= b[i][j])))
        expect(isSubset(orThrow(and(m, n)), m) && isSubset(m, orThrow(or(m, n)))).toBe(true)
        expect(rowIsSubset(m, 0, n, 2)).toBe(a[0].every((x, j) => x <= b[2][j]))
      })
    )
    expect(isSubset(binaryIdentity(2), binaryIdentity(3))).toBe(false)
  })

  it('multiplies as sets compose', () => {
    fc.assert(
      fc.property(rowsOf(4, 3), rowsOf(3, 5), (a, b) => {
        const product = orThrow(booleanProduct(orThrow(binaryMatrix(a)), orThrow(binaryMatrix(b))))
        expect(binaryRows(product)).toEqual(
          a.map((row) => b[0].map((_, j) => Number(row.some((x, l) => x * b[l][j] === 1))))
        )
      })
    )
  })

  it('sets matrices side by side', () => {
    expect(binaryRows(orThrow(beside(binaryIdentity(2), orThrow(binaryMatrix([[1], [0]])))))).toEqual([
      [1, 0, 1],
      [0, 1, 0]
    ])
  })

  it('tells the identity from its neighbours', () => {
    expect(isIdentity(binaryIdentity(33))).toBe(true)
    expect(
      isIdentity(
        orThrow(
          binaryMatrix([
            [0, 1],
            [1, 0]
          ])
        )
      )
    ).toBe(false)
    expect(isIdentity(orThrow(binaryMatrix([[1, 0]])))).toBe(false)
  })

  it.each([
    ['and', and(binaryIdentity(2), binaryIdentity(3)), 'and: the second matrix is 3 × 3, expected 2 × 2'],
    ['or', or(binaryIdentity(2), binaryIdentity(3)), 'or: the second matrix is 3 × 3, expected 2 × 2'],
    [
      'booleanProduct',
      booleanProduct(binaryIdentity(2), binaryIdentity(3)),
      'booleanProduct: the second matrix is 3 × 3, expected 2 × any number'
    ],
    [
      'beside',
      beside(binaryIdentity(2), binaryIdentity(3)),
      'beside: the second matrix is 3 × 3, expected 2 × any number'
    ]
  ])('refuses matrices that do not fit: %s', (_, result, text) => {
    expect(errorText(result)).toBe(text)
  })

  it('shows a line a row', () => {
    expect(
      showBinaryMatrix.show(
        orThrow(
          binaryMatrix([
            [1, 0],
            [1, 1]
          ])
        )
      )
    ).toBe('10\n11')
  })
})

describe('instances', () => {
  const same = (a: BinaryMatrix, b: BinaryMatrix): void => expect(binaryRows(a)).toEqual(binaryRows(b))
  const three = fc.tuple(matrix(3, 34), matrix(3, 34), matrix(3, 34))

  it('is a Boolean algebra', () => {
    const { meet, join, zero, one, not, implies } = getBooleanAlgebra(3, 34)
    fc.assert(
      fc.property(three, ([a, b, c]) => {
        same(meet(a, join(b, c)), join(meet(a, b), meet(a, c)))
        same(join(a, meet(b, c)), meet(join(a, b), join(a, c)))
        same(meet(a, join(a, b)), a)
        same(join(a, not(a)), one)
        same(meet(a, not(a)), zero)
        same(implies(a, b), join(not(a), b))
      }),
      { numRuns: 40 }
    )
  })

  it.each([
    ['and', getMonoidAnd(6, 6)],
    ['or', getMonoidOr(6, 6)],
    ['product', getMonoidProduct(6)]
  ])('%s is a monoid', (_, monoid) => {
    fc.assert(
      fc.property(matrix(6, 6), matrix(6, 6), matrix(6, 6), (a, b, c) => {
        same(monoid.concat(monoid.concat(a, b), c), monoid.concat(a, monoid.concat(b, c)))
        same(monoid.concat(a, monoid.empty), a)
        same(monoid.concat(monoid.empty, a), a)
      }),
      { numRuns: 40 }
    )
  })
})
