import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  badHeader,
  badName,
  corrupt,
  emptyFile,
  type FileError,
  missingEntry,
  notANumber,
  notFound,
  notReadable,
  notThisFormat,
  raggedRow,
  rowsOutOfRange,
  showBytes,
  tooManyBytes,
  truncated,
  unsupportedDtype
} from '../src/errors.js'
import { type NumericArray, numericArray } from '../src/index.js'

const entry = { path: 'd.npz', entry: 'x.npy' }
const table = { path: 't.csv' }

const cases: ReadonlyArray<readonly [FileError, string]> = [
  [notFound('a.npy'), 'a.npy: there is no such file; check the path'],
  [
    notReadable('a.npy', new Error('no luck')),
    'a.npy: cannot be read (no luck); give a regular file that you may read'
  ],
  [
    emptyFile(table, 'row of data'),
    't.csv: there is no row of data, expected at least one; write the data again'
  ],
  [
    truncated(entry, 1000, 4800),
    'd.npz, entry "x.npy": cut off after 1,000 bytes, expected at least 4,800 bytes; copy or write it again'
  ],
  [
    truncated({ path: 'd.npz' }, 1),
    'd.npz: cut off after 1 byte, expected a directory at its end; copy or write it again'
  ],
  [
    corrupt(entry, 'the checksum does not fit'),
    'd.npz, entry "x.npy": damaged (the checksum does not fit); copy or write it again'
  ],
  [
    notThisFormat({ path: 'a.npy' }, showBytes(Uint8Array.of(0, 255)), 'a .npy array'),
    'a.npy: the start is the bytes 00 ff, expected a .npy array'
  ],
  [
    badHeader(entry, 'the format version', '9.0', '1.0, 2.0 or 3.0'),
    'd.npz, entry "x.npy": the format version is 9.0, expected 1.0, 2.0 or 3.0'
  ],
  [
    unsupportedDtype(entry, 'c16', 'float32'),
    'd.npz, entry "x.npy": the element type is c16, expected float32'
  ],
  [badName('d.npz', 'a/b', 'one without a slash'), 'd.npz: a name is "a/b", expected one without a slash'],
  [missingEntry('d.npz', 'array', 'x', ['y', 'z']), 'd.npz: there is no array "x"; it holds "y", "z"'],
  [missingEntry('t.csv', 'column', 'x0', []), 't.csv: there is no column "x0"; it holds none'],
  [
    notANumber('t.csv', 3, 'b', 'seven'),
    't.csv: line 3, column "b" is "seven", expected a number; write it like -1.5 or 2e-3 ' +
      '(decimal point, no thousands separator), or nan for a missing value'
  ],
  [
    notANumber('t.csv', 3, 'b', ' '),
    't.csv: line 3, column "b" is empty, expected a number; write one there, or nan for a missing value'
  ],
  [
    raggedRow('t.csv', 2, 1, 4),
    't.csv: line 2 has 1 cell, expected 4 as the header has; give every row one cell a column'
  ],
  [
    rowsOutOfRange(entry, 9, 2, 10),
    'd.npz, entry "x.npy": the requested rows are 9 to 10, expected whole rows among its 10 (counted from 0)'
  ],
  [
    tooManyBytes(entry, 4800, 1000, 'read it in parts'),
    'd.npz, entry "x.npy": the number of bytes to hold in memory is 4,800, expected at most 1,000; ' +
      'read it in parts'
  ]
]

describe('the messages', () => {
  it.each(cases.map(([error, words]) => [error._tag, words, error] as const))('%s: %s', (_, words, error) => {
    expect(error.message).toBe(words)
  })

  it('quote the beginning of a long cell, in one line', () => {
    const { message, text } = notANumber('t.csv', 2, 'a', `one\n${'x'.repeat(500)}`)
    expect(text.length).toBe(504)
    expect(message).toContain(`"one\\n${'x'.repeat(56)}…"`)
    expect(message).not.toContain('\n')
  })

  it('keep the place and what was expected apart', () => {
    expect(badName('d.npz', 'a/b', 'another')).toMatchObject({
      _tag: 'BadName',
      path: 'd.npz',
      where: 'd.npz',
      name: 'a/b',
      actual: '"a/b"',
      expected: 'another'
    })
    expect(badHeader(entry, 'the size', 3, '4')).toMatchObject({ ...entry, what: 'the size', actual: '3' })
    expect(truncated(entry, 3)).not.toHaveProperty('expected')
  })
})

describe('an array that is none', () => {
  const data = new Float64Array(6)

  it.each<[string, NumericArray, string, RegExp]>([
    ['too many axes', { data, shape: [6, ...Array(32).fill(1)] }, 'ShapeMismatch', /the rank is 33, .* 32$/],
    [
      'lengths that are none',
      { data, shape: [-2, -3] },
      'ShapeMismatch',
      /the shape is \[-2, -3\], expected/
    ],
    [
      'too few numbers',
      { data, shape: [3, 3] },
      'ShapeMismatch',
      /the data is 6 numbers, expected 9 for shape \[3, 3\]$/
    ],
    [
      'numbers that no file holds',
      { data: new Uint8ClampedArray(6) as unknown as Uint8Array, shape: [6] },
      'InvalidOption',
      /the data is Uint8ClampedArray, expected Float32Array/
    ]
  ])('has %s', (_, { data, shape }, tag, words) => {
    const result = numericArray(data, shape)
    expect(result).toMatchObject({ left: { _tag: tag, where: 'numericArray' } })
    if (isLeft(result)) expect(result.left.message).toMatch(words)
  })
})
