import { type Elementary, type Kernel, kernel, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lookAtMeans } from '../src/additivity/places.js'
import { type TrainabilityOptions, trainability } from '../src/index.js'
import { chanceOfOverlap, startsFor } from '../src/trainability/internal/direction-law.js'
import { hermiteShare, sampledShare } from '../src/trainability/visible-share.js'
import { errorText } from './error-text.js'

const temporal = (
  latents: number,
  location: <A>(F: Elementary<A>, z: ReadonlyArray<A>, a: ReadonlyArray<A>) => ReadonlyArray<A>,
  actions = 0
): Kernel => orThrow(kernel({ latents, actions, lags: 1, location, scale: 0.1 }))

/** Row i reads itself alone, by a sine of its own frequency. */
const sines = (frequencies: ReadonlyArray<number>, phase = 0.7): Kernel =>
  temporal(frequencies.length, (F, z) =>
    z.map((x, i) => F.add(x, F.sin(F.add(F.mul(F.lit(frequencies[i]), x), F.lit(phase)))))
  )

describe('published problems', () => {
  it('TimeNonDiag: rows 0 to 3 are found from a random start, 4 to 9 are not', () => {
    const found = orThrow(trainability(orThrow(problem('TimeNonDiag', { latents: 10 }))))
    expect(found.method).toBe('hermite')
    expect(found.rows.map(({ reach }) => reach)).toEqual([
      ...new Array(4).fill('one start'),
      ...new Array(3).fill('more starts'),
      ...new Array(3).fill('out of reach')
    ])
    expect(found.outOfReach).toEqual([7, 8, 9])
    // Every row sees a smaller share than the one before it.
    found.rows.slice(1).forEach(({ visible }, i) => {
      expect(visible).toBeLessThan(found.rows[i].visible)
    })
    expect(found.order.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    // Peeling with 8 starts a step has found them all.
    expect(found.starts).toBeGreaterThan(1)
    expect(found.starts).toBeLessThanOrEqual(8)
    expect(found.explanation[0]).toBe(
      'A random start (overlap about 0.32) sees at least 5.0 % of z0, z1, z2, z3.'
    )
  })

  it.each(['TimeNonDiag (sigmoid)', 'ActionNonDiag'])('%s: one start', (name) => {
    const found = orThrow(trainability(orThrow(problem(name, { latents: 6 }))))
    expect(found.rows.every(({ reach }) => reach === 'one start')).toBe(true)
    expect(found.starts).toBe(1)
  })

  it('means that are not additive are sampled', () => {
    const found = orThrow(trainability(orThrow(problem('TimeNonDiag (norm)', { latents: 4 }))))
    expect(found.method).toBe('sampled')
    expect(found.rows.every(({ reach }) => reach === 'one start')).toBe(true)
  })
})

describe('what is visible', () => {
  it('of a sine falls like exp(−F² (1 − ρ))', () => {
    for (const F of [2, 3, 4]) {
      const means = lookAtMeans(sines([F, F]), [1, 1], generator(1))
      const share = hermiteShare(means, generator(2))
      for (const rho of [0.3, 0.6, 0.9]) {
        // Even and odd orders apart; order 0 is left out, and so is order 1, which all latents share.
        const [even, odd] = [Math.sin(0.7) ** 2, Math.cos(0.7) ** 2]
        const q = F * F
        const seen = (r: number) => even * (Math.cosh(q * r) - 1) + odd * (Math.sinh(q * r) - q * r)
        expect(share.visible(0, rho, new Set())).toBeCloseTo(seen(rho) / seen(1), 8)
        if (F === 4) expect(Math.log(share.visible(0, rho, new Set()))).toBeCloseTo(-q * (1 - rho), 0)
      }
    }
  })

  it('is the same from draws, up to their error', () => {
    const k = temporal(
      3,
      (F, [x, y, w], [a]) => [
        F.add(F.sin(F.mul(F.lit(2), x)), F.cos(y)),
        F.add(F.mul(y, y), F.add(F.tanh(w), a)),
        F.sin(w)
      ],
      1
    )
    const means = lookAtMeans(k, [1, 1, 1], generator(1))
    const [exact, drawn] = [hermiteShare(means, generator(2)), sampledShare(means, generator(3))]
    for (let i = 0; i < 3; i++)
      for (const rho of [0.4, 0.8])
        for (const found of [[], [1]])
          expect(
            Math.abs(exact.visible(i, rho, new Set(found)) - drawn.visible(i, rho, new Set(found)))
          ).toBeLessThan(0.12)
  })

  it('grows with the overlap and with what is found, and does not depend on units', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 3 }),
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 }),
        (tenths, powers) => {
          const base = sines(tenths.map((f) => f / 10))
          const units = powers.map((p) => 10 ** p)
          const other: Kernel = {
            ...base,
            location: (F, past, a) =>
              base
                .location(
                  F,
                  past.map((x, j) => F.mul(F.lit(1 / units[j]), x)),
                  a
                )
                .map((m, i) => F.mul(F.lit(units[i]), m))
          }
          const [one, two] = [orThrow(trainability(base)), orThrow(trainability(other, { spread: units }))]
          expect(two.rows.map(({ reach }) => reach)).toEqual(one.rows.map(({ reach }) => reach))
          const share = hermiteShare(lookAtMeans(base, [1, 1, 1], generator(1)), generator(2))
          const at = [0.1, 0.3, 0.5, 0.7, 0.9, 1].map((rho) => share.visible(0, rho, new Set()))
          at.slice(1).forEach((x, k) => {
            expect(x).toBeGreaterThanOrEqual(at[k] - 1e-12)
          })
          expect(share.visible(0, 0.3, new Set([0]))).toBe(1)
        }
      ),
      { numRuns: 10 }
    )
  })

  it('leaves out what looks the same in every direction', () => {
    const walk = orThrow(trainability(temporal(3, (F, z) => z.map((x) => F.mul(F.lit(0.9), x)))))
    expect(walk.rows.map(({ reach }) => reach)).toEqual(['nothing', 'nothing', 'nothing'])
    expect(walk.order).toEqual([])
    expect(walk.explanation).toContain('z0, z1, z2: nothing to find, for the mean moves as all others do.')
    const distinct = orThrow(
      trainability(temporal(3, (F, z) => z.map((x, i) => F.mul(F.lit(0.9 - 0.2 * i), x))))
    )
    // The one in the middle moves as the median does.
    expect(distinct.rows.map(({ reach }) => reach)).toEqual(['one start', 'nothing', 'one start'])
    expect(distinct.rows[0].nonlinear).toBeLessThan(1e-9)
    expect(distinct.explanation.join(' ')).toContain('What past latents do to z0, z2 is linear')
  })
})

describe('the search', () => {
  it('goes from easy rows to hard ones', () => {
    const found = orThrow(trainability(sines([4, 1.2, 2.5])))
    expect(found.order.map(({ row }) => row)).toEqual([1, 2, 0])
    expect(found.order.map(({ dimensions }) => dimensions)).toEqual([3, 2, 1])
    expect(found.order[2].visible).toBe(1)
  })

  it('knows how directions lie in space', () => {
    // On the sphere in three dimensions a coordinate is uniform.
    for (const rho of [0.1, 0.5, 0.9]) expect(chanceOfOverlap(rho, 3)).toBeCloseTo(1 - rho, 9)
    expect(chanceOfOverlap(0.5, 2)).toBeCloseTo(2 / 3, 9)
    expect(chanceOfOverlap(0.7, 1)).toBe(1)
    const random = generator(4)
    let hits = 0
    for (let r = 0; r < 20000; r++) {
      const v = Array.from({ length: 10 }, () => random.normal())
      if (Math.abs(v[0]) / Math.hypot(...v) >= 0.42) hits++
    }
    expect(Math.abs(chanceOfOverlap(0.42, 10) - hits / 20000)).toBeLessThan(0.01)
    expect(startsFor(0.5, 0.95)).toBe(5)
    expect(startsFor(1, 0.95)).toBe(1)
  })

  it('says what is wrong', () => {
    const k = sines([1, 2])
    const text = (options: TrainabilityOptions) => errorText(trainability(k, options))
    expect(text({ threshold: 0 })).toContain('threshold is 0')
    expect(text({ sure: 1 })).toContain('sure is 1')
    expect(text({ mostStarts: 0 })).toContain('mostStarts is 0')
    expect(text({ spread: [1] })).toContain('the number of spreads is 1, expected 2')
  })
})
