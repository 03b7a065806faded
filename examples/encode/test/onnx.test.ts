/** Encoders from elsewhere, as ONNX files: the program as people run it, up to unmixing. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openEncoder } from '@mechid/compiler'
import { type NumericArray, readCsv, readNpz, writeCsv, writeNpz } from '@mechid/files'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'encode-onnx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)
/** Exported by PyTorch; packages/compiler/test/encoders/make_encoders.py makes them. */
const model = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/compiler/test/encoders/${name}.onnx`, import.meta.url))
const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: folder })

const values = (...shape: number[]): NumericArray & { readonly data: Float64Array } => ({
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1 + i)),
  shape
})

const ROWS = 50
const x = values(ROWS, 6)
const a = values(ROWS, 2)
const z = values(ROWS, 3)

/** Codes of the rows, by the package. */
const codes = async (name: string, output?: string): Promise<ArrayLike<number>> => {
  const encoder = orThrow(await openEncoder(model(name), output === undefined ? {} : { output })())
  const { data } = orThrow(await encoder.encode(x))
  encoder.dispose()
  return data
}

beforeAll(async () => {
  if (!existsSync(program)) throw new Error(`${program} is missing: build first`)
  await orThrow(writeNpz(at('rows.npz'), { x, a, z }))
  await orThrow(
    writeNpz(at('sequences.npz'), {
      x: { ...x, shape: [10, 5, 6] },
      a: { ...values(40, 2), shape: [10, 4, 2] }
    })
  )
  await orThrow(writeNpz(at('unequal.npz'), { x, a, lengths: { data: Int32Array.of(20, 30), shape: [2] } }))
  const names = Array.from({ length: 6 }, (_, j) => `x${j}`)
  await orThrow(writeCsv(at('rows.csv'), names, { data: x.data, shape: [ROWS, 6] }))
  await orThrow(
    writeNpz(at('bytes.npz'), {
      x: { data: Uint8Array.from(values(20, 9, 8, 3).data, (v) => 127 + 120 * v), shape: [20, 9, 8, 3] }
    })
  )
})

const encoded = async (name: string, data: string, ...args: string[]) => {
  const done = run('--model', model(name), '--data', data, '--out', 'codes.npz', ...args)
  expect(done.status, done.stderr).toBe(0)
  return { out: done.stdout, arrays: await orThrow(readNpz(at('codes.npz'))) }
}

describe('encode, given an ONNX file', () => {
  it('writes codes with the actions and true latents of the data', async () => {
    const { out, arrays } = await encoded('legacy', 'rows.npz', '--output', 'mu')
    expect(out).toContain(
      'rows.npz: 50 lines, 3 codes each (mu), with 2 actions and 3 true latents: codes.npz'
    )
    expect(arrays.h.shape).toEqual([ROWS, 3])
    expect(Array.from(arrays.h.data as Float32Array)).toEqual(Array.from(await codes('legacy', 'mu')))
    expect(arrays.a).toMatchObject({ shape: [ROWS, 2], data: a.data })
    expect(arrays.z).toMatchObject({ shape: [ROWS, 3], data: z.data })
  })

  it('gives the same codes of a table', async () => {
    const { arrays } = await encoded('fixed', 'rows.csv')
    expect(Array.from(arrays.h.data as Float32Array)).toEqual(Array.from(await codes('fixed')))
    expect(Object.keys(arrays)).toEqual(['h'])
    const done = run('--model', model('fixed'), '--data', 'rows.csv', '--out', 'codes.csv')
    expect(done.status, done.stderr).toBe(0)
    expect((await orThrow(readCsv(at('codes.csv')))).names).toEqual(['h0', 'h1', 'h2'])
  })

  it('keeps sequences apart', async () => {
    const { arrays } = await encoded('fixed', 'sequences.npz')
    expect(arrays.h.shape).toEqual([10, 5, 3])
    expect(arrays.a.shape).toEqual([10, 4, 2])
    const unequal = (await encoded('fixed', 'unequal.npz')).arrays
    expect(unequal.h.shape).toEqual([ROWS, 3])
    expect([...(unequal.lengths.data as Int32Array)]).toEqual([20, 30])
  })

  it('gives a model its actions', async () => {
    const { arrays } = await encoded('actions', 'rows.npz', '--input', 'x', '--action-input', 'a')
    expect(arrays.h.shape).toEqual([ROWS, 3])
  })

  it('gives frames of bytes as bytes, or from 0 to 1, whichever the model takes', async () => {
    const [bytes, shares] = [await encoded('bytes', 'bytes.npz'), await encoded('conv', 'bytes.npz')]
    expect(bytes.arrays.h.shape).toEqual(shares.arrays.h.shape)
    const [p, q] = [bytes, shares].map(({ arrays }) => arrays.h.data as Float32Array)
    // The one divides by 255 itself, and holds the other.
    expect(Math.max(...p.map((value, i) => Math.abs(value - q[i])))).toBeLessThan(1e-6)
  })

  it.each([
    [
      'several outputs',
      ['--model', model('legacy'), '--data', 'rows.npz'],
      /output is left out, expected the name .* mu float32/
    ],
    ['a sampling model', ['--model', model('sampling'), '--data', 'rows.npz'], /model\.eval\(\)/],
    [
      'weights that are missing',
      ['--model', 'alone.onnx', '--data', 'rows.npz'],
      /alone\.onnx: .*no such file/
    ],
    [
      'frames of another size',
      ['--model', model('fixed'), '--data', 'bytes.npz'],
      /\[20, 9, 8, 3\], expected \[rows, 6\]/
    ],
    [
      'actions that are missing',
      ['--model', model('actions'), '--data', 'rows.csv', '--input', 'x', '--action-input', 'a'],
      /no lines of actions, expected 50/
    ],
    [
      'an output of another kind',
      ['--model', model('fixed'), '--data', 'rows.npz', '--out', 'codes.txt'],
      /must end in \.npz or \.csv/
    ],
    [
      'to write over its data',
      ['--model', model('fixed'), '--data', 'rows.npz', '--out', 'rows.npz'],
      /--out is rows\.npz, which is read/
    ],
    [
      'options of ONNX files for others',
      ['--model', 'm.safetensors', '--data', 'rows.npz', '--output', 'mu'],
      /--output is for encoders in an \.onnx file/
    ]
  ])('refuses %s in one line', (_, args, message) => {
    const out = args.includes('--out') ? [] : ['--out', 'refused.npz']
    const done = run(...args, ...out)
    expect(done.status).toBeGreaterThan(0)
    expect(done.stderr.trim()).toMatch(message)
    expect(done.stderr.trim().split('\n')).toHaveLength(1)
    expect(existsSync(at('refused.npz'))).toBe(false)
  })
})
