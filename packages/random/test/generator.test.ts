import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generator } from '../src/index.js'

const draws = (n: number, draw: () => number): Float64Array => Float64Array.from({ length: n }, draw)
const moment = (xs: Float64Array, k: number): number => xs.reduce((sum, x) => sum + x ** k, 0) / xs.length

describe('generator', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const first = draws(100, generator(7).uniform)
    expect(draws(100, generator(7).uniform)).toEqual(first)
    expect(draws(100, generator(8).uniform)).not.toEqual(first)
  })

  it('keeps its values from version to version', () => {
    const random = generator(1)
    expect([random.uniform(), random.uniform()]).toMatchInlineSnapshot(`
      [
        0.06824746084314659,
        0.6361065306626198,
      ]
    `)
    expect([random.normal(), random.normal()]).toMatchInlineSnapshot(`
      [
        0.3366106894067247,
        0.014230967670024672,
      ]
    `)
  })

  it('stays strictly inside (0, 1), in single precision too', () => {
    const out = new Float32Array(200_000)
    generator(3).fillUniform(out)
    expect(out.every((u) => u > 0 && u < 1)).toBe(true)
  })

  it('draws normals with the moments of a standard normal', () => {
    const xs = draws(400_000, generator(11).normal)
    expect(moment(xs, 1)).toBeCloseTo(0, 2)
    expect(moment(xs, 2)).toBeCloseTo(1, 1.7)
    expect(Math.abs(moment(xs, 3))).toBeLessThan(5 * Math.sqrt(15 / xs.length))
    expect(moment(xs, 4)).toBeCloseTo(3, 1)
  })

  it('follows the normal distribution function (Kolmogorov–Smirnov)', () => {
    const n = 100_000
    const xs = draws(n, generator(5).normal).sort()
    // Φ by the complementary error function of Numerical Recipes (relative error < 1.2e-7).
    const erfc = (x: number): number => {
      const z = Math.abs(x)
      const t = 1 / (1 + z / 2)
      const poly = [
        -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
        -0.82215223, 0.17087277
      ].reduceRight((sum, c) => sum * t + c, 0)
      const value = t * Math.exp(-z * z + poly)
      return x >= 0 ? value : 2 - value
    }
    let distance = 0
    xs.forEach((x, i) => {
      const cdf = erfc(-x / Math.SQRT2) / 2
      distance = Math.max(distance, Math.abs(cdf - i / n), Math.abs(cdf - (i + 1) / n))
    })
    expect(distance * Math.sqrt(n)).toBeLessThan(1.95)
  })

  it('reaches the tail beyond the base layer at its right rate', () => {
    const n = 2_000_000
    const random = generator(2)
    let beyond = 0
    for (let i = 0; i < n; i++) if (Math.abs(random.normal()) > 3.6541528853610088) beyond += 1
    // P(|N| > 3.65415) = 2.58e-4: 516 expected, standard deviation 23.
    expect(beyond).toBeGreaterThan(516 - 5 * 23)
    expect(beyond).toBeLessThan(516 + 5 * 23)
  })

  it('draws integers evenly', () => {
    const counts = new Int32Array(7)
    const random = generator(9)
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)] += 1
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it('permutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer(), (n, seed) => {
        const sorted = [...generator(seed).permutation(n)].sort((a, b) => a - b)
        expect(sorted).toEqual(Array.from({ length: n }, (_, i) => i))
      })
    )
  })
})

describe('split', () => {
  it('does not depend on what was drawn before', () => {
    const fresh = generator(4).split('a').split(2).uniform()
    const used = generator(4)
    draws(1000, used.uniform)
    expect(used.split('a').split(2).uniform()).toBe(fresh)
  })

  it('gives streams that are uncorrelated with the parent and with each other', () => {
    const n = 100_000
    const streams = [generator(1), generator(1).split(0), generator(1).split(1), generator(1).split('0')].map(
      (random) => draws(n, random.normal)
    )
    for (let i = 0; i < streams.length; i++) {
      for (let j = 0; j < i; j++) {
        let sum = 0
        for (let t = 0; t < n; t++) sum += streams[i][t] * streams[j][t]
        expect(Math.abs(sum / Math.sqrt(n))).toBeLessThan(5)
      }
    }
  })

  it('gives first draws that are uniform over consecutive labels', () => {
    const n = 20_000
    const root = generator(6)
    let sum = 0
    for (let i = 0; i < n; i++) sum += root.split(i).uniform()
    expect(Math.abs(sum / n - 0.5) * Math.sqrt(12 * n)).toBeLessThan(5)
  })
})
