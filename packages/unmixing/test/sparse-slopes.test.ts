import { randomRotation } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { describe, expect, it } from 'vitest'
import { type Counting, countOf, turnPairs } from '../src/pair-turns.js'
import { inBasis, meanSquares, slopeFamily, turnPair } from '../src/slope-family.js'
import { sparseSlopes } from '../src/sparse-slopes.js'

const D = 5
const ACTIONS = 1
const WIDTH = 2 * D + ACTIONS
const POINTS = 60
/** Slopes of a lower triangular graph and of one action that moves the last latent, in a random basis b: bᵀ J b. */
const problem = () => {
  const random = generator(5)
  const b = randomRotation(D, () => random.normal()).data
  const slopes = new Float64Array(POINTS * D * WIDTH)
  for (let p = 0; p < POINTS; p++) {
    const own = Array.from({ length: D * WIDTH }, (_, at) => {
      const [i, c] = [Math.floor(at / WIDTH), at % WIDTH]
      const edge = c < 2 * D ? c % D <= i : i === D - 1
      return edge ? random.normal() : 0
    })
    for (let i = 0; i < D; i++) {
      for (let c = 0; c < WIDTH; c++) {
        for (let k = 0; k < D; k++) {
          if (c >= 2 * D) {
            slopes[(p * D + i) * WIDTH + c] += b[k * D + i] * own[k * WIDTH + c]
            continue
          }
          for (let l = 0; l < D; l++) {
            const entry = own[k * WIDTH + (c - (c % D)) + l]
            slopes[(p * D + i) * WIDTH + c] += b[k * D + i] * entry * b[l * D + (c % D)]
          }
        }
      }
    }
  }
  return { b, given: { latents: D, lags: 2, actions: ACTIONS, slopes, points: POINTS, noise: 0.01 } }
}
const COUNT: Counting = { kind: 'count', half: 0.5 }

describe('slopes in another basis', () => {
  it('a turn of two rows is a change of basis, of every lag', () => {
    const { given } = problem()
    const family = slopeFamily(given)
    const turn = Float64Array.from({ length: D * D }, (_, at) => (at % (D + 1) === 0 ? 1 : 0))
    const [cos, sin] = [Math.cos(0.7), Math.sin(0.7)]
    turn.set([cos, sin], D + 1)
    turn.set([-sin, cos], 2 * D + 1)
    const expected = meanSquares(inBasis(family, turn))
    turnPair(family, 1, 2, 0.7)
    meanSquares(family).forEach((square, at) => {
      expect(square).toBeCloseTo(expected[at], 6)
    })
  })

  it('in true latents, what the graph leaves out is zero', () => {
    const { b, given } = problem()
    const squares = meanSquares(inBasis(slopeFamily(given), b))
    for (let i = 0; i < D; i++) {
      for (let j = 0; j < D; j++) {
        if (j > i) expect(squares[i * (D + ACTIONS) + j]).toBeLessThan(0.05)
        else expect(squares[i * (D + ACTIONS) + j]).toBeGreaterThan(10)
      }
    }
  })

  it('turning pairs never counts more, and says what it came to', () => {
    const { given } = problem()
    const family = inBasis(slopeFamily(given), randomRotation(D, generator(9).normal).data)
    const before = countOf(meanSquares(family), COUNT)
    const after = turnPairs(family, new Float64Array(D * D), COUNT)
    expect(after).toBeLessThan(before)
    expect(after).toBeCloseTo(countOf(meanSquares(family), COUNT), 9)
  })
})

it('finds the basis of sparse slopes and its graph', async () => {
  const { b, given } = problem()
  const { rows, actions, agreed } = await sparseSlopes(given, [], generator(2), async () => true)
  for (let i = 0; i < D; i++) {
    const nearest = Math.max(
      ...Array.from({ length: D }, (_, k) =>
        Math.abs(b.subarray(i * D, (i + 1) * D).reduce((sum, x, j) => sum + x * rows[k * D + j], 0))
      )
    )
    expect(nearest).toBeGreaterThan(0.999)
  }
  expect(agreed).toEqual(Array(D).fill(true))
  expect(Array.from(actions).filter((square) => square > 1)).toHaveLength(1)
})

/**
 * Slopes of a triangular graph whose last two latents are moved by nearly the same functions: what causes 0 to 7 do to half their difference is
 * `weak` noise variances. Slopes that are zero are wrong by a hundredth of one.
 */
const twins = () => {
  const d = 10
  const points = 120
  const random = generator(11)
  const slopes = new Float64Array(points * d * d)
  const weak = [0.2, 0.23, 0.26, 0.3, 0.35, 0.4, 0.45, 0.5]
  for (let p = 0; p < points; p++) {
    const at = (i: number, j: number): number => (p * d + i) * d + j
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) slopes[at(i, j)] = j <= i ? 12 * random.normal() : 0.1 * random.normal()
    }
    const difference = random.normal()
    weak.forEach((square, j) => {
      slopes[at(9, j)] = slopes[at(8, j)] + Math.sqrt(2 * square) * difference
    })
  }
  return { latents: d, lags: 1, actions: 0, slopes, points, noise: 1 }
}

it('latents, and not differences of two with nearly the same causes, which may count less', async () => {
  const given = twins()
  const { rows, agreed, clearer = 0 } = await sparseSlopes(given, [], generator(2), async () => true)
  for (let i = 0; i < 10; i++) {
    expect(Math.max(...rows.subarray(10 * i, 10 * (i + 1)).map(Math.abs))).toBeGreaterThan(0.99)
  }
  expect(agreed).toEqual(Array(10).fill(true))
  expect(clearer).toBeGreaterThan(4)
})
