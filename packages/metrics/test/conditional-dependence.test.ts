import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type ConditionalDependenceOptions, conditionalDependence, type Estimate } from '../src/index.js'

/** Three standard normal columns; the third correlates with the second by .8. */
const inputs = (rows: number, seed: number): Float64Array => {
  const random = generator(seed)
  const data = new Float64Array(3 * rows)
  for (let r = 0; r < rows; r++) {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()]
    data.set([a, b, 0.8 * b + 0.6 * c], 3 * r)
  }
  return data
}

const asked = (
  rows: number,
  seed: number,
  y: (a: number, b: number, c: number, noise: number) => number,
  options: Partial<ConditionalDependenceOptions> = {}
) => {
  const x = inputs(rows, seed)
  const random = generator(seed).split('noise')
  const data = Float64Array.from({ length: rows }, (_, r) =>
    y(x[3 * r], x[3 * r + 1], x[3 * r + 2], random.normal())
  )
  return orThrow(
    conditionalDependence(
      { data, shape: [rows, 1] },
      { data: x, shape: [rows, 3] },
      { given: [0], candidates: [1, 2], ...options }
    )
  )
}

/** Four standard errors, and what half the rows leave unlearned of a direction. */
const isNear = ({ value, standardError }: Estimate, share: number): void =>
  expect(Math.abs(value - Math.sqrt(share))).toBeLessThan(4 * standardError + 0.01)

describe('the size of a help', () => {
  it('is its share of the variance, for linear and for bent dependence', () => {
    // Var = 1 + .09 + .01: the second input explains 9 / 110.
    const linear = asked(4000, 1, (a, b, _, noise) => a + 0.3 * b + 0.1 * noise)
    isNear(linear.candidates[0].correlation, 0.09 / 1.1)
    // Var cos 2b = (1 − e^−4)² / 2 = .482.
    const bent = asked(4000, 1, (a, b, _, noise) => a + 0.3 * Math.cos(2 * b) + 0.1 * noise)
    const share = (0.09 * 0.482) / (1 + 0.09 * 0.482 + 0.01)
    isNear(bent.candidates[0].correlation, share)
    // An interaction with what is given: no function of the candidate alone.
    const product = asked(4000, 1, (a, b, _, noise) => a + 0.3 * a * b + 0.1 * noise)
    isNear(product.candidates[0].correlation, 0.09 / 1.1)
  })

  it('is never more than what is left open', () => {
    const { unexplained, unexplainedInSample, candidates } = asked(
      2000,
      2,
      (a, b, _, n) => a + 0.5 * b + 0.2 * n
    )
    expect(candidates[0].correlation.value ** 2).toBeLessThan(unexplained.value)
    expect(unexplainedInSample.value).toBeLessThan(unexplained.value)
    expect(unexplained.value).toBeCloseTo(0.29 / 1.29, 1)
  })

  it('tells a cause from its proxy', () => {
    const { candidates } = asked(4000, 3, (a, b, _, noise) => a + 0.3 * b + 0.1 * noise)
    expect(candidates[1].correlation.value).toBeGreaterThan(0.15)
    expect(Math.abs(candidates[1].beyondOthers.value)).toBeLessThan(0.01)
    expect(candidates[0].beyondOthers.value).toBeGreaterThan(0.1)
  })

  it('of the rest is the squared partial correlation', () => {
    const { candidates } = asked(4000, 4, (a, b, _, noise) => a + 0.03 * b + 0.03 * noise, { of: 'rest' })
    isNear(candidates[0].correlation, 0.5)
  })
})

describe('no help', () => {
  it('is called none in 95 of 100 draws', () => {
    // The target bends with a, candidate 1 does, too: both regressions have to be right for the product to vanish.
    let alarms = 0
    for (let seed = 101; seed <= 200; seed++) {
      const random = generator(seed)
      const rows = 200
      const x = new Float64Array(2 * rows)
      const y = new Float64Array(rows)
      for (let r = 0; r < rows; r++) {
        const a = random.normal()
        x.set([a, Math.sin(2 * a) + 0.5 * random.normal()], 2 * r)
        y[r] = Math.sin(2 * a) + a * random.normal()
      }
      const { correlation } = orThrow(
        conditionalDependence(
          { data: y, shape: [rows, 1] },
          { data: x, shape: [rows, 2] },
          { given: [0], candidates: [1], seed }
        )
      ).candidates[0]
      if (correlation.value > 1.645 * correlation.standardError) alarms++
    }
    // Binomial(100, .05) exceeds 11 once in 200.
    expect(alarms).toBeLessThanOrEqual(11)
  }, 120_000)

  it('is believed only where a planted one is seen', () => {
    const still = (rows: number) => asked(rows, 5, (a, _b, _c, noise) => a + noise).candidates[0].recovered
    expect(still(60)).toBeLessThan(0.5)
    expect(still(8000)).toBeGreaterThan(0.8)
  })

  it('can come from a copy of what is given, which has nothing of its own', () => {
    const rows = 1000
    const random = generator(6)
    const x = new Float64Array(2 * rows)
    for (let r = 0; r < rows; r++) {
      const a = random.normal()
      x.set([a, a ** 3 + 0.01 * random.normal()], 2 * r)
    }
    const y = { data: Float64Array.from({ length: rows }, (_, r) => x[2 * r]), shape: [rows, 1] as const }
    const answer = orThrow(
      conditionalDependence(y, { data: x, shape: [rows, 2] }, { given: [0], candidates: [1] })
    )
    expect(answer.candidates[0].own).toBeLessThan(0.1)
    expect(answer.unexplained.value).toBeLessThan(1e-4)
  })
})

it('nothing given is a question, too', () => {
  const { unexplained, candidates } = asked(1000, 7, (_a, b) => b, { given: [] })
  expect(unexplained.value).toBeCloseTo(1, 1)
  expect(candidates[0].correlation.value ** 2).toBeCloseTo(1, 1)
})

it('a target that does not vary is explained by nothing, and needs nothing', () => {
  const { unexplained, candidates } = asked(100, 8, () => 3)
  expect(unexplained).toEqual({ value: 0, standardError: 0 })
  expect(candidates.map(({ correlation }) => correlation.value)).toEqual([0, 0])
})

it('the same seed gives the same numbers', () => {
  const once = () => asked(300, 9, (a, b, _, noise) => a * b + noise, { seed: 3 })
  expect(once()).toEqual(once())
})

describe('wrong input is named', () => {
  const y = { data: new Float64Array(50), shape: [50, 1] as const }
  const x = { data: Float64Array.from({ length: 100 }, (_, i) => i % 7), shape: [50, 2] as const }
  const few = { data: new Float64Array(20), shape: [20, 1] as const }
  it.each([
    ['rows that differ', few, x, { given: [0], candidates: [1] }, 'ShapeMismatch', /20/],
    ['two targets', x, x, { given: [0], candidates: [1] }, 'ShapeMismatch', /columns of y/],
    [
      'twenty rows',
      few,
      { data: new Float64Array(20), shape: [20, 1] as const },
      { given: [], candidates: [0] },
      'TooFewRows',
      /40/
    ],
    ['a column that is not there', y, x, { given: [2], candidates: [1] }, 'InvalidOption', /given is 2/],
    ['a column twice', y, x, { given: [0], candidates: [1, 1] }, 'InvalidOption', /candidates/],
    ['a candidate that is given', y, x, { given: [0], candidates: [0] }, 'InvalidOption', /not given/],
    ['a probe of nothing', y, x, { given: [0], candidates: [1], probe: 0 }, 'InvalidOption', /probe/]
  ] as const)('%s', (_, target, columns, options, tag, words) => {
    const result = conditionalDependence(target, columns, options)
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: tag } })
    if (result._tag === 'Left') expect(result.left.message).toMatch(words)
  })
})
