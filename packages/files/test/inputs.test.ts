/** Blobs and bytes are read as files are, and bytes are those of the files. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it } from 'vitest'
import {
  csvBytes,
  inputName,
  type NumericArray,
  npyBytes,
  npzBytes,
  openNpy,
  openNpz,
  readCsv,
  readNpy,
  readNpz,
  readNpzNames,
  readSafetensors,
  readTable,
  safetensorsBytes,
  writeCsv,
  writeNpy,
  writeNpz,
  writeSafetensors
} from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'inputs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const pathOf = (name: string): string => join(folder, name)

const x: NumericArray<Float64Array> = {
  data: Float64Array.from({ length: 3000 }, (_, i) => Math.sin(i)),
  shape: [1000, 3]
}
const steps: NumericArray = { data: BigInt64Array.of(1n, -2n), shape: [2] }

describe.each([true, false])('an archive, compressed: %s', (compress) => {
  it('has the bytes of its file, which are read as the file is, from a blob too', async () => {
    const path = pathOf('arrays.npz')
    await orThrow(writeNpz(path, { x, steps }, { compress }))
    const bytes = await orThrow(npzBytes({ x, steps }, { compress }))
    expect(Buffer.compare(bytes, readFileSync(path))).toBe(0)
    const whole = await readNpz(path)()
    for (const input of [bytes, new Blob([bytes.subarray(0, 100), bytes.subarray(100)])]) {
      expect(await readNpz(input)()).toEqual(whole)
      expect(await readNpzNames(input)()).toEqual(E.right(['x', 'steps']))
    }
  })
})

describe('other files', () => {
  it('have the bytes that are read as the file is', async () => {
    const names = ['a', 'b', 'c']
    await orThrow(writeNpy(pathOf('x.npy'), x))
    await orThrow(writeCsv(pathOf('x.csv'), names, x))
    await orThrow(writeSafetensors(pathOf('x.safetensors'), { x, steps }, { by: 'hand' }))
    const made = {
      npy: orThrow(npyBytes(x)),
      csv: orThrow(csvBytes(names, x)),
      safetensors: orThrow(safetensorsBytes({ x, steps }, { by: 'hand' }))
    }
    for (const [ending, bytes] of Object.entries(made))
      expect(Buffer.compare(bytes, readFileSync(pathOf(`x.${ending}`))), ending).toBe(0)
    expect(await readNpy(made.npy)()).toEqual(await readNpy(pathOf('x.npy'))())
    expect(await readCsv(new Blob([made.csv]))()).toEqual(await readCsv(pathOf('x.csv'))())
    expect(await readSafetensors(made.safetensors)()).toEqual(
      await readSafetensors(pathOf('x.safetensors'))()
    )
  })

  it('are read in parts from a blob', async () => {
    const npz = new Blob([await orThrow(npzBytes({ x }))])
    for (const opened of [openNpy(new Blob([orThrow(npyBytes(x))])), openNpz(npz, 'x')]) {
      const reader = await orThrow(opened)
      const rows = new Float64Array(6)
      await orThrow(reader.rows(700, 2, rows))
      expect(rows).toEqual(x.data.subarray(2100, 2106))
      await orThrow(reader.close)
    }
  })

  it('of text are unpacked from bytes', async () => {
    const packed = gzipSync('when;angle\n1;0,5\n2;0,25\n')
    const { rows, format } = await orThrow(readTable(packed))
    expect([rows, format]).toEqual([2, { delimiter: ';', decimal: ',', compressed: true }])
    const cut = await readTable(new Blob([packed.subarray(0, 20)]))()
    expect(cut).toMatchObject({ left: { _tag: 'Corrupt', path: 'the blob' } })
  })
})

describe('messages', () => {
  it('call a file by its name, and all else by what it is', async () => {
    const named = Object.assign(new Blob(['PK']), { name: 'picked.npz' })
    expect([named, new Blob([]), new Uint8Array(0), 'a/b.npy'].map(inputName)).toEqual([
      'picked.npz',
      'the blob',
      'the bytes',
      'a/b.npy'
    ])
    expect(await readNpz(named)()).toMatchObject({ left: { path: 'picked.npz', _tag: 'Truncated' } })
    expect(await readNpz(new Uint8Array(0))()).toMatchObject({
      left: { path: 'the bytes', _tag: 'EmptyFile' }
    })
  })

  it('say who refuses arrays that a file cannot hold', async () => {
    const wrong: NumericArray = { data: new Float32Array(3), shape: [2, 2] }
    const told = [
      npyBytes(wrong),
      csvBytes(['a', 'b'], wrong),
      safetensorsBytes({ wrong }),
      await npzBytes({ wrong })(),
      await npzBytes({ 'a/b': x })()
    ].map((made) => (E.isLeft(made) ? `${made.left._tag} ${made.left.message}` : 'made'))
    expect(told).toEqual([
      expect.stringMatching(/^ShapeMismatch npyBytes: /),
      expect.stringMatching(/^ShapeMismatch csvBytes: /),
      expect.stringMatching(/^ShapeMismatch safetensorsBytes, entry "wrong": /),
      expect.stringMatching(/^ShapeMismatch npzBytes, entry "wrong": /),
      expect.stringMatching(/^BadName npzBytes: /)
    ])
  })
})
