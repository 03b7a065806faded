/** One discrete action: rare values that move latents, and segments that change how much latents vary. */
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type Unmixed, unmix } from '../src/index.js'
import { balance, interventionsOf, restingLevel } from '../src/interventions.js'
import { type RotatedCodes, scored } from './rotated-codes.js'

/** Latents of each value, by its number and the normal draws of a row, rotated a little into codes. */
const codesOf = (
  d: number,
  counts: readonly number[],
  edges: (value: number) => readonly number[],
  latents: (value: number, normal: () => number) => number[],
  { seed, control }: { readonly seed: number; readonly control: boolean }
): RotatedCodes => {
  const random = generator(seed)
  const n = counts.reduce((sum, count) => sum + count, 0)
  // Without `control` the first value has a column, too.
  const k = counts.length - (control ? 1 : 0)
  const z = new Float32Array(n * d)
  const codes = new Float32Array(n * d)
  const a = new Float32Array(n * k)
  let row = 0
  counts.forEach((count, value) => {
    for (let c = 0; c < count; c++, row++) {
      z.set(
        latents(value, () => random.normal()),
        row * d
      )
      const column = value - (control ? 1 : 0)
      if (column >= 0) a[row * k + column] = 1
    }
  })
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < d; i++) {
      const [own, next, far] = [z[r * d + i], z[r * d + ((i + 1) % d)], z[r * d + ((i + 3) % d)]]
      codes[r * d + i] = own + 0.7 * next - 0.6 * far + 0.02 * random.normal()
    }
  }
  const actions = Array.from({ length: d }, (_, i) =>
    Array.from({ length: k }, (__, l) => Number(edges(l + (control ? 1 : 0)).includes(i)))
  )
  return {
    codes: { data: codes, shape: [n, d] },
    actions: { data: a, shape: [n, k] },
    z: { data: z, shape: [n, d] },
    graph: { actions }
  }
}

const D = 10
/** A control, 40 perturbations of which each fifth has 20 rows, and each fourth moves two latents. */
const COUNTS = [1500, ...Array.from({ length: 40 }, (_, v) => (v % 5 === 0 ? 20 : 60 + 10 * v))]
const targets = (value: number): readonly number[] =>
  value === 0 ? [] : value % 4 === 0 ? [value % D, (3 * value + 1) % D] : [value % D]
const shifted = (value: number, normal: () => number): number[] => {
  const z = Array.from({ length: D }, normal)
  targets(value).forEach((i, at) => {
    z[i] += (value % 3 === at ? -1 : 1) * (4 + ((value * 7) % 5))
  })
  return z
}

const unmixed = async (codes: RotatedCodes): Promise<Unmixed> => orThrow(await unmix(codes, { seed: 1 })())

describe('rare interventions', () => {
  it.each([
    ['a control with a column of its own', { seed: 101, control: false }],
    ['rows without a value as the control', { seed: 102, control: true }]
  ])(
    'are found with every edge: %s',
    async (_, options) => {
      const codes = codesOf(D, COUNTS, targets, shifted, options)
      const found = await unmixed(codes)
      const { mcc, shd } = scored(codes, found)
      expect(mcc).toBeGreaterThan(0.98)
      expect(shd).toBe(0)
      expect(found.decision.clear).toBe(true)
    },
    180_000
  )

  it('are found without any control: a latent rests where most values leave it', async () => {
    const codes = codesOf(
      D,
      COUNTS.slice(1),
      (v) => targets(v + 1),
      (v, normal) => shifted(v + 1, normal),
      {
        seed: 103,
        control: false
      }
    )
    const { mcc, shd } = scored(codes, await unmixed(codes))
    expect(mcc).toBeGreaterThan(0.98)
    expect(shd).toBe(0)
  }, 180_000)
})

describe('segments that change variances', () => {
  it('name the basis, and are edges', async () => {
    const d = 5
    const factors = Array.from({ length: 20 }, (_, v) =>
      Array.from({ length: d }, (__, i) => ((v + i) % 3 === 0 ? 2.5 : (v * i) % 4 === 1 ? 0.4 : 1))
    )
    const changed = (v: number): number[] => factors[v].flatMap((factor, i) => (factor === 1 ? [] : [i]))
    const codes = codesOf(
      d,
      new Array(20).fill(400),
      changed,
      (v, normal) => factors[v].map((factor) => factor * normal()),
      { seed: 104, control: false }
    )
    const found = await unmixed(codes)
    expect(found.hypothesis).toBe('variances')
    expect(found.explanation.join(' ')).toContain('change how much independent latents vary')
    const { mcc, shd } = scored(codes, found)
    expect(mcc).toBeGreaterThan(0.98)
    expect(shd).toBe(0)
  }, 180_000)
})

describe('interventionsOf', () => {
  it('takes columns of 0 and 1 of which at most one is 1', () => {
    const [a, b] = [Float64Array.of(1, 0, 0, 0), Float64Array.of(0, 1, 1, 0)]
    expect(interventionsOf([a, b])).toEqual({
      of: Int32Array.of(0, 1, 1, 2),
      counts: Int32Array.of(1, 2, 1),
      full: false
    })
    expect(interventionsOf([a, Float64Array.of(1, 0, 0, 0)])).toBeUndefined()
    expect(interventionsOf([a, Float64Array.of(0, 0.5, 0, 0)])).toBeUndefined()
  })
})

it('counts a rare column as if it were balanced, and a balanced one as it is', () => {
  expect(balance([1, 0, 1, 0], true)).toBe(1)
  expect(balance([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], true)).toBeCloseTo(0.25 / 0.09, 10)
  expect(balance([1, 0, 0, 0], false)).toBe(1)
})

it('rests where most values are, whatever their rows, and at those with more rows if there are as many', () => {
  const of = (counts: number[], levels: number[]): number =>
    restingLevel(
      { of: new Int32Array(0), counts: Int32Array.from([...counts, 0]), full: true },
      [...levels, 0],
      1
    )
  expect(of([10, 10, 500], [0, 0, 9])).toBeCloseTo(0, 10)
  expect(of([10, 500], [0, 9])).toBeCloseTo(9, 10)
})
