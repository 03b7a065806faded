import { linear, type Mechanism, mechanism, rotation, scaling, translation } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  type Ambiguity,
  ambiguityOf,
  equivarianceFields,
  kernelEquivarianceFields,
  mechanismSymmetries,
  polynomials
} from '../src/index.js'
import { bentKernel, laplaceWalk, logisticWalk, resonant, swollen } from './nonlinear.js'

const dictionary = orThrow(polynomials(3))
const turn = orThrow(rotation(2, 0, 1, 0.7))
const odd: Mechanism = orThrow(
  mechanism({ latents: 2, step: (F, z) => z.map((x) => F.tanh(F.mul(F.lit(2), x))) })
)
const pool: ReadonlyArray<readonly [string, Mechanism]> = [
  ['a swelling', swollen(2)],
  ['a turn', turn],
  ['a resonance', resonant],
  ['a squeeze', orThrow(scaling([2, 0.5]))],
  ['a push', orThrow(translation([0.7, 0.3]))],
  ['a saturation', odd],
  ['a reflection', orThrow(scaling([1, -1]))]
]

const answered = (...list: Mechanism[]): Ambiguity => orThrow(ambiguityOf(list, { dictionary, degrees: [] }))

const pairs = pool.flatMap(([one, m], i) =>
  pool.slice(i + 1).map(([other, n]) => [one, other, m, n] as const)
)

describe('two mechanisms', () => {
  it.each(pairs)('%s and %s', (_, __, m, n) => {
    const [first, second, both, swapped] = [answered(m), answered(n), answered(m, n), answered(n, m)]
    // Neither order matters, nor does one of them twice.
    expect(swapped.dimension).toBe(both.dimension)
    expect(swapped.entanglement).toEqual(both.entanglement)
    expect(swapped.statuses).toEqual(both.statuses)
    expect(orThrow(swapped.finite).order).toBe(orThrow(both.finite).order)
    expect(answered(m, n, m).dimension).toBe(both.dimension)
    // What both leave open, each leaves open.
    for (const alone of [first, second]) {
      expect(both.dimension).toBeLessThanOrEqual(alone.dimension)
      expect(orThrow(alone.finite).order % orThrow(both.finite).order).toBe(0n)
      both.entanglement.forEach((row, i) => {
        row.forEach((entry, j) => {
          expect(entry).toBeLessThanOrEqual(alone.entanglement[i][j])
        })
      })
    }
  })
})

it('three kernels: the same', () => {
  const dimension = (...list: Parameters<typeof kernelEquivarianceFields>[0]): number =>
    orThrow(kernelEquivarianceFields(list, { dictionary: orThrow(polynomials(2)) })).dimension
  expect(dimension(laplaceWalk)).toBe(2)
  expect(dimension(logisticWalk)).toBe(1)
  expect(dimension(laplaceWalk, logisticWalk)).toBe(1)
  expect(dimension(logisticWalk, laplaceWalk)).toBe(1)
  expect(dimension(laplaceWalk, logisticWalk, bentKernel)).toBe(0)
})

describe('finite symmetries in units of their own', () => {
  /** y + y² / unit: bent at the scale of `unit`, and odd nowhere. */
  const bentAt = (unit: number): Mechanism =>
    orThrow(
      mechanism({
        latents: 2,
        step: (F, [x, y]) => [F.mul(F.lit(2), x), F.add(y, F.mul(F.lit(1 / unit), F.mul(y, y)))]
      })
    )
  it.each([1e-6, 1e-3, 1, 1e3, 1e6])('a latent in units of %d has no sign to change', (unit) => {
    const { order, generators } = orThrow(mechanismSymmetries([bentAt(unit)], { radius: [1, unit] }))
    expect(order).toBe(2n)
    expect(Array.from(generators[0].signs)).toEqual([-1, 1])
    const box = [
      [-1, 1],
      [-unit, unit]
    ] as const
    expect(orThrow(orThrow(ambiguityOf([bentAt(unit)], { box })).finite).order).toBe(2n)
  })

  it('one radius a latent is asked for', () => {
    expect(mechanismSymmetries([odd], { radius: [1] })).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(mechanismSymmetries([odd], { radius: [1, 0] })).toMatchObject({ left: { _tag: 'InvalidOption' } })
  })
})

it('slopes in any units tell whether there is an inverse', () => {
  const options = { dictionary: orThrow(polynomials(1)), needsInverse: true }
  // A quarter turn: as a table of numbers, singular to rounding.
  const quarter = orThrow(
    linear([
      [0, 1e9],
      [-1e-9, 0]
    ])
  )
  expect(equivarianceFields([quarter], options)).toMatchObject({ right: { dimension: 2 } })
  expect(equivarianceFields([orThrow(scaling([1, 0]))], options)).toMatchObject({
    left: { _tag: 'NotInvertible' }
  })
})
