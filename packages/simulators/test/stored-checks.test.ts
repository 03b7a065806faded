import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npzWriter, writeNpz } from '@mechid/files'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  type DataSet,
  dataSet,
  exampleSource,
  fileSource,
  openDataSet,
  simulate,
  writeDataSet
} from '../src/index.js'
import { batch, mixing, still, temporaryFolder, wrong } from './fixtures.js'

const folder = temporaryFolder('stored-checks')

describe('checking a data set on disk', () => {
  const large = async (
    name: string,
    change: (block: Float32Array, first: number) => void,
    columns = 5
  ): Promise<string> => {
    const path = join(folder, name)
    const rows = { dtype: 'float32', rowShape: [columns] } as const
    const opened = await npzWriter(path, { x: rows, a: { ...rows, rowShape: [2] } })()
    if (isLeft(opened)) throw new Error(name)
    const random = generator(1)
    for (let first = 0; first < 120_000; first += 10_000) {
      const [x, a] = [new Float32Array(10_000 * columns), new Float32Array(20_000)]
      random.fillNormal(x)
      change(x, first)
      await opened.right.append('x', x)()
      await opened.right.append('a', a)()
    }
    expect((await opened.right.commit())._tag).toBe('Right')
    return path
  }

  it.each([
    ['nan', Number.NaN, 'x is NaN at row 110007, column 3'],
    ['infinite', Number.NEGATIVE_INFINITY, 'x is -Infinity at row 110007, column 3']
  ])('names the first row with a value that is %s', async (name, value, words) => {
    const path = await large(`${name}.npz`, (block, first) => {
      if (first === 110_000) for (const at of [7 * 5 + 3, 8 * 5 + 1]) block[at] = value
    })
    expect(await wrong(openDataSet(path))).toContain(words)
  })

  it('finds a feature that never varies, and only that', async () => {
    const constant = await large('constant.npz', (block) => {
      for (let at = 2; at < block.length; at += 5) block[at] = 3
    })
    expect(await wrong(openDataSet(constant))).toContain('feature 2 of x (counted from 0) is 3 in every row')
    const late = await large('late.npz', (block, first) => {
      if (first < 110_000) for (let at = 2; at < block.length; at += 5) block[at] = 3
    })
    const set = await orThrow(openDataSet(late))
    expect(set.shape.rows).toBe(120_000)
    await orThrow(set.close)
  })

  it('says the same as dataSet says in memory', async () => {
    const x = { data: Float32Array.of(1, 2, 3, 4, 5, 7), shape: [3, 2] }
    const flawed: readonly DataSet[] = [
      { x, a: { data: new Float32Array(2), shape: [2, 1] } },
      { x, z: { data: new Float32Array(12), shape: [3, 2, 2] } },
      { x: { data: x.data, shape: [3, 1, 2] } },
      { x: { data: x.data, shape: [1, 6] } },
      {
        x: { data: Float32Array.of(1, 2, 1, 3), shape: [2, 2] },
        z: { data: Float32Array.of(1, Number.NaN), shape: [2, 1] }
      }
    ]
    for (const data of flawed) {
      const path = join(folder, 'flawed.npz')
      await writeNpz(path, { ...data } as Record<string, DataSet['x']>)()
      expect(await openDataSet(path)()).toEqual(dataSet(data, path))
    }
  })

  it('names files that are missing, cut off, compressed or something else', async () => {
    const { data } = orThrow(simulate({ kernel: still, mixing, rows: 500, seed: 1 }))
    const path = join(folder, 'sound.npz')
    await orThrow(writeDataSet(path, data))
    const bytes = readFileSync(path)
    const cut = join(folder, 'cut.npz')
    writeFileSync(cut, bytes.subarray(0, bytes.length / 2))
    const packed = join(folder, 'packed.npz')
    await writeNpz(packed, { x: data.x }, { compress: true })()
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    const text = join(folder, 'data.csv')
    appendFileSync(text, 'x0,x1\n1,2\n')
    for (const [place, words] of [
      [join(folder, 'none.npz'), 'there is no such file'],
      [cut, 'cut off'],
      [packed, 'is compressed'],
      [empty, 'x.npy: there is no such file'],
      [text, 'expected a .npz archive']
    ]) {
      expect(await wrong(openDataSet(place))).toContain(words)
    }
  })

  it('says that the file was cut off while batches were drawn from it', async () => {
    const { data } = orThrow(simulate({ kernel: still, mixing, rows: 5000, seed: 1 }))
    const path = join(folder, 'shrinking.npz')
    await orThrow(writeDataSet(path, data))
    const set = await orThrow(openDataSet(path))
    const source = orThrow(fileSource(set, { chunkRows: 100 }))
    await batch(source, Int32Array.of(5))
    truncateSync(path, 10_000)
    await expect(batch(source, Int32Array.of(4000))).rejects.toThrow('shrinking.npz, entry "x.npy": cut off')
    expect(await batch(source, Int32Array.of(5))).toEqual(await batch(exampleSource(data), Int32Array.of(5)))
    await orThrow(set.close)
  })

  it('stops when told to', async () => {
    const path = await large('stopped.npz', () => undefined)
    const stop = new AbortController()
    const onProgress = (): void => stop.abort()
    expect(await openDataSet(path, { onProgress, signal: stop.signal })()).toMatchObject({
      left: { _tag: 'Aborted', where: path }
    })
    let told = 0
    const set = await orThrow(
      openDataSet(path, {
        onProgress: ({ done, of }) => {
          told = done / of
        }
      })
    )
    expect(told).toBe(1)
    await orThrow(set.close)
  })
})
