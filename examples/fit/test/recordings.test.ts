/** What people have on their disks, through the program: shapes, names, units, and how it behaves when it is disturbed. */
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
import { gzipSync } from 'node:zlib'
import { type NumericArray, readNpz, writeNpz } from '@mechid/files'
import { mcc } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'fit-recordings-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeAll(() => {
  if (!existsSync(program)) throw new Error(`${program} is missing: build first`)
})

const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, '--latents', '2', ...args], { encoding: 'utf8', cwd: folder })
const SHORT = ['--steps', '30', '--edges', '2']

/** Two latents, each moved by an action of its own, seen in three features; rows in the order of time. */
const rows = (count: number) => {
  const random = generator(5)
  const [x, a] = [new Float64Array(3 * count), new Float64Array(2 * count)]
  for (let i = 0; i < count; i++) {
    const [p, q] = [random.uniform() * 2 - 1, random.uniform() * 2 - 1]
    const [u, v] = [2 * p + 0.1 * random.normal(), 2 * q + 0.1 * random.normal()]
    x.set([u + v, u - 0.5 * v, 0.3 * u * 0.5 + v], 3 * i)
    a.set([p, q], 2 * i)
  }
  return { x: { data: x, shape: [count, 3] }, a: { data: a, shape: [count, 2] } }
}

const npz = async (name: string, arrays: Readonly<Record<string, NumericArray>>): Promise<string> => {
  await orThrow(writeNpz(at(name), arrays))
  return name
}

const table = (count: number, delimiter = ',', decimal = '.'): string => {
  const { x, a } = rows(count)
  const cell = (value: number): string => value.toFixed(4).replace('.', decimal)
  const lines = Array.from({ length: count }, (_, i) =>
    [
      `t${i}`,
      ...[0, 1, 2].map((j) => cell(x.data[3 * i + j])),
      cell(a.data[2 * i]),
      a.data[2 * i + 1] > 0 ? 'on' : 'off',
      i < count / 2 ? 'monday' : 'tuesday'
    ].join(delimiter)
  )
  return `${['stamp', 'speed', 'force', 'heat', 'dose', 'lamp', 'day'].join(delimiter)}\n${lines.join('\n')}\n`
}
const written = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content)
  return name
}
const ACTIONS = ['--action-columns', 'dose,lamp', '--features', 'speed..heat']

describe('what people have', () => {
  const cases: ReadonlyArray<readonly [string, () => Promise<string[]> | string[], RegExp]> = [
    [
      'a table with names',
      () => ['--data', written('names.csv', table(300)), ...ACTIONS],
      /300 rows, 3 features, 3 action columns; 30 held out/
    ],
    [
      'decimal commas',
      () => ['--data', written('comma.csv', table(300, ';', ',')), ...ACTIONS],
      /300 rows, 3 features, 3 action columns/
    ],
    [
      'a packed table',
      () => ['--data', written('packed.TSV.gz', gzipSync(table(300, '\t'))), ...ACTIONS],
      /300 rows, 3 features/
    ],
    [
      'a recording in order of time',
      () => ['--data', written('series.csv', table(300)), ...ACTIONS, '--series'],
      /42 sequences of 300 frames.*\n.*Columns left alone: stamp, day|Cut into 42 windows of 7 frames/
    ],
    [
      'sequences told apart by a column',
      () => ['--data', written('days.csv', table(300)), ...ACTIONS, '--sequence', 'day'],
      /sequences of 300 frames/
    ],
    [
      'several files',
      () => ['--data', written('one.csv', table(200)), '--data', written('two.csv', table(250)), ...ACTIONS],
      /one.csv and 1 more: 450 rows/
    ],
    [
      'arrays of other names',
      async () => [
        '--data',
        await npz('other.npz', { obs: rows(300).x, act: rows(300).a }),
        '--x',
        'obs',
        '--a',
        'act'
      ],
      /300 rows, 3 features, 2 action columns/
    ],
    ['100 rows', async () => ['--data', await npz('small.npz', rows(100))], /100 rows/],
    [
      'a feature that never changes',
      async () => {
        const { x, a } = rows(300)
        return [
          '--data',
          await npz('flat.npz', {
            x: { ...x, data: x.data.map((value, e) => (e % 3 === 2 ? 1e8 : value)) },
            a
          })
        ]
      },
      /Left out, since the same in every row of the training: x2/
    ],
    [
      'an action that follows from another',
      async () => {
        const { x, a } = rows(300)
        return [
          '--data',
          await npz('copy.npz', {
            x,
            a: { ...a, data: a.data.map((value, e) => (e % 2 === 1 ? 1 - a.data[e - 1] : value)) }
          })
        ]
      },
      /Action a1 follows from a0 \(a1 = 1 − a0\)/
    ],
    [
      'discrete values with gaps',
      async () => {
        const { x } = rows(300)
        return [
          '--data',
          await npz('gaps.npz', {
            x,
            a: { data: Int32Array.from({ length: 300 }, (_, i) => [1, 5, 7][i % 3]), shape: [300] }
          }),
          '--actions',
          'discrete'
        ]
      },
      /3 action columns/
    ]
  ]
  it.each(cases)(
    'is read: %s',
    async (name, args, expected) => {
      const out = name.replaceAll(' ', '-')
      const done = run(...(await args()), ...SHORT, '--out', out)
      expect(done.stderr).not.toMatch(/error/)
      expect(done.status).toBe(0)
      expect(done.stdout).toMatch(expected)
      expect(readdirSync(at(out)).filter((file) => file.startsWith('.'))).toEqual([])
    },
    60_000
  )

  it('keeps its names in the graph and in the model', () => {
    const graph = JSON.parse(readFileSync(at('a-table-with-names/graph.json'), 'utf8'))
    expect([...graph.actionNames].sort()).toEqual(['dose', 'lamp=off', 'lamp=on'])
    expect(graph.latentNames).toEqual(['ẑ0', 'ẑ1'])
    expect(readFileSync(at('a-table-with-names/model.safetensors'), 'latin1')).toContain('speed')
  })

  it('gives other programs an encoder that takes features as they were recorded', async () => {
    const out = 'a-feature-that-never-changes'
    const session = await InferenceSession.create(at(`${out}/model.onnx`))
    const { x } = await orThrow(readNpz(at('flat.npz'), { names: ['x'] }))
    const { z } = await session.run({
      x: new Tensor('float32', Float32Array.from(x.data as Float64Array), x.shape)
    })
    const { z_hat } = await orThrow(readNpz(at(`${out}/latents.npz`)))
    const expected = z_hat.data as Float32Array
    expect([...z.dims]).toEqual(z_hat.shape)
    const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(z.data[i]))), 0)
    expect(worst).toBeLessThan(1e-4)
    expect(readFileSync(at(`${out}/model.onnx`), 'latin1')).toContain('["x0","x1","x2"]')
    await session.release()
  })

  it('shows a column called <script> as text', () => {
    const hostile = table(300).replace('dose', '<script>alert(1)</script>')
    const columns = ['--features', 'speed..heat', '--action-columns', '<script>alert(1)</script>,lamp']
    expect(
      run('--data', written('hostile.csv', hostile), ...columns, ...SHORT, '--out', 'hostile').status
    ).toBe(0)
    const pages = ['report.html', ...readdirSync(at('hostile/pictures')).map((name) => `pictures/${name}`)]
    for (const page of pages)
      expect(readFileSync(at(`hostile/${page}`), 'utf8'), page).not.toContain('<script>alert')
    expect(readFileSync(at('hostile/report.html'), 'utf8')).toContain('alert(1)')
  }, 60_000)
})

describe('units', () => {
  const latents = async (out: string): Promise<Samples> => {
    const { z_hat } = await orThrow(readNpz(at(`${out}/latents.npz`)))
    return { data: z_hat.data as Float32Array, shape: [z_hat.shape[0], z_hat.shape[1]] }
  }
  const fitted = async (name: string, arrays: Readonly<Record<string, NumericArray>>): Promise<Samples> => {
    const done = run(
      '--data',
      await npz(`${name}.npz`, arrays),
      '--steps',
      '400',
      '--edges',
      '2',
      '--out',
      name
    )
    expect(done.stderr).not.toMatch(/error/)
    return latents(name)
  }
  const single = ({ data, shape }: NumericArray): NumericArray => ({
    data: Float32Array.from(data as Float64Array),
    shape
  })

  it('and offsets of features and actions change nothing', async () => {
    const { x, a } = rows(1000)
    const base = await fitted('plain', { x, a })
    const moved = ({ data, shape }: typeof x, factor: number, shift: number) => ({
      data: data.map((value) => factor * value + shift),
      shape
    })
    const others = {
      scaled: { x: moved(x, 10, 0), a: moved(a, 1e-3, 0) },
      shifted: { x: moved(x, 1, 1e7), a: moved(a, 1e3, 1000) },
      single: { x: single(x), a: single(a) }
    }
    for (const [name, arrays] of Object.entries(others)) {
      const { value } = orThrow(mcc(base, await fitted(name, arrays)))
      expect(value, name).toBeGreaterThanOrEqual(0.999)
    }
  }, 120_000)

  it('which rows are held out does not depend on the seed of the training', async () => {
    const held = async (out: string): Promise<number[]> =>
      Array.from((await orThrow(readNpz(at(`${out}/latents.npz`)))).test_rows.data as Int32Array)
    const data = await npz('held.npz', rows(300))
    for (const [out, ...args] of [
      ['seed-1'],
      ['seed-2', '--seed', '2'],
      ['split-2', '--split-seed', '2']
    ] as const)
      expect(run('--data', data, ...SHORT, ...args, '--out', out).status).toBe(0)
    expect(await held('seed-2')).toEqual(await held('seed-1'))
    expect(await held('split-2')).not.toEqual(await held('seed-1'))
  }, 60_000)
})

describe('a placebo', () => {
  const verdictOf = async (name: string, arrays: Readonly<Record<string, NumericArray>>) => {
    const done = run(
      '--data',
      await npz(`${name}.npz`, arrays),
      '--steps',
      '400',
      '--edges',
      '2',
      '--out',
      name
    )
    expect(done.stderr).not.toMatch(/error/)
    const { actions } = JSON.parse(readFileSync(at(`${name}/graph.json`), 'utf8'))
    return { text: done.stdout, edges: (actions as number[][]).flat().reduce((sum, edge) => sum + edge, 0) }
  }

  it('tells mechanisms that were learned from none, and no graph has more edges than it may', async () => {
    const { x, a } = rows(1000)
    const learned = await verdictOf('effective', { x, a })
    expect(learned.text).toMatch(/Actions tell of latents: \d+\.\d\d nats/)
    const order = generator(8).permutation(1000)
    const data = Float64Array.from({ length: 2000 }, (_, e) => a.data[2 * order[e >> 1] + (e & 1)])
    const unrelated = await verdictOf('unrelated', { x, a: { ...a, data } })
    expect(unrelated.text).toMatch(/Nothing was learned of mechanisms/)
    expect(unrelated.edges).toBeLessThanOrEqual(2)
  }, 60_000)
})

describe('more latents than there are', () => {
  it('are said to be unused', async () => {
    const { x, a } = rows(1000)
    const args = ['--latents', '3', '--steps', '1000', '--preset', 'fast', '--out', 'unused']
    const done = run('--data', await npz('unused.npz', { x, a }), ...args)
    expect(done.stderr).not.toMatch(/error/)
    expect(done.stdout).toMatch(/ẑ[012] is not used: rows hardly move it/)
    expect(JSON.parse(readFileSync(at('unused/results.json'), 'utf8')).metrics.unused).toHaveLength(1)
    expect(JSON.parse(readFileSync(at('effective/results.json'), 'utf8')).metrics.unused).toEqual([])
  }, 60_000)
})

describe('several seeds', () => {
  it('agree on what is stable, and the best is kept', async () => {
    const data = await npz('seeds.npz', rows(1000))
    const done = run(
      '--data',
      data,
      '--steps',
      '400',
      '--edges',
      '2',
      '--preset',
      'fast',
      '--seeds',
      '3',
      '--out',
      'seeds'
    )
    expect(done.stderr).not.toMatch(/error/)
    expect(done.stdout).toMatch(/Latents of different seeds agree with mean MCC \d\.\d{3}/)
    const { best, seeds, edges, meanMcc } = JSON.parse(readFileSync(at('seeds/seeds.json'), 'utf8'))
    expect(seeds.map(({ seed }: { readonly seed: number }) => seed)).toEqual([1, 2, 3])
    const nats: number[] = seeds.map(({ heldOutNats }: { readonly heldOutNats: number }) => heldOutNats)
    expect(best).toBe(seeds[nats.indexOf(Math.min(...nats))].seed)
    expect(meanMcc).toBeGreaterThan(0.9)
    for (const { share } of edges) expect([1, 2, 3]).toContain(Math.round(3 * share))
    const kept = readFileSync(at('seeds/latents.npz'))
    expect(kept.equals(readFileSync(at(`seeds/seed-${best}/latents.npz`)))).toBe(true)
    expect(readdirSync(at('seeds'))).toEqual(
      expect.arrayContaining(['report.html', 'seed-1', 'seed-2', 'seed-3'])
    )
  }, 120_000)
})

describe('disturbances', () => {
  const started = async (out: string) => {
    const data = await npz(`${out}.npz`, rows(2000))
    mkdirSync(at(out))
    const child = spawn(
      process.execPath,
      [program, '--latents', '2', '--data', data, '--steps', '100000', '--edges', '2', '--out', out],
      { cwd: folder, stdio: 'ignore' }
    )
    const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
    await new Promise<void>((resolve) => {
      const watcher = watch(at(out), () => {
        if (!existsSync(at(`${out}/checkpoint.safetensors`))) return
        watcher.close()
        resolve()
      })
    })
    return { child, ended }
  }

  it('a second signal right after the first does not lose the state', async () => {
    const { child, ended } = await started('twice')
    child.kill('SIGINT')
    child.kill('SIGINT')
    setTimeout(() => child.kill('SIGINT'), 20)
    expect(await ended).toBe(130)
    expect(readdirSync(at('twice'))).toEqual(['checkpoint.safetensors'])
  }, 60_000)

  it('a folder that another run writes to is refused, and free once that run was killed', async () => {
    const { child, ended } = await started('shared')
    const second = run('--data', 'shared.npz', ...SHORT, '--out', 'shared')
    expect(second.status).toBe(1)
    expect(second.stderr).toMatch(/shared: another run \(process \d+\) writes there/)
    child.kill('SIGKILL')
    await ended
    expect(run('--data', 'shared.npz', ...SHORT, '--out', 'shared').status).toBe(0)
  }, 60_000)

  it.each(['/proc/nobody/out', '/dev/null/out'])('%s is refused at once', async (out) => {
    const done = run('--data', await npz('unwritable.npz', rows(300)), ...SHORT, '--out', out)
    expect(done.status).toBe(1)
    expect(done.stderr).toMatch(/cannot be written/)
  })

  it('nobody reading its output is no reason to stop', async () => {
    const data = await npz('unread.npz', rows(300))
    const command = `"${process.execPath}" "${program}" --latents 2 --data ${data} --steps 30 --edges 2 --out unread | true`
    spawnSync('sh', ['-c', command], { cwd: folder })
    expect(readdirSync(at('unread'))).toContain('report.html')
  }, 60_000)

  it('-h is help', () => {
    const { status, stdout } = spawnSync(process.execPath, [program, '-h'], { encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout).toContain('--split-seed')
  })
})
