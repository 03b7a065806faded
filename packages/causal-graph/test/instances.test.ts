import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Show } from 'fp-ts/lib/Show.js'
import { describe, expect, it } from 'vitest'
import {
  binaryMatrix,
  eqBinaryMatrix,
  eqCausalGraph,
  eqPermutation,
  getEqLatentMap,
  getEqPreservingMatrix,
  graphPattern,
  randomPreservingMap,
  randomPreservingMatrix,
  showBinaryMatrix,
  showCausalGraph,
  showPermutation,
  showPreservingMap,
  showPreservingMatrix
} from '../src/index.js'
import { permutationOf, rowsOf } from './arbitraries.js'

/** Few values, so that equal ones meet; each made afresh, so that identity is not equality. */
const cases: [string, fc.Arbitrary<unknown>, Eq<never>, Show<never>][] = [
  [
    'binary matrices',
    rowsOf(1, 2).map((rows) => orThrow(binaryMatrix(rows))),
    eqBinaryMatrix,
    showBinaryMatrix
  ],
  [
    'causal graphs',
    fc.record({ latents: rowsOf(1, 1), actions: rowsOf(1, 2) }),
    eqCausalGraph,
    showCausalGraph
  ],
  ['permutations', permutationOf(3), eqPermutation, showPermutation],
  [
    'preserving matrices',
    fc
      .record({ rows: rowsOf(2, 1), seed: fc.nat(1) })
      .map(({ rows, seed }) =>
        orThrow(randomPreservingMatrix(generator(seed), orThrow(graphPattern({ actions: rows }))))
      ),
    getEqPreservingMatrix(0),
    showPreservingMatrix
  ],
  [
    'preserving maps',
    fc
      .record({ rows: rowsOf(2, 1), seed: fc.nat(1) })
      .map(({ rows, seed }) =>
        orThrow(randomPreservingMap(generator(seed), orThrow(graphPattern({ actions: rows }))))
      ),
    getEqLatentMap([[0.3, -1.2]], 0),
    { show: () => '' }
  ]
]

describe('Eq and Show', () => {
  it.each(cases)('of %s are lawful', (_, values, { equals }, { show }) => {
    let equal = 0
    fc.assert(
      fc.property(values, values, values, (x, y, z) => {
        const [a, b, c] = [x, y, z] as never[]
        expect(equals(a, a)).toBe(true)
        expect(equals(a, b)).toBe(equals(b, a))
        if (equals(a, b)) {
          equal++
          expect(show(a)).toBe(show(b))
          if (equals(b, c)) expect(equals(a, c)).toBe(true)
        }
      }),
      { seed: 81, numRuns: 200 }
    )
    expect(equal).toBeGreaterThan(10)
    expect(equal).toBeLessThan(200)
  })

  it('shows a preserving map by its pattern', () => {
    const pattern = orThrow(graphPattern({ actions: [[1], [1]] }))
    expect(showPreservingMap.show(orThrow(randomPreservingMap(generator(1), pattern)))).toBe(
      'a map of 2 latents within\n11\n11'
    )
  })
})
