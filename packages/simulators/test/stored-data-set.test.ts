import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeNpy } from '@mechid/files'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  type DataSet,
  exampleSource,
  fileSource,
  openDataSet,
  readDataSet,
  type StoredDataSet,
  simulate,
  splitRows,
  standardizationOf,
  standardize,
  subset,
  writeDataSet
} from '../src/index.js'
import { batch, mixing, still, temporaryFolder, wrong } from './fixtures.js'

const folder = temporaryFolder('stored-data-set')

describe('a data set on disk', () => {
  const simulated = (rows: number): DataSet =>
    orThrow(simulate({ kernel: still, mixing, rows, seed: 8 })).data

  const stored = async (data: DataSet): Promise<StoredDataSet> => {
    const path = join(folder, 'stored.npz')
    await orThrow(writeDataSet(path, data))
    return orThrow(openDataSet(path))
  }

  it('has the shape and the standardization of the one in memory', async () => {
    const data = simulated(40_000)
    const set = await stored(data)
    expect(set.shape).toEqual({
      rows: 40_000,
      frames: 1,
      features: 7,
      actions: 4,
      latents: 4,
      temporal: false
    })
    const split = splitRows(40_000, { validation: 0.1, test: 0.2 }, generator(1))
    for (const [found, expected] of [
      [set.standardization, standardizationOf(data.x)],
      [await orThrow(set.standardizationOf(split.train)), standardizationOf(data.x, split.train)]
    ]) {
      for (let j = 0; j < 7; j++) {
        expect(found.mean[j]).toBeCloseTo(expected.mean[j], 12)
        expect(found.scale[j]).toBeCloseTo(expected.scale[j], 12)
      }
    }
    expect(await orThrow(set.take(split.test))).toEqual(subset(data, split.test))
    await orThrow(set.close)
  })

  it('keeps its digits where the mean is far from 0', async () => {
    const x = { data: Float32Array.from({ length: 300_000 }, (_, i) => 4096 + (i % 2)), shape: [300_000, 1] }
    const set = await stored({ x })
    expect(set.standardization.mean[0]).toBeCloseTo(4096.5, 8)
    expect(set.standardization.scale[0]).toBeCloseTo(0.5, 12)
    await orThrow(set.close)
  })

  it('gives the batches of the one in memory while it fits in one window', async () => {
    const data = simulated(5000)
    const set = await stored(data)
    const { train } = splitRows(5000, { validation: 0, test: 0.2 }, generator(3))
    const standardization = standardizationOf(data.x, train)
    const far = orThrow(fileSource(set, { rows: train, standardization, chunkRows: 100 }))
    const near = exampleSource({ ...data, x: orThrow(standardize(data.x, standardization)) }, train)
    const order = far.order(generator(9).split(4))
    expect(order).toEqual(near.order(generator(9).split(4)))
    expect(await batch(far, order.subarray(512, 1024))).toEqual(await batch(near, order.subarray(512, 1024)))
    await orThrow(set.close)
  })

  it('orders all examples, by windows of chunks, from the generator alone', async () => {
    const data = simulated(10_050)
    const set = await stored(data)
    const source = orThrow(fileSource(set, { chunkRows: 100, chunks: 10 }))
    const order = source.order(generator(1).split(0))
    expect(Int32Array.from(order).sort()).toEqual(Int32Array.from({ length: 10_050 }, (_, i) => i))
    expect(source.order(generator(1).split(0))).toEqual(order)
    expect(source.order(generator(1).split(1))).not.toEqual(order)
    // 101 chunks in 11 windows: the first 900 examples come from 9 or 10 chunks, scattered over the file.
    const chunks = new Set(order.subarray(0, 850).map((i) => Math.floor(i / 100)))
    expect(chunks.size).toBeLessThanOrEqual(10)
    expect(Math.max(...chunks) - Math.min(...chunks)).toBeGreaterThan(30)
    // And each batch of the window mixes nearly all of them.
    expect(new Set(order.subarray(0, 100).map((i) => Math.floor(i / 100))).size).toBeGreaterThanOrEqual(8)
    await orThrow(set.close)
  })

  it('gives equal batches whatever was drawn before, with a bounded number of chunks in memory', async () => {
    const data = simulated(10_050)
    const set = await stored(data)
    const { train } = splitRows(10_050, { validation: 0, test: 0.1 }, generator(3))
    const options = { rows: train, chunkRows: 100, chunks: 10 }
    const near = exampleSource(data, train)
    const through = orThrow(fileSource(set, options))
    const order = through.order(generator(1).split(2))
    let last: Float32Array[] = []
    for (let start = 0; start < order.length; start += 256) {
      const indices = order.subarray(start, start + 256)
      last = await batch(through, indices)
      expect(last).toEqual(await batch(near, indices))
      expect(through.chunksHeld()).toBeLessThanOrEqual(10)
    }
    // As a training that resumes at the last step.
    const resumed = orThrow(fileSource(set, options))
    const again = resumed.order(generator(1).split(2))
    expect(await batch(resumed, again.subarray(Math.floor((order.length - 1) / 256) * 256))).toEqual(last)
    await orThrow(set.close)
  })

  it('serves calls under way at the same time', async () => {
    const data = simulated(2000)
    const set = await stored(data)
    const source = orThrow(fileSource(set, { chunkRows: 10, chunks: 3 }))
    const near = exampleSource(data)
    const wanted = [0, 1, 2, 3].map((k) =>
      Int32Array.from({ length: 64 }, (_, i) => (i * 311 + k * 97) % 2000)
    )
    const got = await Promise.all(wanted.map((indices) => batch(source, indices)))
    for (const [k, indices] of wanted.entries()) expect(got[k]).toEqual(await batch(near, indices))
    await orThrow(set.close)
  })

  it('makes pairs of frames, and columns of choices', async () => {
    const rows = 60
    const x = {
      data: Float32Array.from({ length: rows * 3 * 2 }, (_, i) => Math.sin(i)),
      shape: [rows, 3, 2]
    }
    const a = {
      data: Float32Array.from({ length: rows * 2 * 2 }, (_, i) => (i * 7) % 3),
      shape: [rows, 2, 2]
    }
    const place = join(folder, 'arrays')
    mkdirSync(place)
    await writeNpy(join(place, 'x.npy'), x)()
    await writeNpy(join(place, 'a.npy'), { data: BigInt64Array.from(a.data, BigInt), shape: a.shape })()
    const path = join(folder, 'sequences.npz')
    await orThrow(writeDataSet(path, { x, a }))
    const near = exampleSource(await orThrow(readDataSet(path, { actions: 'discrete' })))
    const set = await orThrow(openDataSet(place, { actions: 'discrete' }))
    expect(set.shape).toMatchObject({ frames: 3, actions: 6, latents: undefined, temporal: true })
    const far = orThrow(fileSource(set, { chunkRows: 7, chunks: 2 }))
    const order = far.order(generator(1))
    expect([far.examples, order.length]).toEqual([120, 120])
    expect(await batch(far, order)).toEqual(await batch(near, order))
    await orThrow(set.close)
  })

  describe('of sequences', () => {
    const [rows, frames, features] = [60, 5, 2]
    const x = {
      data: Float32Array.from(
        { length: rows * frames * features },
        (_, i) => Math.sin(i) + 3 * (i % features)
      ),
      shape: [rows, frames, features]
    }
    const acted = (actionFrames: number) => ({
      data: Float32Array.from({ length: rows * actionFrames }, (_, i) => i),
      shape: [rows, actionFrames, 1]
    })
    const train = splitRows(rows, { validation: 0.1, test: 0.1 }, generator(4)).train

    it.each([
      [1, undefined, undefined],
      [2, undefined, 4],
      [3, train, 4],
      [3, train, 5],
      [4, undefined, 5],
      [4, train, undefined]
    ])('shows %i frames at once, as the one in memory does', async (views, some, actionFrames) => {
      const data: DataSet = { x, ...(actionFrames === undefined ? {} : { a: acted(actionFrames) }) }
      const set = await stored(data)
      const standardization = standardizationOf(x, some)
      const chosen = some === undefined ? {} : { rows: some }
      const far = orThrow(fileSource(set, { ...chosen, views, standardization, chunkRows: 7 }))
      const near = exampleSource({ ...data, x: orThrow(standardize(x, standardization)) }, some, { views })
      expect([far.examples, far.features]).toEqual([
        (some?.length ?? rows) * (frames - views),
        views * features
      ])
      expect([near.examples, near.features]).toEqual([far.examples, far.features])
      const order = far.order(generator(1))
      expect(order).toEqual(near.order(generator(1)))
      for (let start = 0; start < order.length; start += 16) {
        const indices = order.subarray(start, start + 16)
        expect(await batch(far, indices)).toEqual(await batch(near, indices))
      }
      // Few chunks at a time: other orders, the same examples.
      const through = orThrow(fileSource(set, { ...chosen, views, standardization, chunkRows: 7, chunks: 2 }))
      const windowed = through.order(generator(2))
      expect(Int32Array.from(windowed).sort()).toEqual(Int32Array.from({ length: far.examples }, (_, i) => i))
      expect(await batch(through, windowed)).toEqual(await batch(near, windowed))
      await orThrow(set.close)
    })

    it('that are too short, static, or standardized by other features is refused', async () => {
      const set = await stored({ x })
      expect(fileSource(set, { views: 5 })).toMatchObject({
        left: {
          _tag: 'ShapeMismatch',
          actual: '[60, 5, 2]',
          expected: expect.stringContaining('more than 5 frames')
        }
      })
      for (const views of [0, 1.5, Number.NaN]) {
        expect(fileSource(set, { views })).toMatchObject({ left: { _tag: 'InvalidOption', what: 'views' } })
      }
      const standardization = { mean: [0, 0, 0, 0], scale: [1, 1, 1, 1] }
      expect(fileSource(set, { views: 2, standardization })).toMatchObject({
        left: { _tag: 'ShapeMismatch', actual: '4', expected: '2, one a column of what is standardized' }
      })
      await orThrow(set.close)
      const rowsAlone = await stored(simulated(100))
      expect(fileSource(rowsAlone, { views: 2 })).toMatchObject({
        left: { _tag: 'InvalidOption', what: 'views' }
      })
      await orThrow(rowsAlone.close)
    })
  })

  it('refuses rows it does not have, and cannot be used once closed', async () => {
    const set = await stored(simulated(100))
    const rows = Int32Array.of(3, 100)
    expect(fileSource(set, { rows })).toMatchObject({ left: { _tag: 'InvalidOption', actual: '100' } })
    expect(fileSource(set, { chunkRows: 0 })).toMatchObject({
      left: { _tag: 'InvalidOption', what: 'chunkRows' }
    })
    expect(await wrong(set.take(rows))).toContain('a row number is 100, expected 0 to 99')
    await orThrow(set.close)
    await expect(batch(orThrow(fileSource(set)), Int32Array.of(0))).rejects.toThrow('it has been closed')
  })
})
