import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { orThrow } from '@mechid/values'
import { isLeft } from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  csvWriter,
  type NpzWriter,
  type NumericArray,
  npyWriter,
  npzWriter,
  openNpz,
  readCsv,
  readNpy,
  readNpz,
  scanCsv,
  writeCsv,
  writeNpy,
  writeNpz
} from '../src/index.js'

let root: string
let folder: string
let count = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'writers-'))
})
beforeEach(() => {
  folder = join(root, String(count++))
  mkdirSync(folder)
})
afterAll(() => rmSync(root, { recursive: true }))

const same = (one: string, other: string): boolean => readFileSync(one).equals(readFileSync(other))

/** An array cut into uneven blocks of rows. */
const blocksOf = ({ data, shape }: NumericArray): NumericArray['data'][] => {
  const rowSize = data.length / shape[0]
  return [0, 1, 1, 4, 7].flatMap((start, i, starts) => {
    const end = starts[i + 1] ?? shape[0]
    return start === end ? [] : [data.subarray(start * rowSize, end * rowSize)]
  })
}

const x: NumericArray = { data: Float32Array.from({ length: 60 }, (_, i) => i / 7), shape: [10, 3, 2] }
const z: NumericArray = { data: Float64Array.from({ length: 10 }, (_, i) => i / 3), shape: [10] }
const k: NumericArray = {
  data: BigInt64Array.from({ length: 20 }, (_, i) => BigInt(i) << 40n),
  shape: [10, 2]
}
const h: NumericArray = {
  data: Float32Array.from({ length: 10 }, (_, i) => i / 4),
  shape: [10],
  stored: 'float16'
}
const b: NumericArray = {
  data: Uint8Array.from({ length: 10 }, (_, i) => i % 2),
  shape: [10, 1],
  stored: 'bool'
}

describe('arrays written in blocks of rows', () => {
  it.each([
    ['float32', x],
    ['float64', z],
    ['int64', k],
    ['float16', h],
    ['bool', b]
  ] as const)('are the bytes of writeNpy: %s', async (dtype, array) => {
    const [whole, parts] = [join(folder, 'whole.npy'), join(folder, 'parts.npy')]
    await orThrow(writeNpy(whole, array))
    const writer = await orThrow(npyWriter(parts, { dtype, rowShape: array.shape.slice(1) }))
    for (const block of blocksOf(array)) await orThrow(writer.append(block))
    await orThrow(writer.commit)
    expect(same(whole, parts)).toBe(true)
  })

  it.each([false, true])(
    'are the bytes of writeNpz, whatever the order of the blocks (compress: %s)',
    async (compress) => {
      const [whole, parts] = [join(folder, 'whole.npz'), join(folder, 'parts.npz')]
      await orThrow(writeNpz(whole, { x, k, b }, { compress }))
      const layouts = {
        x: { dtype: 'float32', rowShape: [3, 2] },
        k: { dtype: 'int64', rowShape: [2] },
        b: { dtype: 'bool', rowShape: [1] }
      } as const
      const writer = await orThrow(npzWriter(parts, layouts, { compress }))
      await orThrow(writer.append('b', b.data))
      // Not awaited one by one: they are taken in the order they are started in.
      await Promise.all([
        ...blocksOf(x).map((block) => orThrow(writer.append('x', block))),
        ...blocksOf(k).map((block) => orThrow(writer.append('k', block)))
      ])
      await orThrow(writer.commit)
      expect(same(whole, parts)).toBe(true)
    }
  )

  it('may be several hundred thousand rows, changed before they are committed', async () => {
    const [rows, block] = [300_000, 7001]
    const path = join(folder, 'large.npz')
    const writer = await orThrow(npzWriter(path, { x: { dtype: 'float32', rowShape: [4] } }))
    for (let start = 0; start < rows; start += block) {
      const length = 4 * Math.min(block, rows - start)
      await orThrow(
        writer.append(
          'x',
          Float64Array.from({ length }, (_, i) => 4 * start + i)
        )
      )
    }
    let next = 0
    await orThrow(
      writer.revise('x', (numbers, first) => {
        expect(first).toBe(next)
        expect(numbers.byteLength).toBeLessThanOrEqual(1 << 20)
        next += numbers.length / 4
        for (let i = 0; i < numbers.length; i++) numbers[i] = -(numbers[i] as number)
        return first > 100_000
      })
    )
    expect(next).toBe(rows)
    await orThrow(writer.commit)
    const reader = await orThrow(openNpz(path, 'x'))
    expect(reader.shape).toEqual([rows, 4])
    const out = new Float32Array(8)
    await orThrow(reader.rows(1000, 2, out))
    expect([...out]).toEqual([4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007])
    await orThrow(reader.rows(299_999, 1, out))
    expect([...out.subarray(0, 4)]).toEqual([-1_199_996, -1_199_997, -1_199_998, -1_199_999])
    await orThrow(reader.close)
    // The checksum is that of the changed numbers.
    expect((await orThrow(readNpz(path))).x.data.length).toBe(4 * rows)
  })

  it('may be none', async () => {
    const path = join(folder, 'none.npy')
    await orThrow((await orThrow(npyWriter(path, { dtype: 'float64', rowShape: [3] }))).commit)
    expect(await orThrow(readNpy(path))).toEqual({ data: new Float64Array(0), shape: [0, 3] })
  })
})

describe('a writer', () => {
  const open = (path: string): Promise<NpzWriter> =>
    orThrow(npzWriter(path, { x: { dtype: 'float32', rowShape: [2] }, n: { dtype: 'int32', rowShape: [] } }))

  it('leaves the old file when it is discarded, and shows nothing before it is committed', async () => {
    const path = join(folder, 'kept.npz')
    writeFileSync(path, 'old')
    const writer = await open(path)
    await orThrow(writer.append('x', Float32Array.of(1, 2)))
    expect(readdirSync(folder)).toEqual(['kept.npz'])
    await writer.discard()
    await writer.discard()
    expect(readdirSync(folder)).toEqual(['kept.npz'])
    expect(readFileSync(path, 'utf8')).toBe('old')
    const late = await writer.commit()
    if (isLeft(late)) expect(late.left.message).toContain('this writer has been discarded')
    expect(late._tag).toBe('Left')
  })

  it('can be discarded in the middle of its commit', async () => {
    const path = join(folder, 'large.npz')
    const writer = await open(path)
    const block = new Float32Array(1 << 20)
    for (let i = 0; i < 8; i++) await orThrow(writer.append('x', block))
    const committing = writer.commit()
    await writer.discard()
    expect(await committing).toMatchObject({ left: { _tag: 'NotWritable' } })
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([
    [
      'rows that are not whole',
      'x',
      new Float32Array(3),
      'the array of rows is 3 numbers, expected whole rows of shape [2]'
    ],
    [
      'the wrong kind of numbers',
      'n',
      new Float32Array(2),
      'the array of rows is Float32Array, expected Int32Array for rows of int32'
    ],
    ['an array that it was not told of', 'y', new Float32Array(2), 'no array "y"; it holds "x", "n"']
  ])('refuses %s, and then everything', async (_, name, rows, words) => {
    const path = join(folder, 'refused.npz')
    const writer = await open(path)
    const refused = await writer.append(name, rows)()
    expect(refused._tag).toBe('Left')
    if (isLeft(refused)) expect(refused.left.message).toContain(words)
    expect(await writer.append('x', new Float32Array(2))()).toEqual(refused)
    expect(await writer.commit()).toEqual(refused)
    expect(readdirSync(folder)).toEqual([])
  })

  it('refuses names, shapes, types and places that cannot be', async () => {
    const row = { dtype: 'float32', rowShape: [2] } as const
    const path = join(folder, 'a.npz')
    expect(await npzWriter(path, { 'a/b': row })()).toMatchObject({ left: { _tag: 'BadName' } })
    expect(await npzWriter(path, { a: { ...row, rowShape: [0] } })()).toMatchObject({
      left: { _tag: 'ShapeMismatch' }
    })
    expect(await npyWriter(path, { dtype: 'bfloat16', rowShape: [] })()).toMatchObject({
      left: { _tag: 'UnsupportedDtype' }
    })
    expect(await npzWriter(folder, { a: row })()).toMatchObject({ left: { reason: 'it is a directory' } })
    expect(await npyWriter(join(folder, 'none', 'a.npy'), row)()).toMatchObject({
      left: { reason: 'the directory does not exist' }
    })
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('tables in blocks', () => {
  const names = ['first', 'second, quoted']
  const table = { data: Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i)), shape: [10_000, 2] }

  it('are written as writeCsv writes them, and come back in blocks', async () => {
    const [whole, parts] = [join(folder, 'whole.csv'), join(folder, 'parts.csv')]
    await orThrow(writeCsv(whole, names, table))
    const writer = await orThrow(csvWriter(parts, names))
    for (let at = 0; at < 20_000; at += 6000) await orThrow(writer.append(table.data.subarray(at, at + 6000)))
    await orThrow(writer.commit)
    expect(same(whole, parts)).toBe(true)

    const back: number[] = []
    const extent = await orThrow(
      scanCsv(parts, ({ values, firstRow, rows }) => {
        expect([firstRow, values.length]).toEqual([back.length / 2, 2 * rows])
        expect(rows).toBeLessThanOrEqual(4096)
        back.push(...values)
        return TE.right(undefined)
      })
    )
    expect(extent).toEqual({ names, rows: 10_000 })
    expect(Float64Array.from(back)).toEqual(table.data)
    expect((await orThrow(readCsv(parts))).values).toEqual(table)
  })

  it('go straight into an archive, and stop at the first error', async () => {
    const path = join(folder, 'long.csv')
    await orThrow(writeCsv(path, names, table))
    const writer = await orThrow(npzWriter(join(folder, 'x.npz'), { x: { dtype: 'float32', rowShape: [2] } }))
    await orThrow(scanCsv(path, ({ values }) => writer.append('x', values)))
    await orThrow(writer.commit)
    expect((await orThrow(readNpz(join(folder, 'x.npz')))).x.data).toEqual(Float32Array.from(table.data))
    expect(await scanCsv(path, ({ values }) => writer.append('x', values))()).toMatchObject({
      left: { _tag: 'NotWritable' }
    })
    writeFileSync(path, `${readFileSync(path, 'utf8')}1,x\n`)
    let rows = 0
    const read = scanCsv(path, (block) => {
      rows += block.rows
      return TE.right(undefined)
    })
    expect(await read()).toMatchObject({
      left: { _tag: 'NotANumber', row: 10_002, column: 'second, quoted' }
    })
    expect(rows).toBe(8192)
  })

  it('hand on what their visitor throws, in the middle or at the end', async () => {
    const fault = new Error('a fault of the program')
    for (const [rows, name] of [
      [10_000, 'middle.csv'],
      [10, 'end.csv']
    ] as const) {
      const path = join(folder, name)
      await orThrow(writeCsv(path, names, { data: new Float64Array(2 * rows), shape: [rows, 2] }))
      const visit = (): never => {
        throw fault
      }
      await expect(scanCsv(path, visit)()).rejects.toBe(fault)
      await expect(scanCsv(path, () => () => Promise.reject(fault))()).rejects.toBe(fault)
    }
  })

  it('refuse rows that are not whole', async () => {
    const writer = await orThrow(csvWriter(join(folder, 'ragged.csv'), names))
    expect(await writer.append(Float64Array.of(1, 2, 3))()).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(readdirSync(folder)).toEqual([])
  })
})
