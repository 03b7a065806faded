import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type FileError,
  openNpz,
  readCsv,
  readNpy,
  readNpz,
  readSafetensors,
  writeCsv,
  writeFileAtomically,
  writeNpy,
  writeNpz,
  writeSafetensors
} from '../src/index.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const x = { data: new Float64Array(600).fill(1), shape: [200, 3] }

const good = async (name: string, compress = false): Promise<Buffer> => {
  const path = join(folder, name)
  expect((await writeNpz(path, { x }, { compress })())._tag).toBe('Right')
  return readFileSync(path)
}

describe('npz', () => {
  it('names a file that is not there', async () => {
    const path = join(folder, 'absent.npz')
    const result = await readNpz(path)()
    const message = `${path}: there is no such file; check the path`
    expect(result).toEqual({ _tag: 'Left', left: { _tag: 'NotFound', path, message } })
  })

  it('refuses a folder, an empty file and another format', async () => {
    expect(await readNpz(folder)()).toMatchObject({
      left: { _tag: 'NotReadable', reason: 'it is a directory' }
    })
    expect(await readNpz(file('empty.npz', ''))()).toMatchObject({ left: { _tag: 'EmptyFile' } })
    expect(await readNpz(file('text.npz', 'x0,x1\n1,2\n'))()).toMatchObject({
      left: { _tag: 'NotThisFormat' }
    })
  })

  it('says that a file was cut off, wherever it was', async () => {
    const bytes = await good('whole.npz')
    for (const part of [0.1, 0.5, 0.9, 0.999]) {
      const cut = file('cut.npz', bytes.subarray(0, Math.floor(part * bytes.length)))
      expect(await readNpz(cut)()).toMatchObject({ left: { _tag: 'Truncated' } })
    }
  })

  it('notices changed bytes by the checksum, stored or compressed', async () => {
    for (const compress of [false, true]) {
      const bytes = await good('sound.npz', compress)
      // The middle of the archive lies within the array's numbers.
      const changed = Buffer.from(bytes)
      changed[compress ? 60 : Math.floor(bytes.length / 2)] ^= 0x55
      const result = await readNpz(file('changed.npz', changed))()
      expect(result._tag).toBe('Left')
      if (isLeft(result))
        expect(['Corrupt', 'Truncated', 'NotThisFormat', 'BadHeader']).toContain(result.left._tag)
    }
  })

  it('lists the arrays there are when one is missing', async () => {
    await good('named.npz')
    expect(await readNpz(join(folder, 'named.npz'), { names: ['z'] })()).toMatchObject({
      left: { _tag: 'MissingEntry', what: 'array', name: 'z', available: ['x'] }
    })
  })

  it('will not read rows in place from a compressed array', async () => {
    await good('packed.npz', true)
    expect(await openNpz(join(folder, 'packed.npz'), 'x')()).toMatchObject({ left: { _tag: 'NotReadable' } })
  })

  it('does not read more into memory than it may', async () => {
    await good('large.npz')
    expect(await readNpz(join(folder, 'large.npz'), { memoryLimit: 1000 })()).toMatchObject({
      left: { _tag: 'TooLarge', actual: 4800, limit: 1000 }
    })
  })

  it('says how to read what does not fit, as its format allows', async () => {
    const path = (name: string): string => join(folder, name)
    await good('stored.npz')
    await good('deflated.npz', true)
    await writeNpy(path('alone.npy'), x)()
    await writeSafetensors(path('all.safetensors'), { x })()
    const small = { memoryLimit: 1000 }
    const advice = (result: Either<FileError, unknown>): string =>
      isLeft(result) ? result.left.message.slice(result.left.message.indexOf(';')) : 'it was read'
    expect(advice(await readNpz(path('stored.npz'), small)())).toMatch(/^; open it by openNpz/)
    expect(advice(await readNpz(path('deflated.npz'), small)())).toMatch(/^; write it uncompressed .*openNpz/)
    expect(advice(await readNpy(path('alone.npy'), small)())).toMatch(/^; open it by openNpy/)
    expect(advice(await readSafetensors(path('all.safetensors'), small)())).toMatch(/^; write fewer tensors/)
  })
})

describe('npy', () => {
  const header = (literal: string): Buffer => {
    const bytes = Buffer.alloc(128, ' ')
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
    bytes.writeUInt16LE(118, 8)
    bytes.write(literal, 10)
    bytes[127] = 0x0a
    return bytes
  }

  it('refuses Python objects and text', async () => {
    for (const descr of ['|O', '<U3', '<c16']) {
      const path = file('odd.npy', header(`{'descr': '${descr}', 'fortran_order': False, 'shape': (0,), }`))
      expect(await readNpy(path)()).toMatchObject({ left: { _tag: 'UnsupportedDtype' } })
    }
  })

  it('holds the header against the size of the file', async () => {
    const path = file('short.npy', header("{'descr': '<f8', 'fortran_order': False, 'shape': (5,), }"))
    expect(await readNpy(path)()).toMatchObject({ left: { _tag: 'Truncated', expected: 168, actual: 128 } })
  })
})

describe('csv', () => {
  it.each([
    ['text', 'a,b\n1,2\n3,seven\n', { _tag: 'NotANumber', row: 3, column: 'b', text: 'seven' }],
    ['an empty cell', 'a,b\n1,\n', { _tag: 'NotANumber', row: 2, column: 'b', text: '' }],
    ['a decimal comma', 'a;b\n1,5;2\n', { _tag: 'RaggedRow', row: 2, expected: 1, actual: 2 }],
    ['a short row', 'a,b\n1,2\n3\n', { _tag: 'RaggedRow', row: 3, expected: 2, actual: 1 }],
    ['no header', '1,2\n3,4\n', { _tag: 'BadHeader' }],
    ['two columns of one name', 'a,a\n3,4\n', { _tag: 'BadHeader' }],
    ['nothing', '', { _tag: 'EmptyFile', missing: 'header line' }],
    ['a header alone', 'a,b\n', { _tag: 'EmptyFile', missing: 'row of data' }]
  ])('refuses %s', async (_, text, error) => {
    expect(await readCsv(file('bad.csv', text))()).toMatchObject({ left: error })
  })

  it('reads quotes, Windows line ends, a byte order mark, nan and inf', async () => {
    const result = await readCsv(file('odd.csv', '\ufeff"a",b\r\n"1",nan\r\n-inf,2e3\r\n'))()
    expect(result).toMatchObject({
      right: {
        names: ['a', 'b'],
        values: { data: Float64Array.of(1, Number.NaN, Number.NEGATIVE_INFINITY, 2000) }
      }
    })
  })

  it('refuses to write a table whose names do not fit', async () => {
    const path = join(folder, 'unwritten.csv')
    expect(await writeCsv(path, ['a'], x)()).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(existsSync(path)).toBe(false)
  })
})

describe('safetensors', () => {
  const safetensors = (json: unknown, data: number): string => {
    const text = Buffer.from(JSON.stringify(json))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(text.length))
    return file('odd.safetensors', Buffer.concat([length, text, Buffer.alloc(data)]))
  }
  const tensor = (start: number, end: number): object => ({
    dtype: 'F32',
    shape: [2],
    data_offsets: [start, end]
  })

  it.each([
    ['overlapping tensors', { a: tensor(0, 8), b: tensor(4, 12) }, 12, 'BadHeader'],
    ['a hole', { a: tensor(0, 8), b: tensor(12, 20) }, 20, 'BadHeader'],
    ['offsets that do not fit the shape', { a: tensor(0, 12) }, 12, 'BadHeader'],
    ['data cut off', { a: tensor(0, 8) }, 5, 'Truncated'],
    ['bytes after the last tensor', { a: tensor(0, 8) }, 9, 'BadHeader'],
    ['an unknown element type', { a: { ...tensor(0, 8), dtype: 'F8_E4M3' } }, 8, 'UnsupportedDtype']
  ])('refuses %s', async (_, json, data, tag) => {
    expect(await readSafetensors(safetensors(json, data))()).toMatchObject({ left: { _tag: tag } })
  })

  it('refuses another format', async () => {
    expect(await readSafetensors(file('no.safetensors', 'something else entirely'))()).toMatchObject({
      left: { _tag: 'NotThisFormat' }
    })
  })
})

describe('writing', () => {
  it('leaves the old file untouched, and no other, when the new one cannot be written', async () => {
    const path = file('kept.safetensors', 'old')
    const before = readdirSync(folder).length
    const wrong = { data: new Float32Array(3), shape: [2, 2] }
    expect(await writeSafetensors(path, { x, wrong })()).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder).length).toBe(before)
  })

  it('says which folder is not there', async () => {
    expect(await writeFileAtomically(join(folder, 'none', 'a.txt'), 'a')()).toMatchObject({
      left: { _tag: 'NotWritable', reason: 'the directory does not exist' }
    })
  })
})
