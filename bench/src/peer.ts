/** A peer process, started once for each case, so that its start and imports are not timed. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Limits the threads of whichever BLAS the peer has. */
const threadSettings = (threads: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['OPENBLAS', 'OMP', 'MKL', 'BLIS', 'VECLIB_MAXIMUM'].map((library) => [
      library === 'VECLIB_MAXIMUM' ? 'VECLIB_MAXIMUM_THREADS' : `${library}_NUM_THREADS`,
      String(threads)
    ])
  )

/** Settings that hold a library to another kernel than its best; ours may be there for work beside. */
const HELD = [
  'OPENBLAS_CORETYPE',
  'OPENBLAS_L2_SIZE',
  'MKL_ENABLE_INSTRUCTIONS',
  'ONEDNN_MAX_CPU_ISA',
  'ATEN_CPU_CAPABILITY'
]

/** The environment of a peer: as many threads as it may have, and its libraries at their best kernels. */
export const peerEnvironment = (
  own: Readonly<Record<string, string | undefined>>,
  threads: number
): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(own).filter(([name]) => !HELD.includes(name))),
  ...threadSettings(threads)
})

/** What a peer says of itself. */
export interface About {
  readonly python: string
  /** Versions of the modules that were imported, by module. */
  readonly versions: Readonly<Record<string, string>>
  /** The BLAS libraries with the kernels that they chose, as far as it can be told. */
  readonly blas: string
}

export interface Peer {
  /** To be asked after `prepare`, which imports all modules. */
  readonly about: () => Promise<About>
  /** Loads or draws the inputs of a case. */
  readonly prepare: (name: string, parameters: Readonly<Record<string, unknown>>) => Promise<void>
  /** Computes the case; the seconds are measured within the process. */
  readonly run: (calls?: number) => Promise<number>
  /** What the peer says of the last result, or of ours in a file. */
  readonly inspect: <Answer>(parameters?: Readonly<Record<string, unknown>>) => Promise<Answer>
  readonly stop: () => void
}

type Ask = (request: Readonly<Record<string, unknown>>) => Promise<unknown>

const peersFolder = new URL('../peers/', import.meta.url)

/** The path of a script in `peers/`. */
export const peerScript = (name: string): string => fileURLToPath(new URL(name, peersFolder))

/** Starts `python peers/SCRIPT`. Requests and answers are JSON, one a line; a request rejects if the process has ended. */
export const startPeer = (python: string, script: string, threads = 1): Peer => {
  const child = spawn(python, ['-B', '-u', peerScript(script)], {
    env: peerEnvironment(process.env, threads),
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
  // `close` reports a peer that has ended; writing to it is no second failure.
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

const absent = (): Promise<never> => Promise.reject(new Error('this case has no peer process'))

/** For cases whose peer runs in our own process. */
export const noPeer: Peer = {
  about: () => Promise.resolve({ python: 'none', versions: {}, blas: 'none' }),
  prepare: absent,
  run: absent,
  inspect: absent,
  stop: () => undefined
}
