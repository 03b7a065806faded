import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeNpz } from '@mechid/files'
import { problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  checkInjective,
  customMixing,
  type DataSet,
  dataSet,
  exampleSource,
  linearMixing,
  nnMixing,
  oneHot,
  readDataSet,
  simulate,
  splitRows,
  standardizationOf,
  standardize
} from '../src/index.js'
import { assembledNetwork, plainNetwork } from '../src/mixing/internal/dense-network.js'

const mixing = orThrow(nnMixing({ latents: 4, features: 7, random: generator(2) }))
const still = orThrow(problem('ActionNonDiag', { latents: 4 }))
const moving = orThrow(problem('TimeDiag', { latents: 4 }))

describe('the nn mixing', () => {
  it('has semi-orthogonal weights with the published gain', () => {
    for (const { inputs, outputs, weights } of mixing.layers) {
      const gain = (2 / (1 + 0.04)) * (2 / (inputs + outputs))
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j <= i; j++) {
          let dot = 0
          for (let o = 0; o < outputs; o++) dot += weights[o * inputs + i] * weights[o * inputs + j]
          expect(dot).toBeCloseTo(i === j ? gain : 0, 12)
        }
      }
    }
  })

  it.each([
    [4, 7],
    [5, 5],
    [3, 10],
    [1, 1]
  ])(
    'gives the same numbers in WebAssembly and in JavaScript, %d latents and %d features',
    (latents, features) => {
      const rows = 301
      const z = new Float64Array(rows * latents)
      generator(5).fillNormal(z)
      const { layers } = orThrow(nnMixing({ latents, features, random: generator(2) }))
      const [fast, plain] = [assembledNetwork(layers), plainNetwork(layers)].map((network) => {
        const out = new Float64Array(rows * features)
        network?.(rows, z, out)
        return out
      })
      expect(fast).toEqual(plain)
      expect(fast.some((x) => x !== 0)).toBe(true)
    }
  )

  it('is injective on samples, and a mixing that folds is not', () => {
    const data = new Float64Array(400)
    generator(1).fillNormal(data)
    expect(checkInjective(mixing, { data, shape: [100, 4] })).toMatchObject({ _tag: 'Right' })
    const folded = orThrow(
      customMixing({ latents: 2, features: 2, map: (F, [u, v]) => [F.add(u, v), F.add(u, v)] })
    )
    expect(checkInjective(folded, { data: data.slice(0, 20), shape: [10, 2] })).toMatchObject({
      left: { _tag: 'NotInjective' }
    })
    expect(linearMixing({ latents: 3, features: 2, random: generator(1) })).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'features', actual: '2' }
    })
  })
})

describe('simulate', () => {
  it('gives standardized features with the stated noise', () => {
    const { data, standardization } = orThrow(simulate({ kernel: still, mixing, rows: 20_000, seed: 1 }))
    const { mean, scale } = standardizationOf(data.x)
    for (let j = 0; j < 7; j++) {
      expect(Math.abs(mean[j])).toBeLessThan(0.001)
      expect(Math.abs(scale[j] - Math.sqrt(1.0001))).toBeLessThan(0.001)
    }
    // Undone, the observation is the mixing of the latents, up to the noise.
    const z = Float64Array.from(data.z?.data ?? [])
    const out = new Float64Array(20_000 * 7)
    mixing.apply(20_000, z, out)
    let square = 0
    for (let i = 0; i < out.length; i++) {
      square += (data.x.data[i] - (out[i] - standardization.mean[i % 7]) / standardization.scale[i % 7]) ** 2
    }
    expect(Math.sqrt(square / out.length)).toBeCloseTo(0.01, 4)
  })

  it('draws latents from the kernel', () => {
    const { data, graph } = orThrow(simulate({ kernel: still, mixing, rows: 5000, seed: 3 }))
    expect(graph.actions?.[1]).toEqual([1, 1, 0, 0])
    const [a, z] = [data.a?.data ?? [], data.z?.data ?? []]
    let square = 0
    for (let r = 0; r < 5000; r++) {
      const mean = Math.sin((4 / Math.PI) * a[4 * r] + 1) + Math.sin((4 / Math.PI) * a[4 * r + 1] + 1)
      square += (z[4 * r + 1] - mean) ** 2 / 5000
    }
    expect(Math.sqrt(square)).toBeCloseTo(0.01, 3)
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(2)
  })

  it('gives the same rows again, and only adds to them', () => {
    const options = { kernel: still, mixing, seed: 4, standardized: false, observationNoise: 0 }
    const few = orThrow(simulate({ ...options, rows: 4100 }))
    const many = orThrow(simulate({ ...options, rows: 9000 }))
    expect(many.data.x.data.subarray(0, 4100 * 7)).toEqual(few.data.x.data)
  })

  it('moves sequences by the kernel, frame after frame', () => {
    const { data } = orThrow(simulate({ kernel: moving, mixing, rows: 2000, frames: 4, seed: 5 }))
    expect(data.x.shape).toEqual([2000, 4, 7])
    const z = data.z?.data ?? []
    let square = 0
    for (let r = 0; r < 2000; r++) {
      for (let t = 1; t < 4; t++) {
        const [now, before] = [(r * 4 + t) * 4, (r * 4 + t - 1) * 4]
        square += (z[now] - z[before] - 0.5 * Math.sin(z[before])) ** 2 / 6000
      }
    }
    expect(Math.sqrt(square)).toBeCloseTo(0.01, 3)
  })

  it('refuses a mixing of other latents', () => {
    const other = orThrow(nnMixing({ latents: 3, features: 7, random: generator(2) }))
    expect(simulate({ kernel: still, mixing: other, rows: 10, seed: 1 })).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'the mixing’s latents', actual: '3' }
    })
    expect(simulate({ kernel: moving, mixing, rows: 10, frames: 1, seed: 1 })).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'frames', actual: '1' }
    })
  })
})

describe('examples', () => {
  it('are pairs of consecutive frames with the action between them', () => {
    const x = { data: Float32Array.from({ length: 12 }, (_, i) => i), shape: [2, 3, 2] }
    const a = { data: Float32Array.of(10, 11, 20, 21), shape: [2, 2, 1] }
    const source = exampleSource({ x, a })
    expect([source.examples, source.features, source.actions, source.temporal]).toEqual([4, 2, 1, true])
    const [xOut, aOut] = [new Float32Array(8), new Float32Array(2)]
    source.gather(Int32Array.of(3, 0), xOut, aOut)
    expect([...xOut]).toEqual([8, 9, 0, 1, 10, 11, 2, 3])
    expect([...aOut]).toEqual([21, 10])
  })

  it('may show several frames at once, the oldest first', () => {
    const x = { data: Float32Array.from({ length: 16 }, (_, i) => i), shape: [2, 4, 2] }
    const a = { data: Float32Array.of(10, 11, 12, 20, 21, 22), shape: [2, 3, 1] }
    const source = exampleSource({ x, a }, undefined, { views: 2 })
    expect([source.examples, source.features]).toEqual([4, 4])
    const [xOut, aOut] = [new Float32Array(16), new Float32Array(2)]
    source.gather(Int32Array.of(1, 2), xOut, aOut)
    expect([...xOut]).toEqual([2, 3, 4, 5, 8, 9, 10, 11, 4, 5, 6, 7, 10, 11, 12, 13])
    expect([...aOut]).toEqual([12, 21])
  })

  it('come from the rows of a split, each in one part, in an order that is a permutation', () => {
    const x = { data: Float32Array.from({ length: 100 }, (_, i) => i), shape: [100, 1] }
    const split = splitRows(100, { validation: 0.1, test: 0.2 }, generator(1))
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([70, 10, 20])
    expect(new Set([...split.train, ...split.validation, ...split.test]).size).toBe(100)
    const source = exampleSource({ x }, split.test)
    const order = source.order(generator(2))
    expect(Int32Array.from(order).sort()).toEqual(Int32Array.from({ length: 20 }, (_, i) => i))
    const out = new Float32Array(20)
    source.gather(order, out, new Float32Array(0))
    expect(Int32Array.from(out).sort()).toEqual(Int32Array.from(split.test).sort())
  })

  it('standardizes', () => {
    const x = { data: Float32Array.of(1, 10, 3, 30), shape: [2, 2] }
    expect([...orThrow(standardize(x, standardizationOf(x))).data]).toEqual([-1, -1, 1, 1])
  })

  it.each([
    ['of more features', { mean: [0, 0, 0], scale: [1, 1, 1] }, /standardize: .*mean is 3, expected 2/],
    ['of fewer', { mean: [0], scale: [1] }, /standardize: .*mean is 1, expected 2/],
    ['with fewer scales than means', { mean: [0, 0], scale: [1] }, /standardize: .*scale is 1, expected 2/],
    ['with a mean that is none', { mean: [0, Number.NaN], scale: [1, 1] }, /mean\[1\] is NaN/],
    ['with a negative scale', { mean: [0, 0], scale: [1, -2] }, /scale\[1\] is -2, expected .* 0 or more/]
  ])('refuses a standardization %s', (_, standardization, message) => {
    const x = { data: Float32Array.of(1, 10, 3, 30), shape: [2, 2] }
    expect(standardize(x, standardization)).toMatchObject({
      left: { message: expect.stringMatching(message) }
    })
  })

  it('turns choices into columns', () => {
    const a = { data: Float32Array.of(0, 2, 1, 0), shape: [2, 2] }
    expect(orThrow(oneHot(a, 'a'))).toEqual({
      data: Float32Array.of(1, 0, 0, 0, 1, 0, 1, 1, 0, 0),
      shape: [2, 5]
    })
    expect(oneHot({ data: Float32Array.of(0.5), shape: [1, 1] }, 'a')).toMatchObject({
      left: { _tag: 'InvalidAction' }
    })
  })
})

describe('files', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'simulators-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('reads what a simulation wrote', async () => {
    const { data } = orThrow(simulate({ kernel: still, mixing, rows: 50, seed: 1 }))
    const path = join(folder, 'data.npz')
    await writeNpz(path, { ...data } as Record<string, DataSet['x']>)()
    expect(await readDataSet(path)()).toEqual({ _tag: 'Right', right: data })
  })

  it('groups the columns of a table by their names', async () => {
    const path = join(folder, 'table.csv')
    writeFileSync(path, 'x0,a0,x1,z0\n1,2,3,4\n5,6,7,8\n')
    expect(await readDataSet(path)()).toMatchObject({
      right: {
        x: { data: Float32Array.of(1, 3, 5, 7), shape: [2, 2] },
        a: { data: Float32Array.of(2, 6) },
        z: { shape: [2, 1] }
      }
    })
    writeFileSync(path, 'height,weight\n1,3\n5,7\n')
    expect(await readDataSet(path)()).toMatchObject({ right: { x: { shape: [2, 2] } } })
  })

  it('names what is wrong', async () => {
    const bad = join(folder, 'bad.npz')
    await writeNpz(bad, { y: { data: new Float32Array(4), shape: [2, 2] } })()
    for (const [path, words] of [
      [bad, 'no array "x"; it holds "y"'],
      [join(folder, 'none.npz'), 'there is no such file'],
      [join(folder, 'data.txt'), 'expected a name that ends with .npz or .csv']
    ]) {
      const result = await readDataSet(path)()
      expect(result._tag).toBe('Left')
      if (result._tag === 'Left') expect(result.left.message).toContain(words)
    }
  })

  const x = { data: Float32Array.of(1, 2, 3, 4, 5, 7), shape: [3, 2] }
  it.each([
    [
      'lengths that differ',
      { x, a: { data: new Float32Array(2), shape: [2, 1] } },
      'the number of rows of a is 2, expected 3, as x has'
    ],
    [
      'a value that is not a number',
      { x: { data: Float32Array.of(1, 2, 3, Number.NaN, 5, 6), shape: [3, 2] } },
      'x is NaN at row 1, column 1'
    ],
    [
      'a constant feature',
      { x: { data: Float32Array.of(1, 2, 1, 3, 1, 4), shape: [3, 2] } },
      'feature 0 of x'
    ],
    ['a vector', { x: { data: x.data, shape: [6] } }, 'expected [n, features] or [n, t, features]'],
    ['one row', { x: { data: Float32Array.of(1, 2), shape: [1, 2] } }, 'at least 2 are needed']
  ])('refuses %s', (_, data, words) => {
    const result = dataSet(data)
    expect(result._tag).toBe('Left')
    if (result._tag === 'Left') expect(result.left.message).toContain(words)
  })
})
