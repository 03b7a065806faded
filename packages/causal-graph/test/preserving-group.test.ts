import { number } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  entanglementByJacobian,
  entanglementBySupport,
  getEqLatentMap,
  getEqPreservingMatrix,
  getPreservingGroup,
  getPreservingMapGroup,
  graphPattern,
  isPreserving,
  isPreservingMap,
  type LatentMap,
  preservingMap,
  preservingMatrix,
  preservingRows,
  randomPreservingMap,
  randomPreservingMatrix,
  showPreservingMap,
  showPreservingMatrix
} from '../src/index.js'
import { graphs } from './arbitraries.js'
import { errorText } from './error-text.js'
import { identity, isWithin, sizeOf } from './tables.js'

const cases = fc.record({ graph: graphs, seed: fc.nat(1e6) })
const upper = orThrow(
  graphPattern({
    actions: [
      [1, 0],
      [1, 1]
    ]
  })
)

describe('preserving matrices', () => {
  const eq = getEqPreservingMatrix(1e-8)

  it('form a group', () => {
    fc.assert(
      fc.property(cases, ({ graph, seed }) => {
        const pattern = orThrow(graphPattern(graph))
        const { concat, empty, inverse } = orThrow(getPreservingGroup(pattern))
        const random = generator(seed)
        const [a, b, c] = [1, 2, 3].map(() => orThrow(randomPreservingMatrix(random, pattern)))
        expect(eq.equals(concat(concat(a, b), c), concat(a, concat(b, c)))).toBe(true)
        expect(eq.equals(concat(a, empty), a) && eq.equals(concat(empty, a), a)).toBe(true)
        expect(eq.equals(concat(a, inverse(a)), empty) && eq.equals(concat(inverse(a), a), empty)).toBe(true)
        for (const member of [a, concat(a, b), inverse(a)])
          expect(orThrow(isPreserving(preservingRows(member), pattern, 0))).toBe(true)
      }),
      { seed: 41, numRuns: 200 }
    )
  })

  it('contain every diagonal matrix and, of random ones, no two alike', () => {
    const diagonal = orThrow(
      preservingMatrix(
        [
          [2, 0],
          [0, -3]
        ],
        upper
      )
    )
    expect(preservingRows(orThrow(getPreservingGroup(upper)).inverse(diagonal))).toEqual([
      [0.5, 0],
      [0, -1 / 3]
    ])
    const random = generator(1)
    const [a, b] = [1, 2].map(() => orThrow(randomPreservingMatrix(random, upper)))
    expect(eq.equals(a, b)).toBe(false)
    expect(eq.equals(a, { ...a, pattern: identity(2) })).toBe(false)
    expect(preservingRows(a)[0][1]).not.toBe(0)
    expect(showPreservingMatrix.show(diagonal)).toBe('2 0\n0 -3')
  })

  it('say what is wrong', () => {
    expect(
      errorText(
        preservingMatrix(
          [
            [1, 0],
            [1, 1]
          ],
          upper
        )
      )
    ).toBe('preservingMatrix: entry [1][0] is 1, expected 0 as the pattern has there')
    expect(
      errorText(
        preservingMatrix(
          [
            [0, 1],
            [0, 1]
          ],
          upper
        )
      )
    ).toContain('singular')
    expect(errorText(preservingMatrix([[1]], upper))).toContain('the number of rows is 1, expected 2')
    const open = [
      [1, 1, 0],
      [0, 1, 1],
      [0, 0, 1]
    ]
    expect(errorText(randomPreservingMatrix(generator(1), open))).toContain('reflexive and transitive')
  })
})

describe('preserving maps', () => {
  it('form a group, at every point', () => {
    fc.assert(
      fc.property(cases, ({ graph, seed }) => {
        const pattern = orThrow(graphPattern(graph))
        const { concat, empty, inverse } = orThrow(getPreservingMapGroup(pattern))
        const random = generator(seed)
        const [f, g, h] = [1, 2, 3].map(() => orThrow(randomPreservingMap(random, pattern)))
        const points = Array.from({ length: 3 }, () =>
          Array.from({ length: sizeOf(graph) }, () => random.normal())
        )
        const eq = getEqLatentMap(points, 1e-6)
        expect(eq.equals(concat(concat(f, g), h), concat(f, concat(g, h)))).toBe(true)
        expect(eq.equals(concat(f, empty), f) && eq.equals(concat(empty, f), f)).toBe(true)
        expect(eq.equals(concat(f, inverse(f)), empty) && eq.equals(concat(inverse(f), f), empty)).toBe(true)
        for (const member of [f, concat(f, g), inverse(f)])
          expect(isWithin(orThrow(entanglementByJacobian(member)), pattern)).toBe(true)
      }),
      { seed: 42, numRuns: 40 }
    )
  })

  it('reach the whole pattern at random, and are no linear maps', () => {
    const map = orThrow(randomPreservingMap(generator(3), upper))
    expect(orThrow(entanglementByJacobian(map))).toEqual(upper)
    expect(entanglementBySupport(map)).toEqual(upper)
    const [one, two] = [
      [1, 1],
      [2, 2]
    ].map((z) => map.apply(number, z)[1])
    expect(Math.abs(two - 2 * one)).toBeGreaterThan(0.1)
    expect(getEqLatentMap([[1, 2]], 1e-9).equals(map, orThrow(getPreservingMapGroup(upper)).empty)).toBe(
      false
    )
    expect(showPreservingMap.show(map)).toBe('a map of 2 latents within\n11\n01')
  })

  it('are recognized by their Jacobians', () => {
    const within: LatentMap = { latents: 2, apply: (F, [x, y]) => [F.add(x, F.exp(y)), y] }
    const outside: LatentMap = { latents: 2, apply: (F, [x, y]) => [x, F.add(y, F.mul(x, x))] }
    expect(isPreservingMap(within, upper)).toEqual(E.right(true))
    expect(isPreservingMap(outside, upper)).toEqual(E.right(false))
    // Where x = 0, x² has no slope: one point may be too few.
    expect(isPreservingMap(outside, upper, [[0, 1]])).toEqual(E.right(true))
    expect(errorText(isPreservingMap(within, identity(3)))).toContain('the pattern is 3 × 3, expected 2 × 2')
  })

  it('are checked when made by hand', () => {
    const shear = preservingMap(
      upper,
      (F, [x, y]) => [F.add(x, F.sin(y)), y],
      (F, [x, y]) => [F.sub(x, F.sin(y)), y]
    )
    expect(E.isRight(shear)).toBe(true)
    const outside = preservingMap(
      upper,
      (F, [x, y]) => [x, F.add(y, F.sin(x))],
      (_, z) => z
    )
    expect(errorText(outside)).toMatch(/∂v_1\/∂z_0 is -?\d.*expected 0 as the pattern has there/)
    const astray = preservingMap(
      upper,
      (F, [x, y]) => [F.add(x, y), y],
      (_, z) => z
    )
    expect(astray).toMatchObject({ left: { _tag: 'NotInvertible' } })
    expect(errorText(astray)).toMatch(
      /coordinate 0 of invert\(apply\(z\)\) is .*, expected .*, as z has there/
    )
    const short = preservingMap(
      upper,
      (_, z) => z,
      (_, [x]) => [x]
    )
    expect(errorText(short)).toContain('the length of what the inverse returns is 1, expected 2')
    expect(
      errorText(
        preservingMap(
          upper,
          (_, [x]) => [x],
          (_, z) => z
        )
      )
    ).toContain('the length of what the map returns is 1, expected 2')
  })
})
