import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type NumericArray, writeNpy, writeNpz, writeSafetensors } from '@mechid/files'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it } from 'vitest'
import { type ReadRecordingOptions, type Recording, readRecording } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'mechid-recordings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const random = generator(7)
const array = (shape: readonly number[], kind: 'float32' | 'float64' = 'float64'): NumericArray => {
  const data = Float64Array.from({ length: shape.reduce((p, n) => p * n, 1) }, () => random.normal())
  return { data: kind === 'float64' ? data : Float32Array.from(data), shape }
}

const npz = async (name: string, arrays: Readonly<Record<string, NumericArray>>): Promise<string> => {
  const path = join(folder, name)
  await orThrow(writeNpz(path, arrays))
  return path
}

const shapeOf = ({ x, a, z, lengths }: Recording) => ({
  x: [x.lines, x.names.length],
  ...(a === undefined ? {} : { a: [a.lines, a.names.length] }),
  ...(z === undefined ? {} : { z: [z.lines, z.names.length] }),
  ...(lengths === undefined ? {} : { lengths: lengths.length > 3 ? lengths.length : lengths })
})

const header = 'time,x0,x1,a0,z0,note'
const lines = (count: number, more = ''): string =>
  Array.from({ length: count }, (_, i) => `${i},${i / 3},${-i},${i % 2},${i * i},"n ${i}"${more}`).join('\n')
const table = (count: number): string => `${header}\n${lines(count)}\n`

/** name → how to write it, how it is read, and the shapes that come out. */
const readable: ReadonlyArray<
  readonly [string, (name: string) => Promise<string> | string, ReadRecordingOptions, object]
> = [
  ['rows.npz', (n) => npz(n, { x: array([30, 4]), a: array([30, 2]) }), {}, { x: [30, 4], a: [30, 2] }],
  ['vector.npz', (n) => npz(n, { x: array([30]) }), {}, { x: [30, 1] }],
  ['sequences.npz', (n) => npz(n, { x: array([30, 5, 4]) }), {}, { x: [150, 4], lengths: 30 }],
  [
    'steps.npz',
    (n) => npz(n, { x: array([3, 5, 4]), a: array([3, 4, 1]) }),
    {},
    { x: [15, 4], a: [12, 1], lengths: [5, 5, 5] }
  ],
  [
    'pairs.npz',
    (n) => npz(n, { x: array([30, 2, 4]), a: array([30, 1]) }),
    {},
    { x: [60, 4], a: [30, 1], lengths: 30 }
  ],
  ['series.npz', (n) => npz(n, { x: array([90, 4]) }), { series: true }, { x: [90, 4], lengths: [90] }],
  [
    'ragged.npz',
    (n) => npz(n, { x: array([9, 2]), lengths: { data: new BigInt64Array([4n, 3n, 2n]), shape: [3] } }),
    {},
    { x: [9, 2], lengths: [4, 3, 2] }
  ],
  [
    'named.NPZ',
    (n) => npz(n, { obs: array([30, 4], 'float32'), act: array([30, 1]), other: array([3, 3, 3, 3]) }),
    { x: 'obs', a: 'act' },
    { x: [30, 4], a: [30, 1] }
  ],
  [
    'alone.npy',
    async (n) => {
      await orThrow(writeNpy(join(folder, n), array([30, 4])))
      return join(folder, n)
    },
    {},
    { x: [30, 4] }
  ],
  [
    'tensors.safetensors',
    async (n) => {
      await orThrow(writeSafetensors(join(folder, n), { x: array([30, 4]), z: array([30, 2]) }))
      return join(folder, n)
    },
    {},
    { x: [30, 4], z: [30, 2] }
  ],
  ['numbered.csv', (n) => file(n, table(30)), {}, { x: [30, 2], a: [30, 1], z: [30, 1] }],
  ['packed.csv.gz', (n) => file(n, gzipSync(table(30))), {}, { x: [30, 2], a: [30, 1], z: [30, 1] }],
  ['upper.CSV', (n) => file(n, table(30)), {}, { x: [30, 2], a: [30, 1], z: [30, 1] }],
  ['tabs.tsv', (n) => file(n, table(30).replaceAll(',', '\t')), {}, { x: [30, 2], a: [30, 1], z: [30, 1] }],
  [
    'chosen.csv',
    (n) => file(n, table(30)),
    { features: 'x*,time', actions: 'note' },
    { x: [30, 3], a: [30, 1], z: [30, 1] }
  ],
  [
    'range.csv',
    (n) => file(n, table(30)),
    { features: 'time..x1', actions: '!*' },
    { x: [30, 3], z: [30, 1] }
  ],
  [
    'series.csv',
    (n) => file(n, table(50)),
    { series: true },
    { x: [50, 2], a: [50, 1], z: [50, 1], lengths: [50] }
  ],
  [
    'trials.csv',
    (n) => file(n, 'trial,p,q\nA,1,2\nA,2,3\nA,3,1\nB,5,6\nB,6,7\n'),
    { sequence: 'trial' },
    { x: [5, 2], lengths: [3, 2] }
  ],
  ['anything.csv', (n) => file(n, 'p,q,who\n1,2,me\n3,4,you\n'), {}, { x: [2, 2] }]
]

describe('readRecording', () => {
  it.each(readable)('reads %s', async (name, write, options, shapes) => {
    const path = await write(name)
    expect(shapeOf(await orThrow(readRecording([path], options)))).toEqual(shapes)
  })

  const refused: ReadonlyArray<
    readonly [string, (name: string) => Promise<string> | string, ReadRecordingOptions, RegExp]
  > = [
    ['data.parquet', (n) => file(n, 'PAR1'), {}, /Parquet is not read here; convert it: python3 -c .*to_csv/],
    ['data.h5', (n) => file(n, 'HDF'), {}, /HDF5 is not read here; convert it: python3/],
    ['data.HDF5', (n) => file(n, 'HDF'), {}, /HDF5 is not read here/],
    ['data.mat', (n) => file(n, 'M'), {}, /MATLAB.s format is not read here/],
    ['data.xlsx', (n) => file(n, 'PK'), {}, /a spreadsheet is not read here; save it as .csv/],
    ['data.dat', (n) => file(n, '1'), {}, /the ending is ".dat", expected one of .npz/],
    ['data', (n) => file(n, '1'), {}, /the ending is missing, expected one of .npz/],
    ['absent.csv', () => join(folder, 'not-there.csv'), {}, /not-there.csv/],
    ['empty.csv', (n) => file(n, ''), {}, /empty/],
    ['unnamed.npz', (n) => npz(n, { obs: array([30, 4]) }), {}, /array "x"/],
    ['missing.npz', (n) => npz(n, { x: array([30, 4]) }), { a: 'act' }, /array "act"/],
    [
      'images.npz',
      (n) => npz(n, { x: array([3, 4, 4, 1]) }),
      {},
      /shape of x is \[3, 4, 4, 1\].*openRecording/
    ],
    [
      'lengths.npz',
      (n) => npz(n, { x: array([9, 2]), lengths: { data: new Int32Array([4, 4]), shape: [2] } }),
      {},
      /lengths is 2 numbers with sum 8/
    ],
    [
      'nobody.csv',
      (n) => file(n, table(5)),
      { features: 'x9' },
      /there is no "x9", expected one of time, x0/
    ],
    ['glob.csv', (n) => file(n, table(5)), { actions: 'b*' }, /there is no "b\*"/],
    [
      'text.csv',
      (n) => file(n, table(5)),
      { features: 'note' },
      /column "note", taken as a feature, is text \("n 0" in line 2\)/
    ],
    [
      'both.csv',
      (n) => file(n, table(5)),
      { features: 'x0', actions: 'x0' },
      /column "x0" is both feature and another/
    ],
    [
      'slip.csv',
      (n) => file(n, 'p,q\n1,2\n3,4\n5,oops\n'),
      {},
      /column "q", taken as a feature, is text \("oops" in line 4\)/
    ],
    ['all-text.csv', (n) => file(n, 'p,q\na,b\nc,d\n'), {}, /the columns of features is none among p, q/],
    [
      'torn.csv',
      (n) => file(n, 'trial,p\nA,1\nB,2\nA,3\n'),
      { sequence: 'trial' },
      /sequence column "trial" is a value again in line 4/
    ],
    ['ragged.csv', (n) => file(n, 'p,q\n1,2\n3\n'), {}, /line 3 has 1 cell/]
  ]
  it.each(refused)('refuses %s', async (name, write, options, message) => {
    const read = await readRecording([await write(name)], options)()
    expect(E.isLeft(read) ? read.left.message : 'read').toMatch(message)
  })

  it('says which columns it left alone, and keeps the names of the others', async () => {
    const { x, notes } = await orThrow(
      readRecording([file('left.csv', 'speed,who,torque\n1,me,2\n3,you,4\n')])
    )
    expect(x.names).toEqual(['speed', 'torque'])
    expect(notes).toEqual(['Columns left alone: who.'])
  })

  it('puts files one after the other, each a sequence where lines are frames', async () => {
    const paths = [3, 2].map((count, k) =>
      file(
        `day${k}.csv`,
        `p,cell\n${Array.from({ length: count }, (_, i) => `${10 * k + i},${'ab'[(i + k) % 2]}`).join('\n')}\n`
      )
    )
    const rows = await orThrow(readRecording(paths, { actions: 'cell' }))
    expect([...rows.x.data]).toEqual([0, 1, 2, 10, 11])
    const labels = rows.a?.labels?.get(0) as readonly string[]
    expect(Array.from(rows.a?.data ?? [], (code) => labels[code])).toEqual(['a', 'b', 'a', 'b', 'a'])
    expect(rows.lengths).toBeUndefined()
    const frames = await orThrow(readRecording(paths, { actions: 'cell', series: true }))
    expect(frames.lengths).toEqual([3, 2])
  })

  it('refuses files that do not go together, naming both', async () => {
    const paths = [file('one.csv', 'p,q\n1,2\n'), file('two.csv', 'p,r\n1,2\n')]
    const read = await readRecording(paths)()
    expect(E.isLeft(read) ? read.left.message : 'read').toMatch(
      /two.csv: the columns of x is p, r, expected those of .*one.csv: p, q/
    )
  })
})
