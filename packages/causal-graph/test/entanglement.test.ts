import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  entanglementByJacobian,
  entanglementBySamples,
  entanglementBySupport,
  type LatentMap
} from '../src/index.js'
import { fTail, incompleteBeta } from '../src/maps/internal/f-test.js'
import { errorText } from './error-text.js'

const map: LatentMap = {
  latents: 3,
  apply: (F, [x, y, z]) => [F.add(x, F.mul(F.lit(0.5), F.mul(y, y))), F.sub(F.add(y, z), z), F.tanh(z)]
}

/** Rows of standard normals and what `image` makes of them, with a little noise. */
const pairs = (n: number, d: number, noise: number, image: (z: number[]) => number[]): [Samples, Samples] => {
  const random = generator(5)
  const data = new Float64Array(n * d)
  random.fillNormal(data)
  const out = new Float64Array(n * d)
  for (let r = 0; r < n; r++)
    out.set(
      image([...data.subarray(r * d, (r + 1) * d)]).map((x) => x + noise * random.normal()),
      r * d
    )
  return [
    { data, shape: [n, d] },
    { data: out, shape: [n, d] }
  ]
}

describe('entanglement graphs', () => {
  it('from the definition read what is written, from Jacobians what acts', () => {
    expect(entanglementBySupport(map)).toEqual([
      [1, 1, 0],
      [0, 1, 1],
      [0, 0, 1]
    ])
    expect(orThrow(entanglementByJacobian(map))).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [0, 0, 1]
    ])
    // Where y = 0, x + y²/2 has no slope along y.
    expect(orThrow(entanglementByJacobian(map, [[1, 0, 2]]))).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1]
    ])
  })

  it('from samples find linear, quadratic and mixed dependence, and nothing else', () => {
    const [learned, truth] = pairs(2000, 4, 0.1, ([a, b, c, e]) => [
      a + 0.5 * b * b,
      b - 0.4 * c,
      c,
      Math.sinh(e) + 0.3 * a * c
    ])
    const { graph, pValues } = orThrow(entanglementBySamples(learned, truth))
    expect(graph).toEqual([
      [1, 1, 0, 0],
      [0, 1, 1, 0],
      [0, 0, 1, 0],
      [1, 0, 1, 1]
    ])
    expect(pValues[2][0]).toBeGreaterThan(0.001)
    expect(orThrow(entanglementBySamples(learned, truth, { degree: 1 })).graph[0][1]).toBe(0)
  })

  it('keep the level: few false entries in many independent data sets', () => {
    let wrong = 0
    for (let run = 0; run < 100; run++) {
      const random = generator(run)
      const [x, y] = [1, 2].map((): Samples => {
        const data = new Float64Array(300)
        random.fillNormal(data)
        return { data, shape: [100, 3] }
      })
      if (
        orThrow(entanglementBySamples(x, y, { significance: 0.1 }))
          .graph.flat()
          .includes(1)
      )
        wrong++
    }
    // At level 0.1 the number is binomial: within 0.1 ± 4 standard deviations, and not zero.
    expect(wrong).toBeGreaterThan(0)
    expect(wrong).toBeLessThan(22)
  })

  it('from exact linear samples are exact', () => {
    const [learned, truth] = pairs(60, 2, 0, ([a, b]) => [a, 2 * b - a])
    expect(orThrow(entanglementBySamples(learned, truth)).graph).toEqual([
      [1, 0],
      [1, 1]
    ])
  })

  it('say what is wrong', () => {
    const [x, y] = pairs(18, 3, 0, (z) => z)
    expect(errorText(entanglementBySamples(x, y))).toContain('9 terms: 18 rows, at least 19 are needed')
    expect(errorText(entanglementBySamples(x, { ...y, shape: [30, 2] }))).toContain(
      'the shape of truth is [30, 2], expected [18, 3], as learned has'
    )
    expect(errorText(entanglementBySamples(x, y, { significance: 1 }))).toContain('significance is 1')
    const broken = { ...y, data: y.data.map((value, at) => (at === 3 ? Number.NaN : value)) }
    expect(errorText(entanglementBySamples(x, broken))).toContain(
      'truth is NaN at row 1, column 0 (counted from 0)'
    )
    expect(errorText(entanglementByJacobian(map, []))).toContain('at least 1')
    expect(errorText(entanglementByJacobian(map, [[1]]))).toContain('length of point 0 is 1, expected 3')
    expect(
      errorText(entanglementByJacobian({ latents: 1, apply: (F, [x]) => [F.sqrt(x)] }, [[0]]))
    ).toContain('finite')
  })
})

describe('the F distribution', () => {
  it('has the tails of the tables', () => {
    expect(fTail(4.9646, 1, 10)).toBeCloseTo(0.05, 4)
    expect(fTail(2.866, 4, 20)).toBeCloseTo(0.05, 3)
    expect(fTail(0, 3, 7)).toBe(1)
    expect(incompleteBeta(2, 3, 0.5)).toBeCloseTo(0.6875, 12)
    expect(fTail(1e6, 2, 30)).toBeLessThan(1e-60)
  })
})
