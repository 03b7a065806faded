/** The program as a user runs it: real files, real exit codes. */
import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readNpz, writeCsv, writeNpz } from '@mechid/files'
import { problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type DataSet, linearMixing, simulate } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'fit-'))
const at = (name: string): string => join(folder, name)

const ROWS = 2000

const simulated = (name: 'ActionDiag' | 'TimeDiag'): DataSet => {
  const mixing = orThrow(linearMixing({ latents: 2, features: 4, random: generator(1) }))
  return orThrow(simulate({ kernel: orThrow(problem(name, { latents: 2 })), mixing, rows: ROWS, seed: 1 }))
    .data
}

const write = async (name: string, arrays: Parameters<typeof writeNpz>[1]): Promise<string> => {
  expect((await writeNpz(at(name), arrays)())._tag).toBe('Right')
  return at(name)
}

/** Columns of arrays side by side, as a table with names x0, x1, …, a0, … */
const asTable = (data: DataSet) => {
  const parts = (['x', 'a', 'z'] as const).flatMap((name) => {
    const array = data[name]
    return array === undefined ? [] : [{ name, array, width: array.shape[1] }]
  })
  const names = parts.flatMap(({ name, width }) => Array.from({ length: width }, (_, j) => `${name}${j}`))
  const values = new Float64Array(ROWS * names.length)
  for (let r = 0, to = 0; r < ROWS; r++) {
    for (const { array, width } of parts) {
      for (let j = 0; j < width; j++) values[to++] = array.data[r * width + j]
    }
  }
  return { names, values: { data: values, shape: [ROWS, names.length] as const } }
}

const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, '--latents', '2', ...args], { encoding: 'utf8', cwd: folder })

/** A run that must fail: its exit code, its one line, and what it left in its folder. */
const failing = (...args: string[]) => {
  const { status, stderr } = run(...args, '--out', 'refused')
  const left = existsSync(at('refused')) ? readdirSync(at('refused')) : []
  return { status, message: stderr.trim(), left }
}

let good: DataSet
beforeAll(async () => {
  if (!existsSync(program)) throw new Error(`${program} is missing: build first`)
  good = simulated('ActionDiag')
  await write('good.npz', { x: good.x, ...(good.a && { a: good.a }), ...(good.z && { z: good.z }) })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SHORT = ['--steps', '30', '--edges', '2']

describe('fit', () => {
  it('learns from a .npz and writes files that open', async () => {
    const done = run('--data', 'good.npz', ...SHORT, '--out', 'npz', '--json', 'summary.json')
    expect(done.stderr).not.toMatch(/error/)
    expect(done.status).toBe(0)
    expect(done.stdout).toMatch(/MCC/)
    const names = [
      'checkpoint.safetensors',
      'graph.json',
      'latents.npz',
      'model.onnx',
      'model.safetensors',
      'pictures'
    ]
    expect(readdirSync(at('npz')).sort()).toEqual([...names, 'report.html', 'results.json'])
    const latents = await readNpz(at('npz/latents.npz'))()
    if (latents._tag === 'Left') throw new Error('latents.npz does not open')
    expect(latents.right.z_hat.shape).toEqual([ROWS, 2])
    expect(latents.right.test_rows.shape).toEqual([ROWS / 10])
    const graph = JSON.parse(readFileSync(at('npz/graph.json'), 'utf8'))
    expect(graph.actions).toHaveLength(2)
    expect(JSON.parse(readFileSync(at('summary.json'), 'utf8'))).toMatchObject({
      dataset: 'good.npz',
      seed: 1
    })
    expect(readFileSync(at('npz/report.html'), 'utf8')).toMatch(/<svg/)
  })

  it('gives the same numbers for the same rows in a .csv', async () => {
    const { names, values } = asTable(good)
    expect((await writeCsv(at('good.csv'), names, values)())._tag).toBe('Right')
    const done = run('--data', 'good.csv', ...SHORT, '--out', 'csv')
    expect(done.status).toBe(0)
    expect(readFileSync(at('csv/latents.npz'))).toEqual(readFileSync(at('npz/latents.npz')))
  })

  it('takes sequences, and data without true latents', async () => {
    const { x } = simulated('TimeDiag')
    await write('time.npz', { x })
    const done = run('--data', 'time.npz', ...SHORT, '--out', 'time')
    expect(done.status).toBe(0)
    expect(done.stdout).toMatch(/no true latents/)
    const latents = await readNpz(at('time/latents.npz'))()
    if (latents._tag === 'Left') throw new Error('latents.npz does not open')
    expect(latents.right.z_hat.shape).toEqual([ROWS, 2, 2])
    expect(JSON.parse(readFileSync(at('time/graph.json'), 'utf8')).latents).toHaveLength(2)
  })

  it('takes discrete actions, a column for each value', async () => {
    const a = { data: Int32Array.from({ length: ROWS }, (_, i) => i % 3), shape: [ROWS] }
    await write('discrete.npz', { x: good.x, a })
    const done = run('--data', 'discrete.npz', '--actions', 'discrete', ...SHORT, '--out', 'discrete')
    expect(done.status).toBe(0)
    expect(JSON.parse(readFileSync(at('discrete/graph.json'), 'utf8')).actions[0]).toHaveLength(3)
  })

  it('goes on after SIGKILL and ends with the numbers of an unbroken run', async () => {
    const options = ['--data', 'good.npz', '--steps', '600', '--edges', '2']
    mkdirSync(at('killed'))
    const victim = spawn(process.execPath, [program, '--latents', '2', ...options, '--out', 'killed'], {
      cwd: folder,
      stdio: 'ignore'
    })
    const ended = new Promise((resolve) => victim.on('exit', (_, signal) => resolve(signal)))
    await new Promise<void>((resolve) => {
      const watcher = watch(at('killed'), () => {
        if (!existsSync(at('killed/checkpoint.safetensors'))) return
        watcher.close()
        resolve()
      })
    })
    victim.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    expect(existsSync(at('killed/report.html'))).toBe(false)
    const resumed = run(...options, '--out', 'killed', '--resume')
    expect(resumed.stdout).toMatch(/Resumed at step (250|500)/)
    expect(run(...options, '--out', 'unbroken').status).toBe(0)
    for (const file of ['latents.npz', 'graph.json', 'model.safetensors']) {
      expect(readFileSync(at(`killed/${file}`)).equals(readFileSync(at(`unbroken/${file}`))), file).toBe(true)
    }
  }, 120_000)
})

describe('fit refuses', () => {
  const cases: [string, () => Promise<string[]>, RegExp][] = [
    ['a missing file', async () => ['--data', 'nowhere.npz'], /nowhere\.npz/],
    [
      'a truncated npz',
      async () => {
        const bytes = readFileSync(at('good.npz'))
        writeFileSync(at('truncated.npz'), bytes.subarray(0, bytes.length / 2))
        return ['--data', 'truncated.npz']
      },
      /truncated\.npz/
    ],
    [
      'an empty file',
      async () => {
        writeFileSync(at('empty.npz'), '')
        return ['--data', 'empty.npz']
      },
      /empty/
    ],
    [
      'text in a number column',
      async () => {
        writeFileSync(at('text.csv'), 'x0,x1\n1,2\n3,four\n')
        return ['--data', 'text.csv']
      },
      /text\.csv: column "x1", taken as a feature, is text \("four" in line 3\)/
    ],
    [
      'NaN, with its first row',
      async () => {
        const data = good.x.data.slice()
        data[4 * 17 + 2] = Number.NaN
        return ['--data', await write('nan.npz', { x: { data, shape: good.x.shape } })]
      },
      /1 value is missing, NaN or infinite \(in x2; first in row 17/
    ],
    [
      'infinite actions',
      async () => {
        const data = new Float32Array(ROWS)
        data[5] = Number.POSITIVE_INFINITY
        return ['--data', await write('infinite.npz', { x: good.x, a: { data, shape: [ROWS, 1] } })]
      },
      /1 value is missing, NaN or infinite \(in a0; first in row 5/
    ],
    [
      'a constant feature, if told to',
      async () => {
        const data = good.x.data.slice()
        for (let i = 3; i < data.length; i += 4) data[i] = 7
        return ['--strict', '--data', await write('constant.npz', { x: { data, shape: good.x.shape } })]
      },
      /a feature is the same in every row of the training \(x3\)/
    ],
    [
      'x and a of different lengths',
      async () => {
        const a = { data: new Float32Array(10), shape: [10, 1] }
        return ['--data', await write('lengths.npz', { x: good.x, a })]
      },
      /the number of lines of a is 10, expected 2000, as x has/
    ],
    [
      'more latents than features',
      async () => ['--data', 'good.npz', '--latents', '5'],
      /latents is 5, expected at most the number of features, 4/
    ],
    [
      'fewer rows than needed',
      async () => {
        const [x, a] = [good.x, good.a ?? good.x].map(({ data, shape }) => ({
          data: data.slice(0, 12 * shape[1]),
          shape: [12, shape[1]]
        }))
        return ['--data', await write('few.npz', { x, a })]
      },
      /12 rows, at least 20 are needed/
    ],
    [
      'static data without actions',
      async () => ['--data', await write('alone.npz', { x: good.x })],
      /temporal, or static with actions/
    ],
    [
      'an unknown option',
      async () => ['--data', 'good.npz', '--sed', '1'],
      /no option --sed; did you mean --seed/
    ],
    [
      'an unknown preset',
      async () => ['--data', 'good.npz', '--preset', 'fats'],
      /one of fast, gated, published; did you mean fast/
    ],
    ['an unknown engine', async () => ['--data', 'good.npz', '--engine', 'gpu'], /one of auto/],
    [
      'more edges than there can be',
      async () => ['--data', 'good.npz', '--edges', '99'],
      /edges is 99.*between 0 and 4/
    ],
    ['another file format', async () => ['--data', 'good.parquet'], /Parquet is not read here; convert it/]
  ]

  it.each(cases)('%s', async (_, prepare, expected) => {
    const { status, message, left } = failing(...(await prepare()))
    expect(message).toMatch(expected)
    expect(message.split('\n')).toHaveLength(1)
    expect(status).toBeGreaterThan(0)
    expect(left).toEqual([])
  })

  it('a checkpoint of another model, and leaves it as it is', () => {
    const before = readFileSync(at('npz/checkpoint.safetensors'))
    const other = run('--data', 'good.npz', '--latents', '3', '--steps', '30', '--out', 'npz', '--resume')
    expect(other.stderr).toMatch(/checkpoint.* of another training: its model is 2 latents/)
    expect(other.status).toBe(1)
    expect(readFileSync(at('npz/checkpoint.safetensors')).equals(before)).toBe(true)
  })

  it('a folder that cannot be written', () => {
    writeFileSync(at('file'), '')
    const done = run('--data', 'good.npz', ...SHORT, '--out', 'file/inside')
    expect(done.stderr.trim()).toMatch(/error: .*file\/inside/)
    expect(done.status).toBe(1)
  })

  it('a command line without data', () => {
    const done = run()
    expect(done.stderr.trim()).toBe('error: --data is missing; see --help')
    expect(done.status).toBe(2)
  })
})

it('explains itself', () => {
  const help = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' })
  expect(help.status).toBe(0)
  for (const name of [
    'data',
    'latents',
    'actions',
    'edges',
    'out',
    'resume',
    'seed',
    'preset',
    'engine',
    'json'
  ]) {
    expect(help.stdout).toContain(`--${name}`)
  }
})
