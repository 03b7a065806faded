/** Files that are read: status 0, and all results. */
import { gzipSync } from 'node:zlib'
import { writeNpy, writeSafetensors } from '@mechid/files'
import { orThrow } from '@mechid/values'
import { COLUMNS, rows, table } from '../program.js'
import { cases, numbers, of, x300 } from './case.js'

export const learned = cases([
  [
    'a table with names',
    ({ file }) => file('names.csv', table(300), ...COLUMNS),
    /300 rows, 3 features, 3 action columns; 30 held out/
  ],
  [
    'a table of semicolons and decimal commas',
    ({ file }) => file('comma.csv', table(300, ';', ','), ...COLUMNS),
    /300 rows, 3 features, 3 action columns/
  ],
  [
    'a packed table in capitals',
    ({ file }) => file('packed.TSV.gz', gzipSync(table(300, '\t')), ...COLUMNS),
    /300 rows, 3 features/
  ],
  [
    'a table of Windows',
    ({ file }) => file('windows.csv', `\ufeff${table(300).replaceAll('\n', '\r\n')}`, ...COLUMNS),
    /300 rows, 3 features/
  ],
  [
    'a table of an old Macintosh',
    ({ file }) => file('macintosh.csv', table(300).replaceAll('\n', '\r'), ...COLUMNS),
    /300 rows, 3 features/
  ],
  [
    'a recording in order of time',
    ({ file }) => file('series.csv', table(300), ...COLUMNS, '--series'),
    /42 sequences of 300 frames.*\n(.*\n)*Cut into 42 windows of 7 frames/
  ],
  [
    'sequences told apart by a column',
    ({ file }) => file('days.csv', table(300), ...COLUMNS, '--sequence', 'day'),
    /sequences of 300 frames/
  ],
  [
    'several files',
    ({ file, written }) =>
      file('monday.csv', table(200), '--data', written('tuesday.csv', table(250)), ...COLUMNS),
    /monday.csv and 1 more: 450 rows/
  ],
  [
    'named arrays',
    async ({ archive }) =>
      archive(
        'other.npz',
        { obs: x300, act: rows(300).a, note: numbers([2, 2, 2, 2], Math.sin) },
        '--x',
        'obs',
        '--a',
        'act'
      ),
    /300 rows, 3 features, 2 action columns/
  ],
  ['100 rows', async ({ archive }) => archive('small.npz', rows(100)), /100 rows/],
  [
    'a .npy of sequences',
    async ({ at }) => {
      await orThrow(writeNpy(at('sequences.npy'), { data: rows(300).x.data, shape: [60, 5, 3] }))
      return of('sequences.npy')
    },
    /60 sequences of 300 frames, 3 features, no actions/
  ],
  [
    'tensors',
    async ({ at }) => {
      await orThrow(writeSafetensors(at('tensors.safetensors'), rows(300)))
      return of('tensors.safetensors')
    },
    /300 rows, 3 features, 2 action columns/
  ],
  [
    'a feature that never changes',
    async ({ archive }) =>
      archive('flat.npz', {
        ...rows(300),
        x: { ...x300, data: x300.data.map((value, e) => (e % 3 === 2 ? 1e8 : value)) }
      }),
    /Left out, since the same in every row of the training: x2/
  ],
  [
    'an action that follows from another',
    async ({ archive }) =>
      archive('copy.npz', {
        x: x300,
        a: numbers([300, 2], (i) => (i % 2 === 0 ? Math.sin(i) : 1 - Math.sin(i - 1)))
      }),
    /Action a1 follows from a0 \(a1 = 1 − a0\)[\s\S]*theory says:[\s\S]*a1 follows from a0: data cannot tell their effects apart/
  ],
  [
    'discrete values with gaps',
    async ({ archive }) =>
      archive('gaps.npz', { x: x300, a: numbers([300], (i) => [1, 5, 7][i % 3]) }, '--actions', 'discrete'),
    /3 action columns/
  ],
  [
    'few values of a number',
    async ({ archive }) => archive('values.npz', { x: x300, a: numbers([300], (i) => [1, 5, 7][i % 3]) }),
    /takes 3 values only \(1, 5, 7\); if they are names, take them as discrete: --actions discrete\./
  ],
  [
    'a column called <script>',
    ({ file }) =>
      file(
        'hostile.csv',
        table(300).replace('dose', '<script>alert(1)</script>'),
        '--features',
        'speed..heat',
        '--action-columns',
        '<script>alert(1)</script>,lamp'
      ),
    /300 rows, 3 features, 3 action columns/
  ]
])
