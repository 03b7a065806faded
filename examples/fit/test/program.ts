/** The program as a user runs it, in a folder of its own, and files for it to read. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type NumericArray, writeNpz } from '@mechid/files'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { afterAll, beforeAll } from 'vitest'

export const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))

/** Short trainings of two latents. */
export const SHORT = ['--steps', '30', '--edges', '2']

/** Two latents, each moved by an action of its own, seen in three features; rows in the order of time. */
export const rows = (count: number) => {
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

/** The same as a table: a time stamp, three features, an action of numbers, one of text, and the day. */
export const table = (count: number, delimiter = ',', decimal = '.'): string => {
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

/** Which columns of `table` are what. */
export const COLUMNS = ['--action-columns', 'dose,lamp', '--features', 'speed..heat']

/** A folder that goes with the test file, and the program run in it. */
export const workplace = (name: string) => {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  const at = (path: string): string => join(folder, path)
  beforeAll(() => {
    if (!existsSync(program)) throw new Error(`${program} is missing: build first`)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: folder })

  /** Starts a training of many steps, and waits until it has kept its state once. */
  const started = async (data: string, out: string) => {
    mkdirSync(at(out))
    const args = [
      program,
      '--latents',
      '2',
      '--data',
      data,
      '--steps',
      '100000',
      '--edges',
      '2',
      '--out',
      out
    ]
    const child: ChildProcess = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' })
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
      child.on('exit', (code, signal) => resolve(signal ?? code))
    )
    await new Promise<void>((resolve) => {
      const watcher = watch(at(out), () => {
        if (!existsSync(at(`${out}/checkpoint.safetensors`))) return
        watcher.close()
        resolve()
      })
    })
    return { child, ended }
  }

  return {
    folder,
    at,
    /** The program, as it is. */
    run,
    /** The program with two latents, or as many as the arguments say. */
    fit: (...args: string[]) => run(...(args.includes('--latents') ? [] : ['--latents', '2']), ...args),
    started,
    /** A file of this content; its name. */
    written: (path: string, content: string | Uint8Array): string => {
      writeFileSync(at(path), content)
      return path
    },
    /** An archive of these arrays; its name. */
    npz: async (path: string, arrays: Readonly<Record<string, NumericArray>>): Promise<string> => {
      await orThrow(writeNpz(at(path), arrays))
      return path
    },
    /** What a folder holds; nothing where it is not there. */
    held: (path: string): readonly string[] => (existsSync(at(path)) ? readdirSync(at(path)).sort() : [])
  }
}
