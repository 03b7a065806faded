import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { orThrow } from '@mechid/values'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  eqNumericArray,
  type NumericArray,
  openNpz,
  readCsv,
  readNpy,
  readNpz,
  readNpzNames,
  readSafetensors,
  writeCsv,
  writeNpy,
  writeNpz,
  writeSafetensors
} from '../src/index.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
const sizeOf = (shape: number[]): number => shape.reduce((p, n) => p * n, 1)
const exactly = <T>(values: fc.Arbitrary<T>, n: number): fc.Arbitrary<T[]> =>
  fc.array(values, { minLength: n, maxLength: n })

const anyArray: fc.Arbitrary<NumericArray> = shapes.chain((shape) => {
  const n = sizeOf(shape)
  return fc.oneof(
    exactly(fc.double(), n).map((v): NumericArray => ({ data: Float64Array.from(v), shape })),
    exactly(fc.float(), n).map((v): NumericArray => ({ data: Float32Array.from(v), shape })),
    exactly(fc.integer(), n).map((v): NumericArray => ({ data: Int32Array.from(v), shape })),
    exactly(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), n).map(
      (v): NumericArray => ({ data: BigInt64Array.from(v), shape })
    ),
    exactly(fc.integer({ min: 0, max: 255 }), n).map(
      (v): NumericArray => ({ data: Uint8Array.from(v), shape })
    ),
    exactly(fc.boolean(), n).map(
      (v): NumericArray => ({ data: Uint8Array.from(v, Number), shape, stored: 'bool' })
    )
  )
})

describe('arrays come back as they were', () => {
  it('npy', async () => {
    const path = join(folder, 'one.npy')
    await fc.assert(
      fc.asyncProperty(anyArray, async (array) => {
        await orThrow(writeNpy(path, array))
        expect(eqNumericArray.equals(await orThrow(readNpy(path)), array)).toBe(true)
      }),
      { numRuns: 60 }
    )
  })

  it('npz, stored and compressed', async () => {
    const path = join(folder, 'some.npz')
    await fc.assert(
      fc.asyncProperty(anyArray, anyArray, fc.boolean(), async (x, a, compress) => {
        await orThrow(writeNpz(path, { x, a }, { compress }))
        expect(await orThrow(readNpzNames(path))).toEqual(['x', 'a'])
        const back = await orThrow(readNpz(path))
        expect(eqNumericArray.equals(back.x, x) && eqNumericArray.equals(back.a, a)).toBe(true)
      }),
      { numRuns: 40 }
    )
  })

  it('safetensors, with metadata', async () => {
    const path = join(folder, 'some.safetensors')
    await fc.assert(
      fc.asyncProperty(anyArray, anyArray, fc.string(), async (x, y, note) => {
        await orThrow(writeSafetensors(path, { x, 'layer/0': y }, { note }))
        const { tensors, metadata } = await orThrow(readSafetensors(path))
        expect(metadata).toEqual({ note })
        expect(eqNumericArray.equals(tensors.x, x) && eqNumericArray.equals(tensors['layer/0'], y)).toBe(true)
      }),
      { numRuns: 40 }
    )
  })

  it('csv, to the last bit', async () => {
    const path = join(folder, 'table.csv')
    await fc.assert(
      fc.asyncProperty(exactly(fc.double(), 6), async (v) => {
        const values = { data: Float64Array.from(v), shape: [3, 2] }
        await orThrow(writeCsv(path, ['first', 'with, comma'], values))
        const table = await orThrow(readCsv(path))
        expect(table.names).toEqual(['first', 'with, comma'])
        expect(eqNumericArray.equals(table.values, values)).toBe(true)
      }),
      { numRuns: 40 }
    )
  })
})

describe('NumPy’s layout', () => {
  it('reads what numpy.save writes for a big-endian, column-major array', async () => {
    const text = "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 3), }"
    const header = Buffer.alloc(128, ' ')
    header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
    header.writeUInt16LE(118, 8)
    header.write(text, 10)
    header[127] = 0x0a
    const body = Buffer.alloc(48)
    for (const [i, value] of [1, 4, 2, 5, 3, 6].entries()) body.writeDoubleBE(value, 8 * i)
    const path = join(folder, 'fortran.npy')
    const { writeFileSync } = await import('node:fs')
    writeFileSync(path, Buffer.concat([header, body]))
    const { data, shape } = await orThrow(readNpy(path))
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6])
    expect(shape).toEqual([2, 3])
  })

  it('aligns the elements to 64 bytes, little-endian, as numpy.save does', async () => {
    const path = join(folder, 'aligned.npy')
    await orThrow(writeNpy(path, { data: Float32Array.of(1.5), shape: [1] }))
    const bytes = readFileSync(path)
    expect(bytes.length).toBe(128 + 4)
    expect(bytes.toString('latin1', 10, 70)).toContain(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"
    )
    expect(bytes.readFloatLE(128)).toBe(1.5)
  })
})

it('reads rows from the middle of an archive', async () => {
  const path = join(folder, 'rows.npz')
  const x = { data: Float32Array.from({ length: 40 }, (_, i) => i), shape: [10, 4] }
  await orThrow(writeNpz(path, { z: x, x }))
  const reader = await orThrow(openNpz(path, 'x'))
  const out = new Float64Array(8)
  await orThrow(reader.rows(7, 2, out))
  expect([...out]).toEqual([28, 29, 30, 31, 32, 33, 34, 35])
  expect(await reader.rows(9, 2, out)()).toMatchObject({ left: { _tag: 'RowsOutOfRange', rows: 10 } })
  await orThrow(reader.close)
  expect(await reader.rows(0, 1, out)()).toMatchObject({ left: { _tag: 'NotReadable' } })
})

it('leaves nothing behind but the files it wrote', () => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
})
