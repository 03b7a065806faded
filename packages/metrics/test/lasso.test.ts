import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { correlationsOf, jointMoments } from '../src/internal/covariance.js'
import { lassoOnCorrelations } from '../src/regressors/lasso.js'

const ROWS = 200

/** Correlations of k inputs that are mixtures of a few sources, apart by `spread`, and of a target made of them. */
const collinear = (k: number, sources: number, spread: number, seed: number) => {
  const random = generator(seed)
  const normal = (count: number): Float64Array => {
    const out = new Float64Array(count)
    random.fillNormal(out)
    return out
  }
  const [source, own, mix, noise] = [
    normal(ROWS * sources),
    normal(ROWS * k),
    normal(k * sources),
    normal(ROWS)
  ]
  const inputs = own.map((x, at) => {
    const [row, j] = [Math.floor(at / k), at % k]
    let sum = spread * x
    for (let s = 0; s < sources; s++) sum += mix[j * sources + s] * source[row * sources + s]
    return sum
  })
  const target = noise.map((x, row) => {
    let sum = x
    for (let j = 0; j < k; j++) sum += (j % 2 === 0 ? 1 : -1) * (inputs[row * k + j] + own[row * k + j])
    return sum
  })
  return correlationsOf(jointMoments({ data: target, shape: [ROWS, 1] }, { data: inputs, shape: [ROWS, k] }))
}

/** How far β is from the conditions of a minimum: slopes ±λ where it is not 0, at most λ where it is. */
const violation = (inputs: Float64Array, target: Float64Array, lambda: number, beta: Float64Array): number =>
  Math.max(
    ...target.map((c, j) => {
      const slope = beta.reduce((sum, b, i) => sum - inputs[j * beta.length + i] * b, c)
      return beta[j] === 0 ? Math.abs(slope) - lambda : Math.abs(slope - lambda * Math.sign(beta[j]))
    })
  )

const size = (beta: Float64Array): number => beta.reduce((sum, b) => sum + Math.abs(b), 1)

describe('the lasso', () => {
  it('reaches its minimum however collinear the inputs are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 10 }),
        fc.constantFrom(0, 1e-4, 1e-3, 0.01, 0.1),
        fc.nat(),
        (k, sources, digits, lambda, seed) => {
          const spread = digits === 10 ? 0 : 10 ** -digits
          const { cross, learned } = collinear(k, sources, spread, seed)
          const beta = orThrow(lassoOnCorrelations('here', learned, k, cross, lambda))
          expect(violation(learned, cross, lambda, beta)).toBeLessThan(2e-10 * size(beta))
        }
      ),
      // The example: inputs that are equal up to rounding, but not their correlations with the target.
      { numRuns: 500, examples: [[5, 1, 9, 0.001, 1855878138]] }
    )
  })

  it('tells two nearly equal inputs apart, where coordinates hardly move', () => {
    // y = (x₀ − x₁)/√(2ε) with corr(x₀, x₁) = 1 − ε: both coefficients are ±1/√(2ε) without a penalty.
    const epsilon = 1e-6
    const slope = Math.sqrt(epsilon / 2)
    const inputs = Float64Array.of(1, 1 - epsilon, 1 - epsilon, 1)
    const beta = orThrow(lassoOnCorrelations('here', inputs, 2, [slope, -slope], 0))
    expect(beta[0]).toBeCloseTo(1 / Math.sqrt(2 * epsilon), 4)
    expect(beta[1]).toBeCloseTo(-1 / Math.sqrt(2 * epsilon), 4)
  })

  it('says so where there is no minimum to reach', () => {
    // No columns have these correlations: the objective falls without end.
    const result = lassoOnCorrelations('here', Float64Array.of(1, 2, 2, 1), 2, [0.5, 0.2], 0.01)
    expect(E.isLeft(result) && result.left).toMatchObject({
      _tag: 'Degenerate',
      where: 'here',
      actual: 'not at its minimum after 200 sweeps and 500 exact steps'
    })
  })
})
