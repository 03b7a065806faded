import { linear, type Mechanism, mechanism } from '@mechid/mechanisms'
import { identityMatrix, multiply } from '@mechid/numerics'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { cyclicSymmetries, dihedralSymmetries } from '../src/index.js'
import { cycle, diagonal, turn } from './matrices.js'

const made = (definition: Parameters<typeof mechanism>[0]): Mechanism => orThrow(mechanism(definition))
const saturating = (d: number): Mechanism =>
  made({ latents: d, step: (F, z) => z.map((x) => F.tanh(F.mul(F.lit(2), x))) })
/** z + z̄² in the plane: the symmetries of a triangle, which signed permutations miss but for one. */
const triangle = made({
  latents: 2,
  step: (F, [x, y]) => [F.add(x, F.sub(F.mul(x, x), F.mul(y, y))), F.sub(y, F.mul(F.lit(2), F.mul(x, y)))]
})
/** z (1 + ‖z‖²) */
const radial = (d: number): Mechanism =>
  made({
    latents: d,
    step: (F, z) => {
      const norm = z.reduce((sum, x) => F.add(sum, F.mul(x, x)), F.one)
      return z.map((x) => F.mul(x, norm))
    }
  })

const counted = (m: Mechanism, order: number, starts = 60) => {
  const { found, solved } = orThrow(cyclicSymmetries([m], order, { starts }))
  return {
    count: found.length,
    freedoms: [...new Set(found.map(({ freedom }) => freedom))],
    solved: solved > 0
  }
}

describe('cyclic symmetries', () => {
  it.each<[string, Mechanism, number, number]>([
    ['tanh(2z), d = 2, order 4: ±90°', saturating(2), 4, 2],
    ['tanh(2z), d = 2, order 2: five of eight', saturating(2), 2, 5],
    ['a triangle, order 3', triangle, 3, 2],
    ['a triangle, order 2: its reflections', triangle, 2, 3],
    ['z(1 + ‖z‖²), d = 2, order 5', radial(2), 5, 4],
    ['a rotation of the plane, order 3', orThrow(linear(turn(0.7))), 3, 2],
    ['diag(1, 2), order 2', orThrow(linear(diagonal(1, 2))), 2, 3],
    ['a 4-cycle, order 4: its eigenvalues to fourth roots of one', orThrow(linear(cycle(4))), 4, 8]
  ])('%s', (_, m, order, expected) => {
    const { count, freedoms } = counted(m, order, 120)
    expect(count).toBe(expected)
    if (order > 2 || m === triangle) expect(freedoms).toEqual([0])
  })

  it('are none where there are none', () => {
    expect(counted(saturating(2), 3)).toMatchObject({ count: 0, solved: false })
    expect(counted(triangle, 4)).toMatchObject({ count: 0 })
    expect(counted(orThrow(linear(diagonal(1, 2))), 3)).toMatchObject({ count: 0 })
  })

  it('say where they come in families', () => {
    const { found } = orThrow(cyclicSymmetries([radial(3)], 3, { starts: 10 }))
    expect(found.length).toBeGreaterThan(3)
    // An axis of rotation in space has two directions to move in.
    expect(found.every(({ freedom }) => freedom === 2)).toBe(true)
  })

  it('have the order, and commute at fresh points', () => {
    for (const { matrix, residual } of orThrow(cyclicSymmetries([triangle], 3)).found) {
      expect(residual).toBeLessThan(1e-9)
      const cubed = multiply(matrix, multiply(matrix, matrix)).data
      identityMatrix(2).data.forEach((x, e) => {
        expect(cubed[e]).toBeCloseTo(x, 8)
      })
    }
  })

  it('of several mechanisms commute with all, and with every action', () => {
    const pushed = made({ latents: 2, actions: 1, step: (F, [x, y], [a]) => [F.add(x, a), y] })
    expect(orThrow(cyclicSymmetries([saturating(2), pushed], 2)).found).toHaveLength(1)
    expect(orThrow(cyclicSymmetries([saturating(2), triangle], 3)).found).toHaveLength(0)
  })
})

describe('dihedral symmetries', () => {
  it('of a triangle: two turns, three reflections each', () => {
    const { found } = orThrow(dihedralSymmetries([triangle], 3, { starts: 40 }))
    expect(found).toHaveLength(6)
    for (const { turn: t, reflection: r } of found) {
      const around = multiply(r.matrix, multiply(t.matrix, multiply(r.matrix, t.matrix))).data
      identityMatrix(2).data.forEach((x, e) => {
        expect(around[e]).toBeCloseTo(x, 7)
      })
    }
  })

  it('of tanh(2z) in the plane: two turns by 90°, four reflections each', () => {
    expect(orThrow(dihedralSymmetries([saturating(2)], 4, { starts: 40 })).found).toHaveLength(8)
  })

  it('are none for a rotation of the plane, which no reflection commutes with', () => {
    const m = orThrow(linear(turn(0.7)))
    expect(orThrow(dihedralSymmetries([m], 3, { starts: 20 })).found).toHaveLength(0)
  })
})

it('refuses what makes no sense', () => {
  const short: Mechanism = { latents: 2, actions: 0, step: (_, z) => z.slice(1) }
  expect(cyclicSymmetries([short], 2)).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(cyclicSymmetries([triangle], 1)).toMatchObject({ left: { _tag: 'InvalidOption' } })
  expect(dihedralSymmetries([triangle], 2)).toMatchObject({ left: { _tag: 'InvalidOption' } })
  expect(cyclicSymmetries([triangle], 3, { starts: 0 })).toMatchObject({ left: { _tag: 'InvalidOption' } })
  expect(cyclicSymmetries([], 3)).toMatchObject({ left: { _tag: 'ShapeMismatch', actual: 'empty' } })
  expect(cyclicSymmetries([triangle, radial(3)], 3)).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(cyclicSymmetries([triangle], 3, { actionDomains: [] })).toMatchObject({
    left: { _tag: 'ShapeMismatch' }
  })
  const undefinedAtNegative = made({ latents: 1, step: (F, [x]) => [F.log(x)] })
  expect(cyclicSymmetries([undefinedAtNegative], 2)).toMatchObject({ left: { _tag: 'NotFinite' } })
})
