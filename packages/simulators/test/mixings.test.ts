import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { columns, jacobian, number } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkInjective,
  customMixing,
  linearMixing,
  type Mixing,
  nnMixing,
  polynomialMixing,
  simulate,
  simulateToFile
} from '../src/index.js'
import { still, temporaryFolder } from './fixtures.js'

const folder = temporaryFolder('mixings')

const normals = (rows: number, latents: number, seed: number): Samples => {
  const data = new Float64Array(rows * latents)
  generator(seed).fillNormal(data)
  return { data, shape: [rows, latents] }
}

const at = (mixing: Mixing, z: readonly number[]): readonly number[] => mixing.map(number, z)

const distance = (one: readonly number[], other: readonly number[]): number =>
  Math.hypot(...one.map((value, i) => value - other[i]))

const sizes = fc.record({
  latents: fc.integer({ min: 1, max: 5 }),
  more: fc.integer({ min: 0, max: 4 }),
  degree: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer()
})

describe('the polynomial mixing', () => {
  it('is injective wherever the latents lie', () => {
    fc.assert(
      fc.property(sizes, ({ latents, more, degree, seed }) => {
        const random = generator(seed)
        const mixing = orThrow(polynomialMixing({ latents, features: latents + more, degree, random }))
        const samples = normals(30, latents, seed + 1)
        expect(checkInjective(mixing, samples, { threshold: 1e9 })._tag).toBe('Right')
        const points = Array.from({ length: 30 }, (_, i) =>
          Array.from(samples.data.subarray(i * latents, (i + 1) * latents))
        )
        for (const [i, one] of points.entries()) {
          for (const other of points.slice(0, i)) {
            expect(distance(at(mixing, one), at(mixing, other))).toBeGreaterThan(1e-9 * distance(one, other))
          }
        }
      }),
      { numRuns: 25 }
    )
  })

  it('can be undone latent by latent: its triangular part has a unit diagonal', () => {
    const mixing = orThrow(polynomialMixing({ latents: 4, features: 4, degree: 3, random: generator(3) }))
    // A rotation times a triangular matrix with ones on its diagonal: |det| is 1 at every point.
    for (const z of [
      [0, 0, 0, 0],
      [3, -2, 1, 5],
      [-10, 20, 0.1, 7]
    ]) {
      const rows = jacobian<number>(number, (F, x) => mixing.map(F, x), z)
      expect(Math.abs(determinant(rows.map((row) => [...row])))).toBeCloseTo(1, 6)
    }
  })

  it('has the degree asked for, and no constant', () => {
    for (const degree of [1, 2, 3]) {
      const mixing = orThrow(polynomialMixing({ latents: 3, features: 5, degree, random: generator(4) }))
      expect(at(mixing, [0, 0, 0]).every((value) => value === 0)).toBe(true)
      // Differences of order degree + 1 along a line vanish, those of order `degree` do not.
      const line = Array.from({ length: degree + 2 }, (_, t) => at(mixing, [t, 1 - t, 2 * t])[0])
      const constant = difference(line.slice(0, -1), degree)
      expect(Math.abs(difference(line, degree + 1))).toBeLessThan(1e-9)
      expect(Math.abs(constant)).toBeGreaterThan(1e-3)
    }
  })

  it('refuses fewer features than latents, and a degree that is none', () => {
    const random = generator(1)
    expect(polynomialMixing({ latents: 3, features: 2, random })).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'features', actual: '2' }
    })
    for (const degree of [0, 1.5, Number.NaN]) {
      expect(polynomialMixing({ latents: 2, features: 2, degree, random })).toMatchObject({
        left: { _tag: 'InvalidOption', what: 'degree' }
      })
    }
  })
})

const determinant = (rows: number[][]): number => {
  let product = 1
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows
      .slice(i)
      .reduce((best, row, k) => (Math.abs(row[i]) > Math.abs(rows[best][i]) ? i + k : best), i)
    if (pivot !== i) {
      ;[rows[i], rows[pivot]] = [rows[pivot], rows[i]]
      product = -product
    }
    product *= rows[i][i]
    for (let k = i + 1; k < rows.length; k++) {
      const factor = rows[k][i] / rows[i][i]
      for (let j = i; j < rows.length; j++) rows[k][j] -= factor * rows[i][j]
    }
  }
  return product
}

/** The difference of order `order` of equally spaced values. */
const difference = (values: readonly number[], order: number): number =>
  order === 0
    ? values[0]
    : difference(
        values.slice(1).map((value, i) => value - values[i]),
        order - 1
      )

describe('any mixing', () => {
  const random = generator(6)
  const mixings: readonly Mixing[] = [
    orThrow(nnMixing({ latents: 3, features: 6, random })),
    orThrow(linearMixing({ latents: 3, features: 3, random })),
    orThrow(polynomialMixing({ latents: 3, features: 5, degree: 3, random })),
    orThrow(
      customMixing({
        latents: 3,
        features: 4,
        map: (F, [u, v, w]) => [F.add(u, F.sin(v)), F.exp(w), F.mul(v, v), F.lit(2)]
      })
    )
  ]

  it.each(mixings.map((mixing) => [mixing.name, mixing] as const))(
    'gives the same numbers over rows and one by one: %s',
    (_, mixing) => {
      // More rows than any block holds, and a last block that is not full.
      const rows = 700
      const { data } = normals(rows, 3, 1)
      const out = new Float64Array(rows * mixing.features)
      mixing.apply(rows, data as Float64Array, out)
      for (const r of [0, 127, 128, 255, 256, 699]) {
        const one = at(mixing, Array.from(data.subarray(3 * r, 3 * r + 3)))
        for (let f = 0; f < mixing.features; f++) expect(out[r * mixing.features + f]).toBeCloseTo(one[f], 12)
      }
      const reading = columns(2)
      const [first] = mixing.map(
        reading,
        [0, 1, 2].map((j) => Float64Array.of(data[j], data[3 + j]))
      )
      if (typeof first !== 'number') expect(first[1]).toBeCloseTo(out[mixing.features], 12)
    }
  )
})

describe('checkInjective', () => {
  const samples = normals(40, 2, 9)
  it.each([
    [
      'loses a latent',
      customMixing({ latents: 2, features: 3, map: (F, [u]) => [u, F.sin(u), F.mul(u, u)] })
    ],
    [
      'sees a sum only',
      customMixing({ latents: 2, features: 2, map: (F, [u, v]) => [F.add(u, v), F.exp(F.add(u, v))] })
    ],
    ['is constant', customMixing({ latents: 2, features: 2, map: (F) => [F.lit(1), F.lit(2)] })]
  ])('rejects one that %s', (_, mixing) => {
    const result = checkInjective(orThrow(mixing), samples)
    expect(result).toMatchObject({ left: { _tag: 'NotInjective', threshold: 1e6 } })
    if (result._tag === 'Left') expect(result.left.message).toContain('use a mixing that loses no latent')
  })

  it('names the point where a fold lies', () => {
    // z² folds at 0 alone.
    const square = orThrow(customMixing({ latents: 2, features: 2, map: (F, [u, v]) => [F.mul(u, u), v] }))
    const points = { data: Float64Array.of(1, 1, 2, 1, 0, 3, 1, 0), shape: [4, 2] } as const
    expect(checkInjective(square, points)).toMatchObject({ left: { sample: 2, point: [0, 3] } })
    const report = orThrow(checkInjective(square, points, { threshold: Number.POSITIVE_INFINITY }))
    expect(report).toMatchObject({ worst: Number.POSITIVE_INFINITY, worstSample: 2 })
    expect(report.median).toBeCloseTo(3, 12)
  })

  it('refuses samples of other latents', () => {
    const mixing = orThrow(linearMixing({ latents: 3, features: 3, random: generator(1) }))
    expect(checkInjective(mixing, samples)).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  })
})

describe('a custom mixing', () => {
  it('must return as many values as it has features', () => {
    const mixing = customMixing({ latents: 2, features: 3, map: (_, z) => z })
    expect(mixing).toMatchObject({
      left: { _tag: 'ShapeMismatch', actual: '2 values', expected: '3, one a feature' }
    })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no such table')
      },
      { _tag: 'DefinitionThrew', reason: 'no such table' }
    ],
    ['returns no list', () => ({}), { _tag: 'ShapeMismatch', actual: 'object' }],
    [
      'leaves a value out',
      () => [1, undefined],
      { _tag: 'ShapeMismatch', what: 'value 1 of what map returns' }
    ]
  ])('that %s is an error', (_, map, left) => {
    const definition = { latents: 2, features: 2, map: map as unknown as Mixing['map'] }
    expect(customMixing(definition)).toMatchObject({ left })
  })

  it('that throws later is an error that says at which rows', async () => {
    let calls = 0
    const sound = orThrow(customMixing({ latents: 4, features: 4, map: (_, z) => z }))
    const failing: Mixing = {
      ...sound,
      apply: (rows, z, out) => {
        if (++calls === 2) throw new Error('out of range')
        sound.apply(rows, z, out)
      },
      map: () => {
        throw new Error('out of range')
      }
    }
    const options = { kernel: still, mixing: failing, rows: 5000, seed: 1 }
    const left = { _tag: 'DefinitionThrew', reason: 'out of range' }
    expect(simulate(options)).toMatchObject({ left: { ...left, where: 'simulate, rows 4096 to 4999' } })
    calls = 0
    const path = join(folder, 'thrown.npz')
    expect(await simulateToFile(path, options)()).toMatchObject({
      left: { ...left, where: 'simulateToFile, rows 4096 to 4999' }
    })
    expect(existsSync(path)).toBe(false)
    const samples = { data: new Float64Array(8), shape: [2, 4] as const }
    expect(checkInjective(failing, samples)).toMatchObject({ left })
  })

  it('keeps its name', () => {
    expect(orThrow(customMixing({ name: 'mine', latents: 1, features: 1, map: (_, z) => z })).name).toBe(
      'mine'
    )
  })
})
