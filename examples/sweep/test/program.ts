/** The program as a user runs it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Result } from '../src/messages.js'

export const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))

type Environment = Readonly<Record<string, string>>

const environment = (more: Environment): NodeJS.ProcessEnv => {
  const { MECHID_REDIS_URL: _, ...rest } = process.env
  return { ...rest, ...more }
}

export const run = (args: readonly string[], more: Environment = {}) =>
  spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: environment(more) })

/** A program that runs beside the test. */
export interface Running {
  readonly child: ChildProcess
  /** What it has said so far, on both streams. */
  readonly said: () => string
  /** Resolves once it has said so; rejects if it ends before. */
  readonly says: (what: RegExp) => Promise<void>
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

export const start = (args: readonly string[], more: Environment = {}): Running => {
  const child = spawn(process.execPath, [program, ...args], { env: environment(more) })
  let text = ''
  const listeners = new Set<() => void>()
  const hear = (chunk: Buffer): void => {
    text += chunk
    for (const listener of listeners) listener()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? code))
  )
  const says = (what: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!what.test(text)) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
      ended.then((how) => reject(new Error(`ended (${how}) without saying ${what}:\n${text}`)))
    })
  return { child, said: () => text, says, ended }
}

interface Written {
  readonly results: readonly Result[]
  readonly failures: ReadonlyArray<{ readonly job: string; readonly message: string }>
  readonly notRun: readonly string[]
}

export const resultsIn = (file: string): Written => JSON.parse(readFileSync(file, 'utf8'))

/** Everything but the time that a job took, and whether it was interrupted. */
export const figures = ({ results }: Written) => results.map(({ seconds: _, resumed: __, ...rest }) => rest)
