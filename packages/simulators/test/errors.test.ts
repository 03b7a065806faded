import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeNpz } from '@mechid/files'
import { generator } from '@mechid/random'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  constantFeature,
  invalidAction,
  notInjective,
  type SimulatorError,
  wrongEnding
} from '../src/errors.js'
import {
  checkInjective,
  type DataSet,
  dataSet,
  type Frames,
  linearMixing,
  oneHot,
  openDataSet,
  readDataSet
} from '../src/index.js'
import { mixing, temporaryFolder, wrong } from './fixtures.js'

const folder = temporaryFolder('errors')

const cases: ReadonlyArray<readonly [SimulatorError, string]> = [
  [
    invalidAction('d.npz', { row: 3, column: 1 }, 0.5, 'an integer of 0 to 999'),
    'd.npz: the discrete action is 0.5 at row 3, column 1 (counted from 0), expected an integer of 0 to 999; ' +
      'or read the actions as continuous'
  ],
  [
    notInjective('checkInjective', 2, [0, 1 / 3], 12_345_678, 1e6),
    'checkInjective: the condition number of the mixing’s Jacobian is 1.23e+7 at sample 2 (counted from 0), ' +
      'z = (0, 0.3333), expected at most 1000000; use a mixing that loses no latent'
  ],
  [
    constantFeature('d.npz', 2, 7),
    'd.npz: feature 2 of x (counted from 0) is 7 in every row, expected features that vary; leave this one out'
  ],
  [
    wrongEnding('readDataSet', 'd.txt'),
    'readDataSet: path is d.txt, expected a name that ends with .npz or .csv'
  ]
]

describe('the messages', () => {
  it.each(cases.map(([error, words]) => [error._tag, words, error] as const))(
    '%s: %s',
    (_, words, { message }) => {
      expect(message).toBe(words)
    }
  )
})

describe('a table without features', () => {
  it('lacks the column x0', async () => {
    const path = join(folder, 'actions.csv')
    writeFileSync(path, 'a0,z0\n1,2\n3,4\n')
    expect(await readDataSet(path)()).toMatchObject({
      left: { _tag: 'MissingEntry', path, what: 'column', name: 'x0', available: ['a0', 'z0'] }
    })
    expect(await wrong(readDataSet(path))).toBe(`${path}: there is no column "x0"; it holds "a0", "z0"`)
  })
})

describe('sequences', () => {
  const frames = (columns: number, change: (data: Float32Array) => void): Frames => {
    const data = Float32Array.from({ length: 2 * 3 * columns }, (_, i) => i % 4)
    change(data)
    return { data, shape: [2, 3, columns] }
  }
  const x = frames(2, () => undefined)

  it('name the row, the frame and the column of what is not finite, in memory and on disk', async () => {
    const data: DataSet = {
      x: frames(2, (numbers) => {
        numbers[9] = Number.NaN
      })
    }
    const path = join(folder, 'nan.npz')
    await writeNpz(path, { x: data.x })()
    const result = dataSet(data, path)
    expect(result).toMatchObject({ left: { _tag: 'NotFinite', what: 'x', row: 1, frame: 1, column: 1 } })
    expect(await openDataSet(path)()).toEqual(result)
  })

  it('name the row, the frame and the column of an action that is no choice', async () => {
    const a = frames(2, (numbers) => {
      numbers[7] = 0.5
    })
    const place = { _tag: 'InvalidAction', row: 1, frame: 0, column: 1, value: 0.5 }
    expect(oneHot(a, 'a')).toMatchObject({ left: { ...place, where: 'a' } })
    const path = join(folder, 'choices.npz')
    await writeNpz(path, { x, a })()
    expect(await openDataSet(path, { actions: 'discrete' })()).toMatchObject({ left: place })
    expect(await readDataSet(path, { actions: 'discrete' })()).toMatchObject({ left: place })
  })
})

describe('arrays that do not fit', () => {
  it.each<[string, DataSet, string]>([
    [
      'as few numbers as it needs',
      { x: { data: new Float32Array(6), shape: [3, 3] } },
      'dataSet: x is 6 numbers, expected 9 for shape [3, 3]'
    ],
    [
      'frames of its own',
      {
        x: { data: new Float32Array(12), shape: [2, 3, 2] },
        z: { data: new Float32Array(4), shape: [2, 2, 1] }
      },
      'dataSet: z is [2, 2, 1], expected [n, 3, width]'
    ],
    [
      'another rank',
      { x: { data: new Float32Array(4), shape: [2, 2] }, z: { data: new Float32Array(2), shape: [2] } },
      'dataSet: z is [2], expected [n, width], as x has two axes'
    ]
  ])('%s', (_, data, words) => {
    const result = dataSet(data)
    expect(result).toMatchObject({ left: { _tag: 'ShapeMismatch', message: words } })
  })

  it('are samples with fewer numbers than rows, or of other latents', () => {
    const short = checkInjective(mixing, { data: new Float64Array(7), shape: [2, 4] })
    expect(short).toMatchObject({ left: { _tag: 'ShapeMismatch', what: 'samples', actual: '7 numbers' } })
    const none = checkInjective(mixing, { data: new Float64Array(0), shape: [0, 4] })
    expect(none).toMatchObject({ left: { _tag: 'ShapeMismatch', what: 'samples', actual: '[0, 4]' } })
    const narrow = checkInjective(mixing, { data: new Float64Array(6), shape: [2, 3] })
    if (isLeft(narrow)) expect(narrow.left.message).toContain('samples is [2, 3], expected [rows, 4]')
    expect(narrow._tag).toBe('Left')
  })
})

describe('fewer features than latents', () => {
  it.each([
    ['a random mixing', linearMixing({ latents: 3, features: 2, random: generator(1) })],
    [
      'a check',
      checkInjective(
        { latents: 3, features: 2, map: (_, z) => z.slice(1) },
        {
          data: new Float64Array(3),
          shape: [1, 3]
        }
      )
    ]
  ])('are refused by %s', (_, result) => {
    expect(result).toMatchObject({
      left: {
        _tag: 'InvalidOption',
        what: 'features',
        actual: '2',
        expected: 'at least 3, to hold 3 latents'
      }
    })
  })
})
