import { type Kernel, type Mechanism, rotation, translation } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  type Ambiguity,
  type AmbiguityOptions,
  ambiguityOf,
  constants,
  equivarianceFields,
  linearFields,
  polynomials,
  union
} from '../src/index.js'
import {
  apart,
  bentKernel,
  boxIn,
  duffing,
  inOtherUnits,
  kernelInOtherUnits,
  laplaceWalk,
  logisticWalk,
  resonant,
  sheared,
  swollen
} from './nonlinear.js'

const upTo = (degree: number) => orThrow(polynomials(degree))
/** Exponents from −6 to 6: ratios of units up to 10¹². */
const random = generator(12)
const drawnUnits = (d: number): number[] => Array.from({ length: d }, () => 10 ** (12 * random.uniform() - 6))

/** What may not depend on units: all but the fields themselves and exchanges of latents. */
const told = ({ dimension, statuses, entanglement, bound, evidence, closed }: Ambiguity) => ({
  dimension,
  kinds: statuses.map(({ kind, with: others }) => [kind, others]),
  flips: statuses.map(({ flips }) => flips),
  entanglement,
  bound,
  closed,
  certainty: evidence.decision.certainty,
  nullity: evidence.decision.nullity
})

const mechanisms: [string, Mechanism, AmbiguityOptions, number[]][] = [
  ['an oscillator with a cubic spring', duffing(2, 1, 0.3), { degrees: [] }, [1, 1.5]],
  ['a swelling', swollen(2), { dictionary: upTo(3) }, [1, 1]],
  ['a resonance', resonant, { dictionary: upTo(3) }, [1, 1]],
  ['a resonance that is sheared', sheared, { dictionary: upTo(3) }, [1, 1]],
  ['latents that do not see each other', apart, { dictionary: upTo(2) }, [1, 2]],
  ['linear fields of a turn', orThrow(rotation(2, 0, 1, 0.7)), { dictionary: linearFields }, [1, 1]],
  [
    'constants and linear fields of a push',
    orThrow(translation([0.5, 0.2])),
    { dictionary: union([constants, linearFields]) },
    [1, 1]
  ]
]

describe('answers do not depend on what latents are measured in', () => {
  it.each(mechanisms)('%s', (_, m, options, half) => {
    const plain = orThrow(ambiguityOf([m], { ...options, box: boxIn(half, [1, 1]) }))
    for (let k = 0; k < 4; k++) {
      const units = drawnUnits(2)
      const other = orThrow(ambiguityOf([inOtherUnits(m, units)], { ...options, box: boxIn(half, units) }))
      expect(told(other), `units ${units}`).toEqual(told(plain))
      const [before, after] = [plain, other].map(({ evidence }) => evidence.decision)
      before.ladder.forEach((x, j) => {
        if (x > 1e-6) expect(after.ladder[j] / x).toBeCloseTo(1, 4)
      })
    }
  })

  const kernels: [string, Kernel, number][] = [
    ['a Laplace walk', laplaceWalk, 2],
    ['a logistic walk', logisticWalk, 1],
    ['a bent kernel', bentKernel, 0]
  ]
  it.each(kernels)('%s', (_, k, dimension) => {
    const half = [1, 1]
    const options = { dictionary: upTo(2) }
    const plain = orThrow(ambiguityOf([k], { ...options, box: boxIn(half, [1, 1]) }))
    expect(plain.dimension).toBe(dimension)
    for (let trial = 0; trial < 4; trial++) {
      const units = drawnUnits(2)
      const other = orThrow(
        ambiguityOf([kernelInOtherUnits(k, units)], { ...options, box: boxIn(half, units) })
      )
      expect(told(other), `units ${units}`).toEqual(told(plain))
    }
  })

  it('nor on those of the dictionary’s own functions', async () => {
    const { functionFields } = await import('../src/index.js')
    for (const size of [1, 1e-20, 1e20]) {
      const dictionary = functionFields('scaled', (F, z) => [
        F.lit(size),
        ...z.map((x) => F.mul(F.lit(size ** 0.5), x))
      ])
      expect(equivarianceFields([resonant], { dictionary })).toMatchObject({ right: { dimension: 2 } })
    }
  })
})

describe('a box that nobody named', () => {
  it('is measured in units that balance the slopes', () => {
    for (const stiffness of [1e-8, 1e-4, 1, 22500, 1e8]) {
      const rate = Math.sqrt(stiffness)
      const answer = orThrow(ambiguityOf([duffing(stiffness, stiffness, 0.6 / rate)], { degrees: [] }))
      expect(answer.statuses.map(({ kind }) => kind)).toEqual(['entangled', 'entangled'])
      expect(answer.dimension).toBe(1)
      const [[, x], [, v]] = answer.options.box ?? []
      // Slopes in other places differ by some factor.
      expect(Math.abs(Math.log2(v / x / rate))).toBeLessThanOrEqual(2)
      // One of them is as wide as [−1, 1], or both lie on either side of it.
      expect(Math.min(x, v)).toBeLessThanOrEqual(1)
      expect(Math.max(x, v)).toBeGreaterThanOrEqual(1)
    }
  })

  it('is measured in units of the noise', () => {
    for (const units of [
      [1, 1],
      [1, 1e-6],
      [1e5, 1e-5]
    ]) {
      const answer = orThrow(ambiguityOf([kernelInOtherUnits(laplaceWalk, units)]))
      expect(answer.dimension).toBe(2)
      expect(answer.statuses.map(({ kind }) => kind)).toEqual(['shift', 'shift'])
      const [[, x], [, y]] = answer.options.box ?? []
      expect(Math.abs(Math.log2(x / y / (units[0] / units[1])))).toBeLessThanOrEqual(1)
    }
  })

  it('is [−1, 1] where slopes give no units', () => {
    expect(orThrow(ambiguityOf([swollen(2)])).options.box).toEqual([
      [-1, 1],
      [-1, 1]
    ])
  })
})
