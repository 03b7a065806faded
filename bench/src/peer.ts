/** A peer process that lives as long as a case: its start and its imports count for nobody. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Whichever BLAS the peer has. */
const threadSettings = (threads: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['OPENBLAS', 'OMP', 'MKL', 'BLIS', 'VECLIB_MAXIMUM'].map((library) => [
      library === 'VECLIB_MAXIMUM' ? 'VECLIB_MAXIMUM_THREADS' : `${library}_NUM_THREADS`,
      String(threads)
    ])
  )

/** What a peer says of itself. */
export interface About {
  readonly python: string
  /** Versions of the modules that were imported, by module. */
  readonly versions: Readonly<Record<string, string>>
  /** The library under the matrix products, as far as it can be told. */
  readonly blas: string
}

export interface Peer {
  /** Once a case is prepared, all that it needs has been imported. */
  readonly about: () => Promise<About>
  /** Loads or draws the inputs of a case. */
  readonly prepare: (name: string, parameters: Readonly<Record<string, unknown>>) => Promise<void>
  /** Computes the case; the seconds were measured inside, and the result is small. */
  readonly run: (calls?: number) => Promise<number>
  /** What the peer says of the last result, or of ours in a file. */
  readonly inspect: <Answer>(parameters?: Readonly<Record<string, unknown>>) => Promise<Answer>
  readonly stop: () => void
}

type Ask = (request: Readonly<Record<string, unknown>>) => Promise<unknown>

const peersFolder = new URL('../peers/', import.meta.url)

/** Starts `python peers/SCRIPT`; one JSON line for each request and each answer, which rejects where there is none. */
export const startPeer = (python: string, script: string, threads = 1): Peer => {
  const child = spawn(python, ['-B', '-u', fileURLToPath(new URL(script, peersFolder))], {
    env: { ...process.env, ...threadSettings(threads) },
    stdio: ['pipe', 'pipe', 'pipe']
  })
  let complaints = ''
  child.stderr.on('data', (text) => {
    complaints = `${complaints}${text}`.slice(-4000)
  })
  const lines = createInterface({ input: child.stdout })
  const waiting: Array<{ resolve: (answer: unknown) => void; reject: (reason: Error) => void }> = []
  let ended: Error | undefined
  const end = (reason: string): void => {
    ended ??= new Error(complaints.trim() === '' ? reason : complaints.trim())
    for (const { reject } of waiting.splice(0)) reject(ended)
  }
  lines.on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)))
  child.on('error', (error) => end(error.message))
  child.on('close', (code) => end(`it ended with ${code}`))
  // A peer that ended is reported by `close`; writing to it then is no second failure.
  child.stdin.on('error', () => undefined)

  const ask: Ask = (request) =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended)
      waiting.push({ resolve, reject })
      child.stdin.write(`${JSON.stringify(request)}\n`)
    })

  return {
    about: () => ask({ do: 'about' }) as Promise<About>,
    prepare: async (name, parameters) => {
      await ask({ do: 'prepare', case: name, ...parameters })
    },
    run: async (calls = 1) => ((await ask({ do: 'run', calls })) as { seconds: number }).seconds,
    inspect: <Answer>(parameters = {}) => ask({ do: 'inspect', ...parameters }) as Promise<Answer>,
    stop: () => child.stdin.end()
  }
}

const absent = (): Promise<never> => Promise.reject(new Error('this case has no process for a peer'))

/** For cases whose peer runs in this process. */
export const noPeer: Peer = {
  about: () => Promise.resolve({ python: 'none', versions: {}, blas: 'none' }),
  prepare: absent,
  run: absent,
  inspect: absent,
  stop: () => undefined
}
