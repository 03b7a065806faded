/** What must not change a fit: the order of rows and features, units, offsets, precision, the type of the file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeRows, train } from '@mechid/estimator'
import { engineCalled } from '@mechid/example-terminal'
import { type NumericArray, writeCsv, writeNpz } from '@mechid/files'
import { problem } from '@mechid/mechanisms'
import { mcc } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { prepare, readRecording } from '@mechid/recordings'
import { linearMixing, simulate } from '@mechid/simulators'
import { orThrow, type Samples, takeRows } from '@mechid/values'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { recipeFor } from '../src/recipe.js'

const [ROWS, LATENTS, FEATURES] = [3000, 2, 6]
const folder = mkdtempSync(join(tmpdir(), 'fit-invariances-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Table = Samples<Float64Array>

/** In double precision, as people's own programs would write them. */
const { z, ...data }: { readonly x: Table; readonly a: Table; readonly z: Table } = (() => {
  const kernel = orThrow(problem('ActionDiag', { latents: LATENTS }))
  const mixing = orThrow(linearMixing({ latents: LATENTS, features: FEATURES, random: generator(1) }))
  const { x, a, z } = orThrow(simulate({ kernel, mixing, rows: ROWS, seed: 1 })).data
  const double = ({ data, shape }: NumericArray): Table => ({
    data: Float64Array.from(data as Float32Array),
    shape: [shape[0], shape[1]]
  })
  return { x: double(x), a: double(a as NumericArray), z: double(z as NumericArray) }
})()

const changed = ({ data, shape }: Table, change: (value: number, column: number) => number): Table => ({
  data: data.map((value, at) => change(value, at % shape[1])),
  shape
})

const single = ({ data, shape }: Table): NumericArray => ({ data: Float32Array.from(data), shape })

/** Column `order[j]` as column j. */
const reordered = ({ data, shape }: Table, order: Int32Array): Table => ({
  data: data.map((_, at) => data[at - (at % shape[1]) + order[at % shape[1]]]),
  shape
})

const sideBySide = (x: Table, a: Table): Table => {
  const width = FEATURES + LATENTS
  const both = new Float64Array(ROWS * width)
  for (let r = 0; r < ROWS; r++) {
    both.set(x.data.subarray(r * FEATURES, (r + 1) * FEATURES), r * width)
    both.set(a.data.subarray(r * LATENTS, (r + 1) * LATENTS), r * width + FEATURES)
  }
  return { data: both, shape: [ROWS, width] }
}

/** The learned latents of all lines of a file, in its order. */
const latentsOf = async (file: string): Promise<Samples> => {
  const { x, training } = orThrow(prepare(orThrow(await readRecording([file])())))
  const sizes = { latents: LATENTS, edges: 2, steps: 2500, batch: 64 }
  const rest = { preset: 'gated', rate: undefined, frames: undefined, filters: undefined }
  const configuration = recipeFor(training, { ...sizes, ...rest })
  const engine = await engineCalled('auto')
  const { model } = orThrow(await train(training, { latents: LATENTS, configuration, engine, seed: 1 })())
  return orThrow(await encodeRows(engine, model, x)())
}

const fitted = async (name: string, arrays: Readonly<Record<string, NumericArray>>): Promise<Samples> => {
  const file = join(folder, `${name}.npz`)
  orThrow(await writeNpz(file, arrays)())
  return latentsOf(file)
}

/** By how much two runs agree on the same rows. */
const agreement = (one: Samples, other: Samples): number => orThrow(mcc(one, other)).value

let plain: Samples
beforeAll(async () => {
  plain = await fitted('plain', { ...data })
}, 120_000)

it('the latents are those of the simulation, so that there is something to keep', () => {
  expect(agreement(z, plain)).toBeGreaterThan(0.99)
})

const scales = [1e-6, 1e6, 25.4, 1, 1 / 3, 7e3]

it.each([
  ['ten times x', { ...data, x: changed(data.x, (value) => 10 * value) }],
  ['a unit for every feature', { ...data, x: changed(data.x, (value, j) => scales[j] * value) }],
  ['other units of actions', { ...data, a: changed(data.a, (value, l) => (l === 0 ? 1e-3 : 1e3) * value) }],
  ['x and a shifted by 1e7', { x: changed(data.x, (v) => v + 1e7), a: changed(data.a, (v) => v + 1e7) }],
  ['single precision', { x: single(data.x), a: single(data.a) }]
] as const)(
  '%s',
  async (name, arrays) => {
    const value = agreement(plain, await fitted(name.replaceAll(' ', '-'), arrays))
    expect(value).toBeGreaterThanOrEqual(0.999)
  },
  120_000
)

it('a table of the same numbers gives the same latents', async () => {
  const file = join(folder, 'plain.csv')
  const names = [...'012345'].map((j) => `x${j}`).concat(['a0', 'a1'])
  orThrow(await writeCsv(file, names, sideBySide(data.x, data.a))())
  expect((await latentsOf(file)).data).toEqual(plain.data)
}, 120_000)

it('rows in another order', async () => {
  const order = generator(3).permutation(ROWS)
  const shuffled = await fitted('shuffled', { x: takeRows(data.x, order), a: takeRows(data.a, order) })
  const value = agreement(takeRows(plain, order), shuffled)
  expect(value).toBeGreaterThanOrEqual(0.999)
}, 120_000)

it('features in another order', async () => {
  const order = generator(4).permutation(FEATURES)
  const value = agreement(plain, await fitted('permuted', { ...data, x: reordered(data.x, order) }))
  expect(value).toBeGreaterThanOrEqual(0.999)
}, 120_000)
