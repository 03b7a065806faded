/** What becomes of what people have on their disks: names, units, placebos, latents without use, several seeds. */
import { readdirSync, readFileSync } from 'node:fs'
import { type NumericArray, readNpz } from '@mechid/files'
import { mcc } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it, vi } from 'vitest'
import { COLUMNS, rows, SHORT, table, workplace } from './program.js'

// Processes that train, on machines that are busy.
vi.setConfig({ testTimeout: 240_000 })

const { at, fit: run, npz, written } = workplace('fit-recordings')

describe('what was recorded', () => {
  it('keeps its names in the graph and in the model', () => {
    expect(
      run('--data', written('names.csv', table(300)), ...COLUMNS, ...SHORT, '--out', 'names').status
    ).toBe(0)
    const graph = JSON.parse(readFileSync(at('names/graph.json'), 'utf8'))
    expect([...graph.actionNames].sort()).toEqual(['dose', 'lamp=off', 'lamp=on'])
    expect(graph.latentNames).toEqual(['ẑ0', 'ẑ1'])
    expect(readFileSync(at('names/model.safetensors'), 'latin1')).toContain('speed')
  })

  it('gives other programs an encoder that takes features as they were recorded', async () => {
    const out = 'flat'
    const recorded = rows(300)
    const data = recorded.x.data.map((value, e) => (e % 3 === 2 ? 1e8 : value))
    await npz('flat.npz', { ...recorded, x: { ...recorded.x, data } })
    expect(run('--data', 'flat.npz', ...SHORT, '--out', out).status).toBe(0)
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
  })
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
  })

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
  })
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
  })
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
  })
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
  })
})
