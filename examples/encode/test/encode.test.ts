/** A model that fit wrote, used on other data: the programs as people run them. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCsv, readNpz, writeCsv } from '@mechid/files'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const programs = {
  fit: fileURLToPath(new URL('../../fit/dist/index.js', import.meta.url)),
  encode: fileURLToPath(new URL('../dist/index.js', import.meta.url))
}
const folder = mkdtempSync(join(tmpdir(), 'encode-'))
const at = (name: string): string => join(folder, name)
const run = (program: keyof typeof programs, ...args: string[]) =>
  spawnSync(process.execPath, [programs[program], ...args], { encoding: 'utf8', cwd: folder })

const ROWS = 200
const NAMES = ['left', 'flat', 'right', 'height', 'push']

const rows = (): Float64Array => {
  const random = generator(3)
  const out = new Float64Array(ROWS * NAMES.length)
  for (let i = 0; i < ROWS; i++) {
    const push = random.normal()
    const [u, v] = [push + 0.1 * random.normal(), random.normal()]
    out.set([1e4 + u + v, 5, u - v, 1e-3 * (u + 0.1 * v), push], i * NAMES.length)
  }
  return out
}

const table = async (name: string, names: readonly string[], columns: readonly number[]): Promise<string> => {
  const all = rows()
  const data = Float64Array.from(
    { length: ROWS * columns.length },
    (_, e) => all[Math.floor(e / columns.length) * NAMES.length + columns[e % columns.length]]
  )
  await orThrow(writeCsv(at(name), names, { data, shape: [ROWS, columns.length] }))
  return name
}

beforeAll(async () => {
  for (const program of Object.values(programs))
    if (!existsSync(program)) throw new Error(`${program} is missing: build first`)
  await table('train.csv', NAMES, [0, 1, 2, 3, 4])
  const trained = run(
    'fit',
    '--data',
    'train.csv',
    '--action-columns',
    'push',
    '--latents',
    '2',
    '--steps',
    '40',
    '--out',
    'fitted'
  )
  expect(trained.stderr).not.toMatch(/error/)
  expect(trained.stdout).toMatch(/Left out, since the same in every row of the training: flat/)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('encode', () => {
  const latentsOf = async (path: string): Promise<number[]> =>
    Array.from((await orThrow(readNpz(at(path)))).z_hat.data as Float32Array)

  it('gives the latents that fit gave for the same rows', async () => {
    await table('same.csv', NAMES.slice(0, 4), [0, 1, 2, 3])
    const done = run(
      'encode',
      '--model',
      'fitted/model.safetensors',
      '--data',
      'same.csv',
      '--out',
      'same.npz'
    )
    expect(done.stderr).toBe('')
    expect(done.stdout).toMatch(/same.csv: 200 lines, 2 latents each: same.npz/)
    expect(await latentsOf('same.npz')).toEqual(await latentsOf('fitted/latents.npz'))
  })

  it('gives them of model.onnx, too, which fit writes for other programs', async () => {
    const done = run('encode', '--model', 'fitted/model.onnx', '--data', 'same.csv', '--out', 'onnx.npz')
    expect(done.status, done.stderr).toBe(0)
    const codes = (await orThrow(readNpz(at('onnx.npz')))).h.data as Float32Array
    ;(await latentsOf('fitted/latents.npz')).forEach((value, i) => {
      // It takes recorded features in single precision, in which 10,000 of the left one leave its ±1 four digits.
      expect(Math.abs(value - codes[i])).toBeLessThan(1e-3)
    })
  })

  it('writes a .csv where that is asked for', async () => {
    const args = ['--features', '!push', '--out', 'same.csv']
    expect(run('encode', '--model', 'fitted/model.safetensors', '--data', 'train.csv', ...args).status).toBe(
      0
    )
    const { names, values } = await orThrow(readCsv(at('same.csv')))
    expect(names).toEqual(['z0', 'z1'])
    expect(values.shape).toEqual([ROWS, 2])
  })

  const refused: ReadonlyArray<readonly [string, () => Promise<string[]>, RegExp]> = [
    [
      'features in another order, naming both',
      async () => ['--data', await table('order.csv', ['right', 'flat', 'left', 'height'], [2, 1, 0, 3])],
      /order.csv: the features are right, flat, left, height \(4\), expected those of the training in their order: left, flat, right, height \(4\)/
    ],
    [
      'fewer features',
      async () => ['--data', await table('fewer.csv', ['left', 'flat'], [0, 1])],
      /the features are left, flat \(2\), expected/
    ],
    [
      'rows with something missing',
      async () => {
        writeFileSync(at('holes.csv'), 'left,flat,right,height\n1,5,2,3\n1,5,,nan\n')
        return ['--data', 'holes.csv']
      },
      /2 values are missing, NaN or infinite \(in right, height; first in row 1/
    ],
    [
      'a model that is not there',
      async () => ['--model', 'none.safetensors', '--data', 'train.csv'],
      /none.safetensors/
    ],
    [
      'an output of another kind',
      async () => ['--data', 'train.csv', '--out', 'latents.xlsx'],
      /must end in .npz or .csv/
    ],
    ['no data', async () => [], /--data is missing/]
  ]
  it.each(refused)('refuses %s', async (_, args, message) => {
    const given = await args()
    const model = given.includes('--model') ? [] : ['--model', 'fitted/model.safetensors']
    const done = run(
      'encode',
      ...model,
      ...given,
      ...(given.includes('--out') ? [] : ['--out', 'refused.npz'])
    )
    expect(done.status).toBeGreaterThan(0)
    expect(done.stderr.trim()).toMatch(message)
    expect(done.stderr.trim().split('\n')).toHaveLength(1)
    expect(existsSync(at('refused.npz'))).toBe(false)
  })

  it('explains itself', () => {
    const { status, stdout } = run('encode', '--help')
    expect(status).toBe(0)
    for (const name of ['model', 'data', 'features', 'series', 'output', 'out', 'engine'])
      expect(stdout).toContain(`--${name}`)
  })
})
