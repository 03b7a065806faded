/** Tables that are refused, and files of other kinds: status 1. */
import { gzipSync } from 'node:zlib'
import { rows, table } from '../program.js'
import { cases, changed, x300 } from './case.js'

export const refusedTables = cases([
  ['Parquet', ({ file }) => file('data.parquet', 'PAR1'), /Parquet is not read here; convert it: python3/],
  ['HDF5', ({ file }) => file('data.HDF5', 'HDF'), /HDF5 is not read here; convert it: python3/],
  ['a spreadsheet', ({ file }) => file('data.xlsx', 'PK'), /save it as .csv/],
  [
    'an ending that says nothing',
    ({ file }) => file('data.dat', '1'),
    /the ending is ".dat", expected one of .npz/
  ],
  [
    'a table without a header',
    ({ file }) => file('headless.csv', '1,2\n3,4\n'),
    /line 1 is numbers, expected the columns’ names/
  ],
  ['a header alone', ({ file }) => file('header.csv', 'p,q\n'), /there is no row of data/],
  [
    'two columns of one name',
    ({ file }) => file('double.csv', 'p,p\n1,2\n'),
    /"p" is the name of two columns/
  ],
  [
    'a line with too few cells',
    ({ file }) => file('ragged.csv', 'p,q\n1,2\n3\n'),
    /line 3 has 1 cell, expected 2/
  ],
  [
    'a slip in a column of numbers',
    ({ file }) => file('slip.csv', 'x0,x1\n1,2\n3,four\n2,1\n'),
    /column "x1", taken as a feature, is text \("four" in line 3\), expected a column of numbers: correct line 3/
  ],
  [
    'escapes for the terminal',
    ({ file }) => file('escapes.csv', 'x0,x1\n1,\u001b[2J\n3,4\n2,1\n'),
    /is text \("\\u001b\[2J" in line 2\)/
  ],
  [
    'text alone',
    ({ file }) => file('words.csv', 'p,q\na,b\nc,d\n'),
    /the columns of features is none among p, q/
  ],
  [
    'an empty cell',
    ({ file }) => file('empty-cell.csv', 'p,q\n1,2\n3,\n'),
    /1 value is missing, NaN or infinite \(in q; first in row 1, counted from 0; of a table, line 3\); leave those rows or columns out, or fill them in/
  ],
  [
    'NaN in the same cell',
    ({ file }) => file('nan-cell.csv', 'p,q\n1,2\n3,nan\n'),
    /1 value is missing, NaN or infinite \(in q; first in row 1, counted from 0; of a table, line 3\); leave those rows or columns out, or fill them in/
  ],
  [
    'NaN in an archive',
    async ({ archive }) => archive('nan.npz', { x: changed(x300, 3 * 17 + 2, Number.NaN) }),
    /1 value is missing, NaN or infinite \(in x2; first in row 17/
  ],
  [
    'infinite actions',
    async ({ archive }) =>
      archive('infinite.npz', { x: x300, a: changed(rows(300).a, 10, Number.POSITIVE_INFINITY) }),
    /\(in a0; first in row 5/
  ],
  [
    'zero bytes in a table',
    ({ file }) => file('zeros.csv', 'p,q\n1,\u0000\n'),
    /the text is one with zero bytes/
  ],
  [
    'UTF-16',
    ({ file }) => file('wide.csv', Buffer.from('\ufeffp,q\n1,2\n', 'utf16le')),
    /the text is UTF-16, expected UTF-8; convert it: iconv/
  ],
  [
    'one enormous line',
    ({ file }) => file('line.csv', Buffer.alloc(9e6, 'p')),
    /a line is longer than 8,388,608 bytes/
  ],
  [
    'a packed enormous line',
    ({ file }) => file('line.csv.gz', gzipSync(Buffer.alloc(2e7, 'p'))),
    /a line is longer than/
  ],
  ['a quote that never ends', ({ file }) => file('quote.csv', 'p,q\n"1,2\n3,4\n'), /[Qq]uote/],
  [
    'half a packed table',
    ({ file }) => file('half.csv.gz', gzipSync(table(300)).subarray(0, 900)),
    /half.csv.gz: damaged/
  ],
  [
    'a misspelt column',
    ({ file }) => file('columns.csv', table(30), '--features', 'speed,fource'),
    /there is no "fource", expected one of stamp, speed.*did you mean "force"\?/
  ],
  [
    'a pattern that fits none',
    ({ file }) => file('pattern.csv', table(30), '--features', 'y*'),
    /there is no "y\*"/
  ],
  [
    'a column as two things',
    ({ file }) => file('two.csv', table(30), '--features', 'speed,dose', '--action-columns', 'dose'),
    /column "dose" is both feature and another/
  ],
  [
    'a sequence that comes again',
    ({ file }) => file('torn.csv', 'trial,p\nA,1\nB,2\nA,3\n', '--sequence', 'trial'),
    /sequence column "trial" is a value again in line 4/
  ],
  [
    'files of different columns',
    ({ file, written }) => file('one.csv', 'p,q\n1,2\n', '--data', written('other.csv', 'p,r\n1,2\n')),
    /other.csv: the columns of x is p, r, expected those of one.csv: p, q/
  ]
])
