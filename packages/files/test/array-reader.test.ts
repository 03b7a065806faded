/** Rows, numbers and bytes out of open files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { orThrow } from '@mechid/values'
import { afterAll, describe, expect, it } from 'vitest'
import { openNpy, readTable, writeNpy } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'array-reader-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SHAPE = [5, 3, 2] as const
const bytes = Uint8Array.from({ length: 30 }, (_, k) => 3 * k)

/** The same array with its first axis fastest. */
const fortran = (): string => {
  const path = join(folder, 'fortran.npy')
  const text = `{'descr': '|u1', 'fortran_order': True, 'shape': (5, 3, 2), }`.padEnd(117)
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0, ...Buffer.from(`${text}\n`)])
  const body = Uint8Array.from({ length: 30 }, (_, at) => {
    const [i, j, k] = [at % 5, Math.floor(at / 5) % 3, Math.floor(at / 15)]
    return bytes[i * 6 + j * 2 + k]
  })
  writeFileSync(path, Buffer.concat([head, body]))
  return path
}

const rowMajor = async (): Promise<string> => {
  const path = join(folder, 'bytes.npy')
  await orThrow(writeNpy(path, { data: bytes, shape: SHAPE }))
  return path
}

describe.each([
  ['row-major', rowMajor],
  ['column-major', async () => fortran()]
])('a %s array of bytes', (_, written) => {
  it('is read as bytes or as floats, by rows or by numbers across them', async () => {
    const reader = await orThrow(openNpy(await written()))
    for (const make of [Uint8Array, Float32Array, Float64Array]) {
      const rows = new make(12)
      await orThrow(reader.rows(2, 2, rows))
      expect([...rows]).toEqual([...bytes.subarray(12, 24)])
      const across = new make(8)
      await orThrow(reader.numbers(4, 7, across))
      expect([...across]).toEqual([...bytes.subarray(4, 11), 0])
    }
    await orThrow(reader.close)
  })

  it('refuses numbers that it does not have, room that is too small, and what has been closed', async () => {
    const reader = await orThrow(openNpy(await written()))
    const tag = async (start: number, count: number, out: Uint8Array): Promise<string> => {
      const read = await reader.numbers(start, count, out)()
      return read._tag === 'Left' ? read.left._tag : 'read'
    }
    expect(await tag(28, 2, new Uint8Array(2))).toBe('read')
    expect(await tag(28, 3, new Uint8Array(3))).toBe('RowsOutOfRange')
    expect(await tag(-1, 1, new Uint8Array(3))).toBe('RowsOutOfRange')
    expect(await tag(0, 4, new Uint8Array(3))).toBe('ShapeMismatch')
    await orThrow(reader.close)
    expect(await tag(0, 1, new Uint8Array(3))).toBe('NotReadable')
  })
})

it('does not read numbers as bytes', async () => {
  const path = join(folder, 'floats.npy')
  await orThrow(writeNpy(path, { data: Float32Array.of(1, 2, 300), shape: [3] }))
  const reader = await orThrow(openNpy(path))
  const read = await reader.rows(0, 3, new Uint8Array(3))()
  expect(read._tag === 'Left' && read.left.message).toMatch(/bytes.*float32/)
  await orThrow(reader.close)
})

it('tells the choice of a table’s columns all their names', async () => {
  const path = join(folder, 'table.csv')
  writeFileSync(path, 'a,b,c\n1,2,x\n3,4,y\n')
  const last = await orThrow(
    readTable(path, { columns: (name, names) => name !== 'c' && names.indexOf(name) === names.length - 2 })
  )
  expect([...last.columns.keys()]).toEqual(['b'])
  expect(last.names).toEqual(['a', 'b', 'c'])
})
