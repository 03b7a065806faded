import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  eqPermutation,
  getPermutationGroup,
  permuteRows,
  permuteRowsAndColumns,
  showPermutation,
  toPermutation
} from '../src/index.js'
import { permutationOf, rowsOf } from './arbitraries.js'
import { errorText } from './error-text.js'
import { identity } from './tables.js'

const size = 7
const group = getPermutationGroup(size)
const { equals } = eqPermutation

describe('permutation', () => {
  it.each([
    [[], 'toPermutation: the list is empty, expected at least one entry'],
    [[0, 2], 'toPermutation: entry 1 is 2, which is out of range, expected each of 0..1 once'],
    [[0, 0], 'toPermutation: entry 1 is 0, which stands there already, expected each of 0..1 once'],
    [[0, -1], 'toPermutation: entry 1 is -1, which is out of range, expected each of 0..1 once'],
    [[0.5, 1], 'toPermutation: entry 0 is 0.5, which is out of range, expected each of 0..1 once'],
    [[Number.NaN], 'toPermutation: entry 0 is NaN, which is out of range, expected each of 0..0 once']
  ])('refuses %j', (image, text) => {
    expect(errorText(toPermutation(image))).toBe(text)
  })

  it('is a group', () => {
    fc.assert(
      fc.property(permutationOf(size), permutationOf(size), permutationOf(size), (p, q, r) => {
        expect(equals(group.concat(group.concat(p, q), r), group.concat(p, group.concat(q, r)))).toBe(true)
        expect(equals(group.concat(p, group.empty), p)).toBe(true)
        expect(equals(group.concat(p, group.inverse(p)), group.empty)).toBe(true)
        expect(equals(group.concat(group.inverse(p), p), group.empty)).toBe(true)
      })
    )
  })

  it('composes right to left', () => {
    const [f, g] = [orThrow(toPermutation([1, 2, 0])), orThrow(toPermutation([1, 0, 2]))]
    expect(showPermutation.show(getPermutationGroup(3).concat(f, g))).toBe('[2, 1, 0]')
  })
})

describe('action on matrices', () => {
  it('sends row i to π(i) and entry (i, j) to (π(i), π(j))', () => {
    fc.assert(
      fc.property(permutationOf(size), rowsOf(size, 3), rowsOf(size, 2 * size), (p, a, z) => {
        const rows = orThrow(permuteRows(p, a))
        const both = orThrow(permuteRowsAndColumns(p, z))
        for (let i = 0; i < size; i++) {
          expect(rows[p.image[i]]).toEqual(a[i])
          for (let j = 0; j < size; j++) {
            expect(both[p.image[i]][p.image[j]]).toBe(z[i][j])
            expect(both[p.image[i]][size + p.image[j]]).toBe(z[i][size + j])
          }
        }
      })
    )
  })

  it('is an action of the group', () => {
    fc.assert(
      fc.property(permutationOf(size), permutationOf(size), rowsOf(size, size), (p, q, plain) => {
        for (const act of [permuteRows, permuteRowsAndColumns]) {
          const once = orThrow(act(group.concat(p, q), plain))
          expect(once).toEqual(orThrow(act(p, orThrow(act(q, plain)))))
          expect(orThrow(act(group.empty, plain))).toEqual(plain)
        }
      })
    )
  })

  it('refuses matrices of another size', () => {
    const p = orThrow(toPermutation([1, 0]))
    expect(errorText(permuteRows(p, identity(3)))).toBe(
      "permuteRows: the number of rows is 3, expected 2, the permutation's size"
    )
    expect(errorText(permuteRowsAndColumns(p, [[1], [0]]))).toBe(
      'permuteRowsAndColumns: the number of columns is 1, expected a multiple of 2'
    )
  })
})
