/** Files that lie, and files that were made to do harm: refused by name, before any room is made for what they claim. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it } from 'vitest'
import {
  readCsv,
  readNpy,
  readNpz,
  readNpzNames,
  readSafetensors,
  readTable,
  writeNpz
} from '../src/index.js'
import { dictionary, npyFile, type TestEntry, zipFile } from './zip-file.js'

const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** A sound array of 6 numbers, as an entry. */
const numbers = Buffer.from(Float64Array.of(1, 2, 3, 4, 5, 6).buffer)
const data = npyFile(dictionary('<f8', '(2, 3)'), numbers)
const x: TestEntry = { name: 'x.npy', data }

const GIGABYTE = 2 ** 30

describe('an archive', () => {
  const refused: ReadonlyArray<readonly [string, Uint8Array, string, RegExp]> = [
    [
      'a path upwards',
      zipFile([{ ...x, name: '../x.npy' }]),
      'BadHeader',
      /entry "..\/x.npy": its name is a path/
    ],
    [
      'an absolute path',
      zipFile([{ ...x, name: '/etc/x.npy' }]),
      'BadHeader',
      /entry "\/etc\/x.npy": its name/
    ],
    [
      'a drive',
      zipFile([{ ...x, name: 'C:\\x.npy' }]),
      'BadHeader',
      /entry "C:.x.npy": its name is a path of its own/
    ],
    [
      'backslashes upwards',
      zipFile([{ ...x, name: '..\\x.npy' }]),
      'BadHeader',
      /entry "...x.npy": its name/
    ],
    ['one name twice', zipFile([x, x]), 'BadHeader', /entry "x.npy": its name is that of two entries/],
    [
      'a size that its bytes cannot unpack to',
      zipFile([{ ...x, deflated: true, says: { size: 100 * GIGABYTE } }]),
      'BadHeader',
      /entry "x.npy": the size is 107,374,182,400 bytes, expected at most [\d,]+ bytes/
    ],
    [
      'a size that its bytes do not unpack to',
      zipFile([{ ...x, deflated: true, says: { size: data.length + 64 } }]),
      'BadHeader',
      /x.npz, entry "x": the size is \d+ bytes, expected \d+ as the header says|entry "x.npy": the size/
    ],
    [
      'more bytes than it says',
      zipFile([
        {
          name: 'x.npy',
          data: Buffer.concat([data, Buffer.alloc(1 << 20)]),
          deflated: true,
          says: { size: data.length }
        }
      ]),
      'Corrupt',
      /entry "x.npy": damaged \(more than the 176 bytes it should hold\)/
    ],
    [
      'a packed size beyond the file',
      zipFile([{ ...x, deflated: true, says: { packedSize: 1e6 } }]),
      'Truncated',
      /entry "x.npy": cut off/
    ],
    ['stored bytes of two sizes', zipFile([{ ...x, says: { size: 10 } }]), 'BadHeader', /size/],
    [
      'a method of its own',
      zipFile([{ ...x, says: { method: 12 } }]),
      'BadHeader',
      /compression method is 12/
    ],
    [
      'a password',
      zipFile([{ ...x, deflated: true, says: { flags: 1 } }]),
      'BadHeader',
      /entry "x.npy": it is encrypted/
    ],
    ['an entry beyond its end', zipFile([{ ...x, says: { at: 1e6 } }]), 'Truncated', /cut off/],
    ['an entry that is none', zipFile([{ ...x, says: { at: 5 } }]), 'BadHeader', /points to is no entry/],
    ['more entries than there are', zipFile([x], 500), 'Truncated', /cut off/],
    [
      'another archive inside',
      zipFile([{ name: 'inner.npz', data: zipFile([x]) }]),
      'BadHeader',
      /what it holds is "inner.npz", expected arrays/
    ],
    [
      'text instead of arrays',
      zipFile([{ name: 'x.npy', data: Buffer.from('hello') }]),
      'NotThisFormat',
      /"x.npy"/
    ],
    ['its second half missing', zipFile([x]).subarray(0, 150), 'Truncated', /cut off/]
  ]
  it.each(refused)('with %s is refused', async (_, bytes, tag, message) => {
    const read = await readNpz(file('x.npz', bytes))()
    expect(E.isLeft(read) ? read.left : read).toMatchObject({
      _tag: tag,
      message: expect.stringMatching(message)
    })
  })

  it('is held against memory as a whole, before the first array is read', async () => {
    const array = { data: new Float32Array(1 << 20), shape: [1 << 20] }
    const path = join(folder, 'zeros.npz')
    await orThrow(writeNpz(path, { p: array, q: array, r: array }, { compress: true }))
    const read = await readNpz(path, { memoryLimit: 9e6 })()
    expect(read).toMatchObject({
      left: { _tag: 'TooLarge', message: expect.stringContaining('entry "r.npy"') }
    })
    expect(E.isRight(await readNpz(path, { memoryLimit: 9e6, names: ['p', 'r'] })())).toBe(true)
  })

  it('with names that mean something to JavaScript is read like any other', async () => {
    const entries = ['__proto__', 'constructor', 'a/b'].map((name) => ({ name: `${name}.npy`, data }))
    const path = file('names.npz', zipFile(entries))
    expect(await readNpzNames(path)()).toEqual(E.right(['__proto__', 'constructor', 'a/b']))
    const read = await orThrow(readNpz(path))
    expect(Object.keys(read).sort()).toEqual(['__proto__', 'a/b', 'constructor'])
    expect(Object.getOwnPropertyDescriptor(read, '__proto__')?.value.shape).toEqual([2, 3])
  })
})

describe('a .npy file', () => {
  const refused: ReadonlyArray<readonly [string, string, string]> = [
    ['more rows than it has bytes', dictionary('<f8', '(1000000000, 1000)'), 'Truncated'],
    ['a negative length', dictionary('<f8', '(-1, 3)'), 'BadHeader'],
    [
      'lengths whose product overflows',
      dictionary('<f8', '(4294967296, 4294967296, 4294967296)'),
      'BadHeader'
    ],
    ['such lengths, and a 0', dictionary('<f8', '(0, 9007199254740993, 4294967296)'), 'BadHeader'],
    ['a length that is no integer', dictionary('<f8', '(1.5, 2)'), 'BadHeader'],
    ['100 axes', dictionary('<f8', `(${'1, '.repeat(100)})`), 'BadHeader'],
    ['objects', dictionary('|O', '(2, 3)'), 'UnsupportedDtype'],
    ['text', dictionary('<U5', '(2, 3)'), 'UnsupportedDtype'],
    ['records', `{'descr': [('p', '<f8')], 'fortran_order': False, 'shape': (6,), }`, 'UnsupportedDtype'],
    ['code instead of a dictionary', `__import__('os').system('true')`, 'BadHeader']
  ]
  it.each(refused)('of %s is refused', async (_, header, tag) => {
    expect(await readNpy(file('odd.npy', npyFile(header, numbers)))()).toMatchObject({ left: { _tag: tag } })
  })

  it('says how long its header is, and is not believed', async () => {
    const bytes = npyFile(dictionary('<f8', '(2, 3)'), numbers)
    bytes[6] = 2
    bytes.writeUInt32LE(0x7fffffff, 8)
    expect(await readNpy(file('long.npy', bytes))()).toMatchObject({ left: { _tag: 'Truncated' } })
  })

  it('of either order of bytes and axes is read', async () => {
    const bigEndian = Buffer.from(numbers).swap64()
    const byColumn = npyFile(dictionary('>f8', '(2, 3)', true), bigEndian)
    const read = await orThrow(readNpy(file('big.npy', byColumn)))
    expect(Array.from(read.data as Float64Array)).toEqual([1, 3, 5, 2, 4, 6])
  })
})

describe('a .safetensors file', () => {
  const withHeader = (json: string, length = BigInt(Buffer.byteLength(json))): string => {
    const start = Buffer.alloc(8)
    start.writeBigUInt64LE(length)
    return file('odd.safetensors', Buffer.concat([start, Buffer.from(json), numbers]))
  }
  const tensor = (more: object): string =>
    JSON.stringify({ x: { dtype: 'F64', shape: [6], data_offsets: [0, 48], ...more } })

  it.each([
    ['a header longer than the file', () => withHeader('{}', 99_999_999n), 'Truncated'],
    ['a header longer than any', () => withHeader('{}', 0xffffffffffffffffn), 'NotThisFormat'],
    ['a shape that overflows', () => withHeader(tensor({ shape: [2 ** 52, 2 ** 52] })), 'BadHeader'],
    ['a negative length', () => withHeader(tensor({ shape: [-6] })), 'BadHeader'],
    ['100 axes', () => withHeader(tensor({ shape: [6, ...new Array(99).fill(1)] })), 'BadHeader'],
    ['offsets out of range', () => withHeader(tensor({ shape: [12], data_offsets: [0, 96] })), 'Truncated'],
    ['offsets in reverse', () => withHeader(tensor({ data_offsets: [48, 0] })), 'BadHeader'],
    [
      'metadata that are no texts',
      () => withHeader(`{"__metadata__":{"coding":5},${tensor({}).slice(1)}`),
      'BadHeader'
    ],
    [
      'one name twice',
      () =>
        withHeader(
          `{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},${tensor({ shape: [5], data_offsets: [8, 48] }).slice(1)}`
        ),
      'BadHeader'
    ]
  ])('with %s is refused', async (_, path, tag) => {
    expect(await readSafetensors(path())()).toMatchObject({ left: { _tag: tag } })
  })

  it('may call a tensor __proto__', async () => {
    const { tensors } = await orThrow(readSafetensors(withHeader(tensor({}).replace('"x"', '"__proto__"'))))
    expect(Object.keys(tensors)).toEqual(['__proto__'])
  })
})

describe('a table', () => {
  const line = 'p,q\n1,2\n'
  const refused: ReadonlyArray<readonly [string, string, () => Uint8Array, string, RegExp]> = [
    ['zero bytes', 'zeros.csv', () => Buffer.from('p,q\n1,\x002\n'), 'BadHeader', /zero bytes/],
    ['UTF-16', 'wide.csv', () => Buffer.from(`\ufeff${line}`, 'utf16le'), 'BadHeader', /is UTF-16.*iconv/],
    ['a quote that never ends', 'quote.csv', () => Buffer.from('p,q\n"1,2\n3,4\n'), 'BadHeader', /[Qq]uote/],
    [
      'a quote that never ends in a long file',
      'long-quote.csv',
      () => Buffer.from(`p,q\n"1,2\n${'3,4\n'.repeat(2.2e6)}`),
      'BadHeader',
      /a line is longer than 8,388,608 bytes.*quote in it never ends/
    ],
    ['one enormous line', 'line.csv', () => Buffer.alloc(9e6, 'p'), 'BadHeader', /a line is longer than/],
    [
      'commas alone',
      'commas.csv.gz',
      () => gzipSync(Buffer.alloc(9e6, ',')),
      'BadHeader',
      /a line is longer than/
    ],
    [
      'a packed enormous line',
      'line.csv.gz',
      () => gzipSync(Buffer.alloc(5e7, 'p')),
      'BadHeader',
      /a line is longer/
    ],
    ['half a packed file', 'half.csv.gz', () => gzipSync(line).subarray(0, 15), 'Corrupt', /damaged/],
    [
      'a column with an endless name',
      'name.csv',
      () => Buffer.from(`${'p'.repeat(5000)},q\n1,2\n`),
      'BadHeader',
      /the name of a column is 5,000 letters long/
    ]
  ]
  it.each(refused)('of %s is refused', async (_, name, content, tag, message) => {
    const read = await readTable(file(name, content()))()
    expect(E.isLeft(read) ? read.left : read).toMatchObject({
      _tag: tag,
      message: expect.stringMatching(message)
    })
    expect(E.isLeft(read) ? read.left.message.length : 0).toBeLessThan(500)
  })

  it.each([
    ['one enormous line', 'plain-line.csv', () => Buffer.alloc(9e6, ',')],
    ['a quote that never ends', 'plain-quote.csv', () => Buffer.from(`p,q\n"1,2\n${'3,4\n'.repeat(2.2e6)}`)]
  ])('read as numbers alone is refused for %s, too', async (_, name, content) => {
    expect(await readCsv(file(name, content()))()).toMatchObject({
      left: { _tag: 'BadHeader', what: 'a line' }
    })
  })

  it('keeps no text in memory that is too long for a label', async () => {
    const long = 'n'.repeat(5000)
    const { columns } = await orThrow(readTable(file('notes.csv', `p,q\n1,${long}\n2,b\n`)))
    expect(columns.get('q')).not.toHaveProperty('levels')
    expect(columns.get('q')).toMatchObject({ firstText: { text: `${'n'.repeat(60)}…` } })
  })
})
