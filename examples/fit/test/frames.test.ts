/** Frames from a file to a model: the programs as people run them, on a small version of the recordings of docs/estimation.md. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readNpz, writeNpz } from '@mechid/files'
import { linearR } from '@mechid/metrics'
import { orThrow } from '@mechid/values'
import * as onnx from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BlobFrames, LATENTS, movingBlobs, SIDE, staticBlobs } from './blob-frames.js'

const fit = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'fit-frames-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

const run = (...args: string[]) =>
  spawnSync(process.execPath, [fit, '--latents', String(LATENTS), ...args], { encoding: 'utf8', cwd: folder })

const SHORT = ['--batch', '16', '--filters', '4,8,8', '--engine', 'wasm']

const write = async (name: string, { x, a, z }: BlobFrames, compress = false): Promise<string> => {
  await orThrow(writeNpz(at(name), { x, a, z }, { compress }))
  return name
}

/** Numbers of an array by name, as floats. */
const floats = async (
  path: string,
  name: string
): Promise<{ data: Float32Array; shape: readonly number[] }> => {
  const array = (await orThrow(readNpz(at(path))))[name]
  return { data: Float32Array.from(array.data as ArrayLike<number>), shape: array.shape }
}

const ROWS = 800
const still = staticBlobs(ROWS, 3)

describe('rows of frames', () => {
  let said = ''
  beforeAll(async () => {
    await write('still.npz', still)
    const done = run('--data', 'still.npz', '--steps', '250', ...SHORT, '--out', 'still')
    said = done.stdout + done.stderr
    expect(done.status, said).toBe(0)
  }, 300_000)

  it('are told what their axes are taken for', () => {
    expect(said).toMatch(/800 rows, 32 × 32 pixels with 1 channel, 4 action columns; 80 held out/)
    expect(said).toMatch(/is taken as \[rows, height, width\]: frames of 32 × 32 with 1 channel\./)
  })

  it('are encoded: learned latents tell where blobs are', async () => {
    const { data, shape } = await floats('still/latents.npz', 'z_hat')
    expect(shape).toEqual([ROWS, LATENTS])
    const held = (await floats('still/latents.npz', 'test_rows')).data
    const taken = (from: Float32Array) => ({
      data: Float32Array.from(
        { length: held.length * LATENTS },
        (_, k) => from[held[Math.floor(k / LATENTS)] * LATENTS + (k % LATENTS)]
      ),
      shape: [held.length, LATENTS] as const
    })
    expect(orThrow(linearR(taken(still.z.data), taken(data))).value).toBeGreaterThan(0.6)
    expect(JSON.parse(readFileSync(at('still/results.json'), 'utf8')).metrics.explained).toBeGreaterThan(0.4)
  })

  it('are encoded alike by other programs, from frames as they were recorded', async () => {
    const session = await onnx.InferenceSession.create(at('still/model.onnx'))
    const bytes = Float32Array.from(still.x.data.subarray(0, 20 * SIDE * SIDE))
    const { z } = await session.run({ x: new onnx.Tensor('float32', bytes, [20, SIDE, SIDE, 1]) })
    const expected = await floats('still/latents.npz', 'z_hat')
    ;(z.data as Float32Array).forEach((value, k) => {
      expect(Math.abs(value - expected.data[k])).toBeLessThan(1e-3)
    })
  })

  it('are trained on alike from a compressed file', async () => {
    await write('packed.npz', still, true)
    const args = ['--data', 'packed.npz', '--steps', '40', ...SHORT]
    const packed = run(...args, '--out', 'packed')
    expect(packed.stdout + packed.stderr).toMatch(/compressed, so that all of it is held in memory/)
    const plain = run('--data', 'still.npz', '--steps', '40', ...SHORT, '--out', 'plain')
    expect([packed.status, plain.status]).toEqual([0, 0])
    const [one, other] = [
      await floats('packed/latents.npz', 'z_hat'),
      await floats('plain/latents.npz', 'z_hat')
    ]
    expect(one.data).toEqual(other.data)
  }, 300_000)

  it('are refused where their size is another', async () => {
    const { a } = still
    await orThrow(writeNpz(at('plain-rows.npz'), { x: a, a }))
    const refused = (...args: string[]): string =>
      run(...(args.includes('--data') ? [] : ['--data', 'still.npz']), ...args, '--out', 'refused').stderr
    expect(refused('--frames', '16x16')).toMatch(
      /the shape of x is \[800, 32, 32\], expected frames of 16 × 16 × 1/
    )
    expect(refused('--frames', '32')).toMatch(/frames is "32", expected HEIGHTxWIDTH/)
    expect(refused('--filters', '4,4,4,4,4,4,4')).toMatch(/frames.filters is 7 layers/)
    expect(refused('--data', 'plain-rows.npz', '--frames', 'none', '--filters', '4')).toMatch(
      /--filters are for frames/
    )
  }, 120_000)
})

describe('sequences of frames', () => {
  it('are pairs, with a graph among latents', async () => {
    await write('moving.npz', movingBlobs(80, 5, 3))
    const done = run('--data', 'moving.npz', '--steps', '30', ...SHORT, '--out', 'moving')
    expect(done.status, done.stderr).toBe(0)
    expect(done.stdout + done.stderr).toMatch(/\[sequences, frames, height, width, channels\]/)
    expect((await floats('moving/latents.npz', 'z_hat')).shape).toEqual([80, 5, LATENTS])
    const graph = JSON.parse(readFileSync(at('moving/graph.json'), 'utf8'))
    expect([graph.latents.length, graph.actions.length]).toEqual([LATENTS, LATENTS])
  }, 300_000)
})
