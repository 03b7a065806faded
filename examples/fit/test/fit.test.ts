/** The program from data to files that open, killed, resumed, and going on longer. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, watch } from 'node:fs'
import { readNpz, writeCsv } from '@mechid/files'
import { problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type DataSet, linearMixing, simulate } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { program, SHORT, workplace } from './program.js'

// Processes that train, on machines that are busy.
vi.setConfig({ testTimeout: 240_000 })

const { folder, at, fit: run, npz: write } = workplace('fit')

// Few enough for a training in one stage, whose checkpoint lies in the folder itself.
const ROWS = 1000

const simulated = (name: 'ActionDiag' | 'TimeDiag'): DataSet => {
  const mixing = orThrow(linearMixing({ latents: 2, features: 4, random: generator(1) }))
  return orThrow(simulate({ kernel: orThrow(problem(name, { latents: 2 })), mixing, rows: ROWS, seed: 1 }))
    .data
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

let good: DataSet
beforeAll(async () => {
  good = simulated('ActionDiag')
  await write('good.npz', { x: good.x, ...(good.a && { a: good.a }), ...(good.z && { z: good.z }) })
})

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
    expect(readdirSync(at('npz')).sort()).toEqual([...names, 'report.html', 'results.json', 'variance.json'])
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
  })
})

describe('fit --resume', () => {
  it('refuses a checkpoint of another model, and leaves it as it is', () => {
    const before = readFileSync(at('npz/checkpoint.safetensors'))
    const other = run('--data', 'good.npz', '--latents', '3', '--steps', '30', '--out', 'npz', '--resume')
    expect(other.stderr).toMatch(/checkpoint.* of another training: its model is 2 latents/)
    expect(other.status).toBe(1)
    expect(readFileSync(at('npz/checkpoint.safetensors')).equals(before)).toBe(true)
  })

  it('with more steps goes on from the end of a training, and says what that means', async () => {
    const options = ['--data', 'good.npz', '--edges', '2', '--out', 'longer']
    expect(run(...options, '--steps', '60').status).toBe(0)
    const before = readFileSync(at('longer/latents.npz'))
    const longer = run(...options, '--steps', '120', '--resume')
    expect(longer.status).toBe(0)
    expect(longer.stdout).toMatch(/Goes on from a training of 60 steps\. .*not that of an unbroken one/)
    expect(longer.stdout).toMatch(/Resumed at step 60\./)
    expect(readFileSync(at('longer/latents.npz')).equals(before)).toBe(false)
    const fewer = run(...options, '--steps', '60', '--resume')
    expect(fewer.status).toBe(1)
    expect(fewer.stderr).toMatch(
      /a checkpoint of another training: its configuration is steps 120, expected steps 60/
    )
  })

  it('without a checkpoint starts anew', () => {
    const done = run('--data', 'good.npz', ...SHORT, '--out', 'anew', '--resume')
    expect(done.status).toBe(0)
    expect(done.stdout).not.toMatch(/Resumed|Goes on/)
  })
})
