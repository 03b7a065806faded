/** The peers: each a Python process that trains and tells its scores, a line of JSON at a time. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Configuration, preset } from '@mechid/estimator'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type BenchError, caseFailed } from '../errors.js'
import { peerEnvironment, peerScript } from '../peer.js'
import type { PythonModule } from '../python.js'
import { findPython } from '../python.js'
import { CODE_MISSING, type MethodName, type ProblemName } from './options.js'
import { type Problem, writeRows } from './problem.js'
import type { Point, Trace } from './trace.js'

export interface PeerOptions {
  readonly problem: ProblemName
  readonly seed: number
  readonly steps: number
  readonly seconds: number
  readonly every: number
  readonly code: string | undefined
}

/** A peer's script with its arguments. */
interface Program {
  readonly needs: readonly PythonModule[]
  readonly script: string
  readonly arguments: readonly string[]
}

/** The published recipe with the networks and batches of `fast`. */
const publishedAtOurSizes = ({ shape, edges }: Problem, steps: number): Configuration => {
  const { encoder, decoder, transition, batch } = orThrow(preset('fast', shape, edges)).dense
  return {
    ...orThrow(preset('published', shape, edges)),
    encoder,
    decoder,
    transition,
    batch,
    steps
  }
}

const torchProgram = async (
  folder: string,
  problem: Problem,
  seed: number,
  configuration: Configuration
): Promise<Program> => ({
  needs: ['numpy', 'scipy', 'torch'],
  script: 'sparse_training.py',
  arguments: [
    ...['--rows', await writeRows(folder, problem, seed, configuration)],
    ...['--configuration', JSON.stringify(configuration)]
  ]
})

/** What a method runs. */
const programOf = async (
  method: Exclude<MethodName, 'ours'>,
  folder: string,
  problem: Problem,
  { problem: name, seed, steps, code }: PeerOptions
): Promise<E.Either<BenchError, Program>> => {
  switch (method) {
    case 'dense': {
      const { dense } = orThrow(preset('fast', problem.shape, problem.edges))
      return E.right(await torchProgram(folder, problem, seed, dense))
    }
    case 'published':
      return E.right(await torchProgram(folder, problem, seed, publishedAtOurSizes(problem, steps)))
    case 'contrastive':
      return E.right({
        needs: ['numpy', 'scipy', 'torch', 'cebra'],
        script: 'contrastive.py',
        arguments: ['--rows', await writeRows(folder, problem, seed)]
      })
    case 'code':
      return code === undefined
        ? E.left(caseFailed(CODE_MISSING))
        : E.right({
            needs: ['numpy', 'scipy', 'sklearn', 'torch'],
            script: 'published_code.py',
            arguments: ['--code', code, '--problem', name, '--seed', String(seed)]
          })
  }
}

/** The point in a line of a peer's, if there is one. */
export const pointIn = (line: string): Point | undefined => {
  if (!line.startsWith('{')) return undefined
  const { seconds, step, mcc, r } = JSON.parse(line)
  return typeof mcc === 'number' ? { seconds, after: `${step} steps`, mcc, r } : undefined
}

/** What a peer says of itself, if a line is that: how it runs a step, and how long one takes. */
export const remarkIn = (line: string): string | undefined => {
  if (!line.startsWith('{')) return undefined
  const { way, stepSeconds } = JSON.parse(line)
  return typeof way === 'string' ? `${way}, ${(1000 * stepSeconds).toPrecision(3)} ms a step` : undefined
}

/** What is heard while a training goes on. */
export interface Listener {
  readonly onPoint: (point: Point) => void
  readonly onRemark: (words: string) => void
}

/** Trains a peer to its end. */
export const trainPeer = async (
  method: Exclude<MethodName, 'ours'>,
  folder: string,
  problem: Problem,
  options: PeerOptions,
  { onPoint, onRemark }: Listener
): Promise<E.Either<BenchError, Trace>> => {
  const program = await programOf(method, folder, problem, options)
  if (E.isLeft(program)) return program
  const { needs, script, arguments: own } = program.right
  const python = findPython(needs)
  if (E.isLeft(python)) return python
  const limits = ['--seconds', String(options.seconds), '--every', String(options.every)]
  const child = spawn(python.right, ['-B', '-u', '-W', 'ignore', peerScript(script), ...own, ...limits], {
    env: peerEnvironment(process.env, 1),
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let complaints = ''
  child.stderr.on('data', (text) => {
    complaints = `${complaints}${text}`.slice(-4000)
  })
  const points: Point[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const remark = remarkIn(line)
    if (remark !== undefined) onRemark(remark)
    const point = pointIn(line)
    if (point === undefined) return
    points.push(point)
    onPoint(point)
  })
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      complaints = error.message
      resolve(null)
    })
    child.on('close', resolve)
  })
  return code === 0
    ? E.right({ method, points })
    : E.left(caseFailed(complaints.trim() === '' ? `it ended with ${code}` : complaints.trim()))
}
