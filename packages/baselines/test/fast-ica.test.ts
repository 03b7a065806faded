import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { componentsOf, type FastIcaOptions, fastIca } from '../src/index.js'
import { type Golden, golden } from './golden-unmixing.js'

const ROWS = 800
const MIXING = [
  [1, 0.5, -0.3, 0.2],
  [0.4, 1.2, 0.6, -0.7],
  [-0.5, 0.3, 1, 0.8],
  [0.9, -0.4, 0.2, 1.1],
  [0.3, 0.2, -0.6, 0.5]
]
const SHIFT = [3, -1, 0, 2, 5]

const sources = (i: number): number[] => [
  Math.sin(0.07 * i),
  Math.sign(Math.sin(0.113 * i + 0.3)),
  ((i * 37) % 101) / 50 - 1,
  Math.sin(0.0311 * i * i) ** 3
]

/** Four sources of different shapes in five features. */
const mixed: Samples<Float64Array> = {
  data: Float64Array.from({ length: 5 * ROWS }, (_, at) => {
    const s = sources(Math.floor(at / 5))
    return SHIFT[at % 5] + MIXING[at % 5].reduce((sum, a, j) => sum + a * s[j], 0)
  }),
  shape: [ROWS, 5]
}

const unmixingRows = (options: FastIcaOptions): number[][] => {
  const found = orThrow(fastIca(mixed, { components: 4, tolerance: 1e-13, iterations: 2000, ...options }))
  const [d, columns] = found.unmixing.shape
  return Array.from({ length: d }, (_, i) =>
    Array.from(found.unmixing.data.subarray(i * columns, (i + 1) * columns))
  )
}

/** Greatest difference of two rows, up to the sign of one. */
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.min(...[1, -1].map((sign) => Math.max(...a.map((value, j) => Math.abs(value - sign * b[j])))))

/** Directions settle to the root of the tolerance, 3e-7. */
const CLOSE = 1e-6

const named = ({ algorithm, contrast }: Golden): string => `${algorithm} ${contrast}`

describe('beside scikit-learn', () => {
  for (const expected of golden.filter(({ algorithm }) => algorithm === 'symmetric')) {
    it(`finds the same directions, in any order: ${named(expected)}`, () => {
      const rows = unmixingRows(expected)
      for (const wanted of expected.unmixing)
        expect(Math.min(...rows.map((row) => apart(row, wanted)))).toBeLessThan(CLOSE)
    })
  }

  // What deflation finds depends on which direction comes first, and that on the start.
  for (const expected of golden.filter(({ algorithm }) => algorithm === 'deflation')) {
    it(`finds the same directions where they come in the same order: ${named(expected)}`, () => {
      const worst = [1, 2, 3, 4].map((seed) => {
        const rows = unmixingRows({ ...expected, seed })
        return Math.max(...expected.unmixing.map((wanted, i) => apart(rows[i], wanted)))
      })
      expect(Math.min(...worst)).toBeLessThan(CLOSE)
    })
  }
})

describe('components', () => {
  it('have mean 0, variance 1, no correlation, and are the sources', () => {
    const ica = orThrow(fastIca(mixed, { components: 4 }))
    expect(ica.converged).toBe(true)
    const { data } = orThrow(componentsOf(ica, mixed))
    const product = (f: (r: number) => number): number =>
      Array.from({ length: ROWS }, (_, r) => f(r)).reduce((sum, value) => sum + value / ROWS, 0)
    for (let i = 0; i < 4; i++) {
      expect(product((r) => data[4 * r + i])).toBeCloseTo(0, 10)
      for (let j = 0; j < 4; j++)
        expect(product((r) => data[4 * r + i] * data[4 * r + j])).toBeCloseTo(i === j ? 1 : 0, 10)
    }
    for (let s = 0; s < 4; s++) {
      const mean = product((r) => sources(r)[s])
      const deviation = Math.sqrt(product((r) => (sources(r)[s] - mean) ** 2))
      const best = Math.max(
        ...[0, 1, 2, 3].map((i) =>
          Math.abs(product((r) => ((sources(r)[s] - mean) / deviation) * data[4 * r + i]))
        )
      )
      expect(best).toBeGreaterThan(0.95)
    }
  })

  it('are the same of single-precision rows, to single precision', () => {
    const ica = orThrow(fastIca(mixed, { components: 4, tolerance: 1e-12 }))
    const single = { ...mixed, data: Float32Array.from(mixed.data) }
    const other = orThrow(fastIca(single, { components: 4, tolerance: 1e-12 }))
    other.unmixing.data.forEach((value, k) => {
      expect(value).toBeCloseTo(ica.unmixing.data[k], 4)
    })
  })

  it('says when directions have not settled', () => {
    const gaussian = generator(1)
    const data = Float64Array.from({ length: 3000 }, () => gaussian.normal())
    const ica = orThrow(fastIca({ data, shape: [1000, 3] }, { iterations: 1, tolerance: 1e-12 }))
    expect([ica.converged, ica.iterations]).toEqual([false, 1])
  })
})

describe('bad input', () => {
  const message = (x: Samples, options: FastIcaOptions = {}): string => {
    const answer = fastIca(x, options)
    return E.isLeft(answer) ? `${answer.left._tag}: ${answer.left.message}` : 'none'
  }

  it('names what is wrong', () => {
    const copied = {
      data: Float64Array.from({ length: 60 }, (_, at) =>
        Math.sin(Math.floor(at / 3) ** 2 + (at % 3 === 0 ? 1 : 0))
      ),
      shape: [20, 3] as const
    }
    expect(message(copied)).toMatch(/^Degenerate: .*is 2, expected 3 or more/)
    expect(message(mixed, { components: 6 })).toMatch(
      /^InvalidOption: .*components is 6, expected an integer from 1 to 5/
    )
    expect(message(mixed, { tolerance: 0 })).toMatch(/^InvalidOption: .*tolerance/)
    expect(message(mixed, { contrast: 'tanh' as 'cube' })).toMatch(/logcosh, exp, cube/)
    expect(message({ data: mixed.data.slice(0, 20), shape: [4, 5] })).toMatch(/^TooFewRows/)
    const hole = mixed.data.slice()
    hole[7] = Number.NaN
    expect(message({ ...mixed, data: hole })).toMatch(/^NotFinite: .*row 1, column 2/)
  })

  it('refuses rows of another width', () => {
    const ica = orThrow(fastIca(mixed, { components: 2 }))
    const other = componentsOf(ica, { data: new Float64Array(8), shape: [2, 4] })
    expect(E.isLeft(other) && other.left.message).toMatch(/expected \[rows, 5\]/)
  })
})
