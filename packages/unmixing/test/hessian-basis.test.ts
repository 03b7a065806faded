import { randomRotation } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { hessianBasis } from '../src/hessian-basis.js'
import { unmix } from '../src/index.js'
import { jointDiagonal } from '../src/joint-diagonal.js'
import type { WhitenedCodes } from '../src/whitened-codes.js'
import { bentCodes, problemKernel, type RotatedCodes, rotatedCodes, scored } from './rotated-codes.js'

const D = 5

/** Bᵀ C B for diagonal or other C, [d, d]. */
const within = (b: Float64Array, c: Float64Array): Float64Array => {
  const out = new Float64Array(D * D)
  for (let i = 0; i < D; i++)
    for (let j = 0; j < D; j++)
      for (let k = 0; k < D; k++)
        for (let l = 0; l < D; l++) out[i * D + j] += b[k * D + i] * c[k * D + l] * b[l * D + j]
  return out
}

/** The least, over rows of b, of the best cosine with a row of `found`. */
const worstRow = (b: Float64Array, found: Float64Array): number =>
  Math.min(
    ...Array.from({ length: D }, (_, i) =>
      Math.max(
        ...Array.from({ length: D }, (_, k) => {
          let dot = 0
          for (let j = 0; j < D; j++) dot += b[i * D + j] * found[k * D + j]
          return Math.abs(dot)
        })
      )
    )
  )

describe('the joint diagonal of symmetric matrices', () => {
  const random = generator(4)
  const b = randomRotation(D, () => random.normal()).data
  const diagonals = Array.from({ length: 3 }, () =>
    Float64Array.from({ length: D * D }, (_, at) => (at % (D + 1) === 0 ? random.normal() : 0))
  )

  it('finds the rotation that they share', () => {
    const { rows, left } = jointDiagonal(
      diagonals.map((c) => within(b, c)),
      D
    )
    expect(left).toBeLessThan(1e-15)
    expect(worstRow(b, rows)).toBeCloseTo(1, 9)
  })

  it('says how much is left where they share none', () => {
    const any = Array.from({ length: 4 }, () => {
      const m = new Float64Array(D * D)
      for (let i = 0; i < D; i++)
        for (let j = 0; j <= i; j++) {
          m[i * D + j] = random.normal()
          m[j * D + i] = m[i * D + j]
        }
      return m
    })
    const { rows, left } = jointDiagonal(any, D)
    expect(left).toBeGreaterThan(0.2)
    expect(left).toBeLessThan(1)
    for (let i = 0; i < D; i++)
      for (let j = 0; j < D; j++) {
        let dot = 0
        for (let k = 0; k < D; k++) dot += rows[i * D + k] * rows[j * D + k]
        expect(dot).toBeCloseTo(i === j ? 1 : 0, 9)
      }
  })

  it('takes a matrix that is no more than zeros', () => {
    expect(jointDiagonal([new Float64Array(D * D)], D).left).toBe(0)
  })
})

/** Norms of the latents before each one and itself, in a random basis. */
const norms = (rows: number) => {
  const random = generator(6)
  const b = randomRotation(D, () => random.normal()).data
  const weights = Float64Array.from({ length: D * D }, () => 0.5 + random.uniform())
  const [past, next] = [new Float64Array(rows * D), new Float64Array(rows * D)]
  for (let at = 0; at < past.length; at += D) {
    const z = Float64Array.from({ length: D }, () => random.normal())
    for (let i = 0; i < D; i++) {
      let sum = 0
      for (let j = 0; j <= i; j++) sum += (weights[i * D + j] * z[j]) ** 2
      const y = Math.sqrt(sum) + 0.05 * random.normal()
      for (let k = 0; k < D; k++) {
        past[at + k] += b[i * D + k] * z[i]
        next[at + k] += b[i * D + k] * y
      }
    }
  }
  const codes: WhitenedCodes = { rows, latents: D, past: [past], next, actions: [] }
  return { b, codes }
}

it('second derivatives name the basis of norms, in both halves of the data', () => {
  const { b, codes } = norms(8000)
  const { rows, agreed, left } = hessianBasis(codes, 8000)
  expect(worstRow(b, rows)).toBeGreaterThan(0.98)
  expect(left).toBeLessThan(0.05)
  expect(agreed).toEqual(Array(D).fill(true))
})

describe('norms in time, asked for as sparse mechanisms', () => {
  const codes = rotatedCodes(problemKernel('TimeNonDiag (norm)', 6), { rows: 12_000 })
  const found = async (given: RotatedCodes) => {
    const answer = await orThrow(unmix(given, { seed: 1, edges: 21, hypothesis: 'sparse' }))
    return { ...scored(given, answer), answer }
  }

  it('straight codes: slopes name the basis exactly, and parents predict what the past does', {
    timeout: 120_000
  }, async () => {
    const { mcc, shd, answer } = await found(codes)
    expect(mcc).toBeGreaterThan(0.995)
    expect(shd).toBe(0)
    expect(answer.sparsity?.lost).toBeLessThan(0.1)
    expect(answer.rejected).toBe(false)
    expect(answer.explanation.join(' ')).toContain('That parents are all is not rejected')
  })

  // Sparse slopes alone give .82.
  it('bent codes: second derivatives do, roughly, and that parents are all is rejected', {
    timeout: 120_000
  }, async () => {
    const { mcc, answer } = await found(bentCodes(codes, 0.3, 0.5))
    expect(mcc).toBeGreaterThan(0.93)
    expect(answer.sparsity?.lost).toBeGreaterThan(0.5)
    expect(answer.rejected).toBe(true)
    expect(answer.explanation.join(' ')).toContain('That parents are all is rejected')
  })
})
