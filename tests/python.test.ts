/** Python reads what `npm run fit` and `npm run encode` write. MECHID_PYTHON names an interpreter, such as that of a venv. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeNpz } from '@mechid/files'
import { problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { nnMixing, simulate } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { run } from './command.js'
import { root } from './workspace.js'

/** Debian's Python has Debian's packages, whatever stands before it in the path. */
const interpreters = [process.env.MECHID_PYTHON ?? 'python3', 'python3', '/usr/bin/python3']

const has = (python: string, module: string): boolean =>
  spawnSync(python, ['-c', `import ${module}`]).status === 0

const python = interpreters.find((name) => has(name, 'numpy'))

const folder = mkdtempSync(join(tmpdir(), 'mechid-python-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ROWS = 500

const programOf = (name: string): string => join(root, 'examples', name, 'dist/index.js')

const runOurs = async (name: string, ...args: readonly string[]): Promise<void> => {
  const ended = await run(folder, process.execPath, programOf(name), ...args)
  expect(ended.ok, ended.all).toBe(true)
}

beforeAll(async () => {
  if (python === undefined) return
  const missing = ['fit', 'encode'].find((name) => !existsSync(programOf(name)))
  if (missing !== undefined) throw new Error(`examples/${missing} is not built; build first`)
  const kernel = orThrow(problem('ActionNonDiag', { latents: 3 }))
  const mixing = orThrow(nnMixing({ latents: 3, features: 6, random: generator(1) }))
  const { x, a } = orThrow(simulate({ kernel, mixing, rows: ROWS, seed: 1 })).data
  if (a === undefined) throw new Error('the problem has actions')
  await orThrow(writeNpz(join(folder, 'data.npz'), { x, a }))
  await runOurs(
    'fit',
    '--data',
    'data.npz',
    '--latents',
    '3',
    '--preset',
    'gated',
    '--steps',
    '30',
    '--out',
    'fit'
  )
  const model = ['--model', 'fit/model.safetensors', '--data', 'data.npz']
  await runOurs('encode', ...model, '--out', 'latents.csv')
}, 240_000)

/** Runs Python lines in the folder; answers the JSON that they print. `np`, `json` and our latents `z_hat` are there. */
const inPython = (lines: string): unknown => {
  const script = join(folder, 'script.py')
  writeFileSync(
    script,
    `import json, numpy as np\nlatents = np.load('fit/latents.npz')\nz_hat = latents['z_hat']\n${lines}\n`
  )
  const done = spawnSync(python as string, [script], { cwd: folder, encoding: 'utf8' })
  expect(done.status, done.stderr).toBe(0)
  return JSON.parse(done.stdout)
}

const needs = (context: TestContext, ...modules: readonly string[]): void => {
  context.skip(python === undefined, 'no Python with numpy was found (Debian: python3-numpy)')
  const missing = modules.filter((module) => !has(python as string, module))
  context.skip(missing.length > 0, `${python} has no ${missing.join(', ')}`)
}

describe('Python reads', () => {
  it('latents.npz', (context) => {
    needs(context)
    const read = inPython(`
held = latents['test_rows']
print(json.dumps([z_hat.shape, str(z_hat.dtype), bool(np.isfinite(z_hat).all()), len(held), bool((held < len(z_hat)).all())]))`)
    expect(read).toEqual([[ROWS, 3], expect.stringMatching(/float(32|64)/), true, ROWS / 10, true])
  })

  it('latents.csv, with the same numbers', (context) => {
    needs(context)
    const read = inPython(`
table = np.genfromtxt('latents.csv', delimiter=',', names=True)
columns = np.stack([table[name] for name in table.dtype.names], 1)
print(json.dumps([table.dtype.names, float(np.abs(columns - z_hat).max())]))`)
    expect(read).toEqual([['z0', 'z1', 'z2'], expect.closeTo(0, 6)])
  })

  it('graph.json', (context) => {
    needs(context)
    const read = inPython(`
graph = json.load(open('fit/graph.json', encoding='utf-8'))
actions = np.array(graph['actions'])
print(json.dumps([actions.shape, sorted(set(actions.ravel().tolist()) | {0, 1}), graph['latentNames'], graph['actionNames']]))`)
    expect(read).toEqual([
      [3, 3],
      [0, 1],
      [expect.any(String), expect.any(String), expect.any(String)],
      ['a0', 'a1', 'a2']
    ])
  })

  it('model.safetensors', (context) => {
    needs(context, 'safetensors')
    const [count, finite] = inPython(`
from safetensors.numpy import load_file
tensors = load_file('fit/model.safetensors')
print(json.dumps([len(tensors), all(bool(np.isfinite(t).all()) for t in tensors.values())]))`) as [
      number,
      boolean
    ]
    expect(count).toBeGreaterThan(10)
    expect(finite).toBe(true)
  })

  /** The largest difference between our latents and those of model.onnx, run by `run(x)` of the lines. */
  const differenceOf = (lines: string): number =>
    inPython(`
x = np.load('data.npz')['x'].astype(np.float32)
${lines}
print(json.dumps(float(np.abs(run(x) - z_hat).max())))`) as number

  it('model.onnx, in which the checker of ONNX finds nothing wrong', (context) => {
    needs(context, 'onnx')
    expect(
      inPython(`
import onnx
onnx.checker.check_model('fit/model.onnx', full_check=True)
print(json.dumps([port.name for port in onnx.load('fit/model.onnx').graph.input]))`)
    ).toEqual(['x'])
  })

  it('model.onnx by the reference implementation of ONNX, with our latents', (context) => {
    needs(context, 'onnx.reference')
    const difference = differenceOf(`
from onnx.reference import ReferenceEvaluator
run = lambda x: ReferenceEvaluator('fit/model.onnx').run(None, {'x': x})[0]`)
    expect(difference).toBeLessThan(1e-5)
  })

  it('model.onnx by its own ONNX Runtime, with our latents', (context) => {
    needs(context, 'onnxruntime')
    const difference = differenceOf(`
import onnxruntime
run = lambda x: onnxruntime.InferenceSession('fit/model.onnx', providers=['CPUExecutionProvider']).run(['z'], {'x': x})[0]`)
    expect(difference).toBeLessThan(1e-5)
  })
})
