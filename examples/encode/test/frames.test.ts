/** Frames that a model which fit wrote had not seen: in bytes, in numbers, flat, and of another size. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type NumericArray, readNpz, writeNpz } from '@mechid/files'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const programs = {
  fit: fileURLToPath(new URL('../../fit/dist/index.js', import.meta.url)),
  encode: fileURLToPath(new URL('../dist/index.js', import.meta.url))
}
const folder = mkdtempSync(join(tmpdir(), 'encode-frames-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)
const run = (program: keyof typeof programs, ...args: string[]) =>
  spawnSync(process.execPath, [programs[program], ...args, '--engine', 'wasm'], {
    encoding: 'utf8',
    cwd: folder
  })

const ROWS = 100
const [HEIGHT, WIDTH] = [10, 9]

/** Frames whose upper half an action lights. */
const frames = (): { readonly x: NumericArray; readonly a: NumericArray } => {
  const random = generator(4)
  const x = new Uint8Array(ROWS * HEIGHT * WIDTH)
  const a = new Float32Array(ROWS)
  for (let i = 0; i < ROWS; i++) {
    a[i] = random.normal()
    for (let p = 0; p < HEIGHT * WIDTH; p++)
      x[i * HEIGHT * WIDTH + p] = 100 + (p < 45 ? 40 * Math.tanh(a[i]) : 0) + 20 * random.uniform()
  }
  return { x: { data: x, shape: [ROWS, HEIGHT, WIDTH] }, a: { data: a, shape: [ROWS, 1] } }
}

const { x, a } = frames()
const asNumbers = (unit: number, shape = x.shape): NumericArray => ({
  data: Float32Array.from(x.data as Uint8Array, (value) => value / unit),
  shape
})

const write = async (name: string, observations: NumericArray): Promise<string> => {
  await orThrow(writeNpz(at(name), { x: observations }))
  return name
}

beforeAll(async () => {
  await orThrow(writeNpz(at('train.npz'), { x, a }))
  const trained = run('fit', '--data', 'train.npz', '--latents', '1', '--steps', '20', '--out', 'fitted')
  if (trained.status !== 0) throw new Error(trained.stderr)
}, 240_000)

const encoded = async (name: string, ...args: string[]): Promise<Float32Array> => {
  const out = `${name}-latents.npz`
  const done = run('encode', '--model', 'fitted/model.safetensors', '--data', name, ...args, '--out', out)
  expect(done.status, done.stderr).toBe(0)
  const { z_hat } = await orThrow(readNpz(at(out)))
  expect(z_hat.shape).toEqual([ROWS, 1])
  return z_hat.data as Float32Array
}

describe('encode, given frames', () => {
  it('gives the latents of fit, from bytes, from brightness, and from flat rows', async () => {
    const expected = (await orThrow(readNpz(at('fitted/latents.npz')))).z_hat.data as Float32Array
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(1e-3)
    for (const [name, observations] of [
      ['bytes.npz', x],
      ['brightness.npz', asNumbers(255)],
      ['channel.npz', { ...x, shape: [...x.shape, 1] }],
      ['flat.npz', { ...x, shape: [ROWS, HEIGHT * WIDTH] }]
    ] as const) {
      const latents = await encoded(await write(name, observations))
      latents.forEach((value, i) => {
        expect(Math.abs(value - expected[i]), name).toBeLessThan(1e-4)
      })
    }
  }, 240_000)

  it('gives them of model.onnx of fit, too, which takes bytes', async () => {
    const expected = (await orThrow(readNpz(at('fitted/latents.npz')))).z_hat.data as Float32Array
    const name = await write('for-onnx.npz', x)
    const args = ['--model', 'fitted/model.onnx', '--data', name, '--pixels', 'bytes', '--out', 'onnx.npz']
    const done = spawnSync(process.execPath, [programs.encode, ...args], { encoding: 'utf8', cwd: folder })
    expect(done.status, done.stderr).toBe(0)
    const { h } = await orThrow(readNpz(at('onnx.npz')))
    expected.forEach((value, i) => {
      expect(Math.abs((h.data as Float32Array)[i] - value)).toBeLessThan(1e-4)
    })
  })

  it('refuses frames of another size', async () => {
    const name = await write('turned.npz', { ...x, shape: [ROWS, WIDTH, HEIGHT] })
    const done = run('encode', '--model', 'fitted/model.safetensors', '--data', name, '--out', 'no.npz')
    expect(done.status).toBe(1)
    expect(done.stderr).toMatch(/the shape of x is \[100, 9, 10\], expected frames of 10 × 9 × 1/)
  })

  it('refuses numbers up to 255 where bytes were seen', async () => {
    const name = await write('levels.npz', asNumbers(1))
    const done = run('encode', '--model', 'fitted/model.safetensors', '--data', name, '--out', 'no.npz')
    expect(done.status).toBe(1)
    expect(done.stderr).toMatch(/expected bytes, or numbers from 0 to 1/)
  })
})
