import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  eqNumericArray,
  type NumericArray,
  npyWriter,
  npzWriter,
  openNpy,
  openNpz,
  readNpy,
  readNpz,
  readNpzNames,
  writeNpy,
  writeNpz
} from '../src/index.js'

const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy']).status === 0
)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'numpy-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs Python lines that `numpy` and the folder's `path(name)` are known to; answers what they print. */
const run = (lines: string): unknown =>
  JSON.parse(
    execFileSync(
      python as string,
      [
        '-c',
        `import sys, os, json, numpy as np\npath = lambda name: os.path.join(sys.argv[1], name)\n${lines}`,
        folder
      ],
      { encoding: 'utf8' }
    )
  )

/** The arrays of both sides: entry i of each is made of i alone. */
const arrays: Readonly<Record<string, readonly [NumericArray, string]>> = {
  single: [
    { data: Float32Array.from({ length: 24 }, (_, i) => (i - 5) / 7), shape: [4, 3, 2] },
    '((np.arange(24.) - 5) / 7).astype(np.float32).reshape(4, 3, 2)'
  ],
  double: [
    { data: Float64Array.from({ length: 6 }, (_, i) => (i - 5) / 7), shape: [2, 3] },
    '((np.arange(6.) - 5) / 7).reshape(2, 3)'
  ],
  long: [
    { data: BigInt64Array.from({ length: 6 }, (_, i) => (BigInt(i) - 3n) << 50n), shape: [6] },
    '(np.arange(6, dtype=np.int64) - 3) << 50'
  ],
  truth: [
    { data: Uint8Array.from({ length: 6 }, (_, i) => Number(i % 3 === 0)), shape: [3, 2], stored: 'bool' },
    '(np.arange(6) % 3 == 0).reshape(3, 2)'
  ],
  half: [
    { data: Float32Array.from({ length: 5 }, (_, i) => i / 4), shape: [5], stored: 'float16' },
    '(np.arange(5) / 4).astype(np.float16)'
  ],
  special: [
    { data: Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0), shape: [4] },
    'np.array([np.nan, np.inf, -np.inf, -0.0])'
  ],
  scalar: [{ data: Float64Array.of(2.5), shape: [] }, 'np.array(2.5)'],
  none: [{ data: new Float32Array(0), shape: [0, 3] }, 'np.zeros((0, 3), np.float32)']
}

const names = Object.keys(arrays)
const ours = Object.fromEntries(names.map((name) => [name, arrays[name][0]]))
const theirs = `{${names.map((name) => `'${name}': ${arrays[name][1]}`).join(', ')}}`

/** What differs between what NumPy loads and what it makes itself. */
const compare = (loaded: string): unknown =>
  run(`
loaded, made = ${loaded}, ${theirs}
equal = lambda a, b: a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
print(json.dumps([name for name in made if not equal(loaded[name], made[name])]))`)

describe.skipIf(python === undefined)('with NumPy (skipped where there is none)', () => {
  it.each([false, true])('loads what writeNpz writes (compress: %s)', async (compress) => {
    await orThrow(writeNpz(join(folder, 'ours.npz'), ours, { compress }))
    expect(compare("np.load(path('ours.npz'))")).toEqual([])
  })

  it('loads what writeNpy writes', async () => {
    for (const name of names) await orThrow(writeNpy(join(folder, `${name}.npy`), ours[name]))
    expect(compare(`{name: np.load(path(name + '.npy')) for name in ${JSON.stringify(names)}}`)).toEqual([])
  })

  it('loads what was written in blocks of rows', async () => {
    const rows = 100_000
    const writer = await orThrow(
      npzWriter(join(folder, 'blocks.npz'), {
        x: { dtype: 'float32', rowShape: [3] },
        k: { dtype: 'int64', rowShape: [] }
      })
    )
    const single = await orThrow(npyWriter(join(folder, 'blocks.npy'), { dtype: 'float64', rowShape: [2] }))
    for (let start = 0; start < rows; start += 30_000) {
      const count = Math.min(30_000, rows - start)
      await orThrow(
        writer.append(
          'x',
          Float32Array.from({ length: 3 * count }, (_, i) => 3 * start + i)
        )
      )
      await orThrow(
        writer.append(
          'k',
          BigInt64Array.from({ length: count }, (_, i) => BigInt(start + i))
        )
      )
      await orThrow(single.append(Float64Array.from({ length: 2 * count }, (_, i) => (2 * start + i) / 3)))
    }
    await orThrow(writer.commit)
    await orThrow(single.commit)
    expect(
      run(`
blocks, single = np.load(path('blocks.npz')), np.load(path('blocks.npy'), mmap_mode='r')
print(json.dumps([
  bool((blocks['x'] == np.arange(300000, dtype=np.float32).reshape(-1, 3)).all()),
  bool((blocks['k'] == np.arange(100000)).all()), str(blocks['k'].dtype),
  bool((single == (np.arange(200000) / 3).reshape(-1, 2)).all())]))`)
    ).toEqual([true, true, 'int64', true])
  })

  it.each(['savez', 'savez_compressed'])('writes with %s what readNpz reads', async (save) => {
    run(`np.${save}(path('theirs.npz'), **${theirs}); print(0)`)
    const path = join(folder, 'theirs.npz')
    expect(await orThrow(readNpzNames(path))).toEqual(names)
    const read = await orThrow(readNpz(path))
    for (const name of names)
      expect([name, eqNumericArray.equals(read[name], ours[name])]).toEqual([name, true])
  })

  it('saves column-major and big-endian arrays that read as the row-major ones', async () => {
    run(`
made = ${theirs}
np.save(path('f.npy'), np.asfortranarray(made['single']))
np.savez(path('f.npz'), single=np.asfortranarray(made['single']), double=made['double'].astype('>f8'))
print(0)`)
    const { single, double } = ours
    expect(await orThrow(readNpy(join(folder, 'f.npy')))).toEqual(single)
    expect(await orThrow(readNpz(join(folder, 'f.npz')))).toEqual({ single, double })
    for (const reader of [
      await orThrow(openNpy(join(folder, 'f.npy'))),
      await orThrow(openNpz(join(folder, 'f.npz'), 'single'))
    ]) {
      const out = new Float32Array(12)
      await orThrow(reader.rows(1, 2, out))
      expect(out).toEqual((single.data as Float32Array).slice(6, 18))
      await orThrow(reader.close)
    }
  })

  it('reads int64 and truth values in place as floats', async () => {
    run(`np.savez(path('kinds.npz'), k=np.arange(10).reshape(5, 2), b=np.arange(5) % 2 == 0); print(0)`)
    for (const [name, expected] of [
      ['k', [4, 5, 6, 7]],
      ['b', [1, 0]]
    ] as const) {
      const reader = await orThrow(openNpz(join(folder, 'kinds.npz'), name))
      const out = new Float32Array(expected.length)
      await orThrow(reader.rows(2, 2, out))
      expect([...out]).toEqual(expected)
      await orThrow(reader.close)
    }
  })
})
