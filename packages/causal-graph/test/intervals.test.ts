import { dual, type Elementary, kernel, number, problem, problemNames } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitsOfKernel } from '../src/graph/graph-bits.js'
import { drawCondition } from '../src/influence/conditions.js'
import { hull, type Interval, pieces, point, WHOLE, width } from '../src/intervals/interval.js'
import { intervals } from '../src/intervals/interval-reading.js'
import { lawBounds } from '../src/witness/internal/law-bounds.js'

/** A formula in x and y that every reading can compute. */
type Formula = <A>(F: Elementary<A>, x: A, y: A) => A

const unary = ['neg', 'sin', 'cos', 'exp', 'log', 'tanh', 'sigmoid', 'softplus', 'sqrt', 'abs'] as const
const binary = ['add', 'sub', 'mul', 'div', 'max', 'min'] as const

const formulas: fc.Arbitrary<Formula> = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<Formula[]>(
      (_, x) => x,
      (_, _x, y) => y
    ),
    fc.double({ min: -5, max: 5, noNaN: true }).map(
      (value): Formula =>
        (F) =>
          F.lit(value)
    ),
    fc.tuple(fc.constantFrom(...unary), tie('formula')).map(
      ([name, f]): Formula =>
        (F, x, y) =>
          F[name](f(F, x, y))
    ),
    fc.tuple(fc.constantFrom(...binary), tie('formula'), tie('formula')).map(
      ([name, f, g]): Formula =>
        (F, x, y) =>
          F[name](f(F, x, y), g(F, x, y))
    ),
    fc.tuple(fc.constantFrom(-2, -1, 0, 0.5, 1, 2, 3, 4), tie('formula')).map(
      ([exponent, f]): Formula =>
        (F, x, y) =>
          F.pow(f(F, x, y), exponent)
    ),
    fc.tuple(tie('formula'), tie('formula'), tie('formula')).map(
      ([c, f, g]): Formula =>
        (F, x, y) =>
          F.where(c(F, x, y), f(F, x, y), g(F, x, y))
    )
  )
})).formula

const end = fc.oneof(fc.double({ min: -8, max: 8, noNaN: true }), fc.constantFrom(0, 1, -1, 100, -1e6))
const boxes = fc.tuple(end, end).map(([a, b]): Interval => ({ low: Math.min(a, b), high: Math.max(a, b) }))

const at = ({ low, high }: Interval, share: number): number => Math.min(high, low + share * (high - low))
const holds = ({ low, high }: Interval, value: number): boolean => low <= value && value <= high

describe('the reading in intervals', () => {
  it('bounds every formula at every point of a box', () => {
    let [bounded, checked] = [0, 0]
    fc.assert(
      fc.property(formulas, boxes, boxes, (f, x, y) => {
        const bounds = f(intervals, x, y)
        if (width(bounds) < Infinity) bounded++
        for (const s of [0, 0.001, 0.3, 0.5, 0.77, 1])
          for (const t of [0, 0.2, 0.5, 1]) {
            const value = f(number, at(x, s), at(y, t))
            if (!Number.isFinite(value)) continue
            checked++
            expect(holds(bounds, value)).toBe(true)
          }
      }),
      { seed: 71, numRuns: 4000 }
    )
    expect(bounded).toBeGreaterThan(1000)
    expect(checked).toBeGreaterThan(20_000)
  })

  it('bounds slopes, by dual numbers over intervals', () => {
    fc.assert(
      fc.property(formulas, boxes, boxes, (f, x, y) => {
        const slope = f(dual(intervals), { value: x, tangents: [point(1)] }, { value: y, tangents: [] })
        for (const s of [0.1, 0.5, 0.9]) {
          const own = f(dual(number), { value: at(x, s), tangents: [1] }, { value: at(y, 0.4), tangents: [] })
          const [exact = 0] = own.tangents
          if (Number.isFinite(exact) && Number.isFinite(own.value))
            expect(holds(slope.tangents[0] ?? point(0), exact)).toBe(true)
        }
      }),
      { seed: 72, numRuns: 2000 }
    )
  })

  it.each<[string, Interval, Interval]>([
    ['a sine over a maximum', intervals.sin({ low: 1, high: 2 }), { low: Math.sin(1), high: 1 }],
    ['a sine over a minimum far out', intervals.sin({ low: 1e5, high: 1e5 + 6 }), { low: -1, high: 1 }],
    ['a cosine between', intervals.cos({ low: 1, high: 2 }), { low: Math.cos(2), high: Math.cos(1) }],
    ['a sine of anything', intervals.sin(WHOLE), { low: -1, high: 1 }],
    ['tanh of anything', intervals.tanh(WHOLE), { low: -1, high: 1 }],
    ['a square', intervals.pow({ low: -2, high: 1 }, 2), { low: 0, high: 4 }],
    ['0 times anything', intervals.mul(point(0), WHOLE), point(0)]
  ])('is as tight as it can be: %s', (_, found, exact) => {
    expect(found.low).toBeCloseTo(exact.low, 12)
    expect(found.high).toBeCloseTo(exact.high, 12)
  })

  it('knows nothing where something may be undefined', () => {
    for (const x of [
      intervals.div(point(1), { low: -1, high: 1 }),
      intervals.log({ low: -1, high: 1 }),
      intervals.sqrt({ low: -1, high: 1 }),
      intervals.pow({ low: -1, high: 1 }, 0.5),
      intervals.lit(Number.NaN)
    ])
      expect(x).toEqual(WHOLE)
  })

  it('is cut into pieces that cover it', () => {
    fc.assert(
      fc.property(boxes, fc.integer({ min: 1, max: 40 }), (x, count) => {
        const parts = pieces(x, count)
        const whole = parts.reduce(hull)
        // −0 is 0.
        expect([whole.low === x.low, whole.high === x.high]).toEqual([true, true])
        parts.slice(1).forEach((part, p) => {
          expect(part.low === parts[p].high).toBe(true)
        })
      })
    )
  })
})

describe('the bounds of a law', () => {
  it('hold for the published problems, at random pasts and actions', () => {
    for (const name of problemNames) {
      const k = orThrow(problem(name, { latents: 4 }))
      const { actions } = bitsOfKernel(k)
      const bounds = k.noise.map((_, i) => lawBounds(k, i, actions))
      const random = generator(5)
      for (let draw = 0; draw < 50; draw++) {
        const { past, a } = drawCondition(k, random)
        const [location, scale] = [k.location(number, past, a), k.scale(number, past, a)]
        bounds.forEach((bound, i) => {
          expect(holds(bound.location, location[i])).toBe(true)
          expect(holds(bound.scale, scale[i])).toBe(true)
        })
      }
    }
  })

  it('are near what is attained where one action bears on a latent', () => {
    const k = orThrow(
      kernel({
        latents: 1,
        actions: 3,
        location: (F, _past, [, b]) => [F.add(F.sin(F.mul(F.lit(3), b)), F.cos(F.mul(F.lit(2), b)))],
        scale: 0.3
      })
    )
    const means = Array.from({ length: 4001 }, (_, q) => k.location(number, [], [0, q / 1000 - 2, 0])[0])
    const { location, scale } = lawBounds(k, 0, bitsOfKernel(k).actions)
    expect(location.high - Math.max(...means)).toBeGreaterThanOrEqual(0)
    expect(location.high - Math.max(...means)).toBeLessThan(0.05)
    expect(Math.min(...means) - location.low).toBeLessThan(0.05)
    expect(scale).toEqual(point(0.3))
  })

  it('take every value of a choice', () => {
    const k = orThrow(
      kernel({
        latents: 1,
        actions: 1,
        location: (F, _past, [a]) => [F.mul(a, F.sub(a, F.lit(3)))],
        scale: 1,
        actionDomains: [{ _tag: 'Choice', values: 5 }]
      })
    )
    const { location } = lawBounds(k, 0, bitsOfKernel(k).actions)
    expect(location.low).toBeCloseTo(-2, 12)
    expect(location.high).toBeCloseTo(4, 12)
  })
})
