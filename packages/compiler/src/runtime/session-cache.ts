/**
 * Keeps ONNX Runtime's sessions: creating and releasing them in a loop takes time and memory, and people open the
 * same function again and again.
 */
import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { CompilerError } from '../errors.js'
import { type CheckedOptions, loadOnnxRuntime, type OnnxRuntime, providerFailure } from './onnx-runtime.js'

export type OrtTensor = Tensor

/** A session of ONNX Runtime on loan; give it back once. */
export interface Lease {
  readonly ort: OnnxRuntime
  readonly session: InferenceSession
  readonly giveBack: () => void
}

interface Entry {
  readonly key: string
  readonly ort: OnnxRuntime
  readonly session: InferenceSession
  users: number
}

/** Sessions that nobody uses wait for the next user, this many of them. */
const IDLE_LIMIT = 4

/** In the order of their last use. */
const entries = new Map<string, Entry>()

const release = (entry: Entry): Promise<void> => {
  entries.delete(entry.key)
  return entry.session.release()
}

const idle = (): Entry[] => [...entries.values()].filter(({ users }) => users === 0)

const lend = (entry: Entry): Lease => {
  entry.users++
  let given = false
  return {
    ort: entry.ort,
    session: entry.session,
    giveBack: () => {
      if (given) return
      given = true
      entry.users--
      entries.delete(entry.key)
      entries.set(entry.key, entry)
      for (const old of idle().slice(0, -IDLE_LIMIT)) void release(old)
    }
  }
}

/** How ONNX Runtime is to run a model. */
export const sessionOptions = (
  { provider, threads }: Required<CheckedOptions>,
  onDevice: readonly string[] = []
): InferenceSession.SessionOptions => ({
  executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // Errors only: it warns of every node that runs on the CPU beside a GPU.
  logSeverityLevel: 3,
  // Where it is given at all, ONNX Runtime allocates every output itself.
  ...(onDevice.length > 0
    ? { preferredOutputLocation: Object.fromEntries(onDevice.map((name) => [name, 'gpu-buffer' as const])) }
    : {}),
  extra: {
    // Numbers below 1e-38 take the processor a hundred times longer; Adam's averages decay through them.
    'session.set_denormal_as_zero': '1',
    // Our own passes fold transpositions where that pays; see passes/products.ts.
    'optimization.disable_specified_optimizers': 'MatmulTransposeFusion'
  }
})

/**
 * A session for a model: a waiting one where the same model ran before. Outputs named in `onDevice` stay in buffers of
 * the GPU, which is for provider `webgpu` alone.
 */
export const leaseSession = (
  where: string,
  model: Uint8Array,
  options: Required<CheckedOptions>,
  onDevice: readonly string[] = []
): TE.TaskEither<CompilerError, Lease> => {
  const hash = createHash('sha256').update(model).digest('hex')
  const key = [options.provider, options.threads, hash, ...onDevice].join(' ')
  const create = (ort: OnnxRuntime): TE.TaskEither<CompilerError, Lease> =>
    TE.tryCatch(
      async () => {
        const session = await ort.InferenceSession.create(model, sessionOptions(options, onDevice))
        const entry: Entry = entries.get(key) ?? { key, ort, session, users: 0 }
        if (entry.session !== session) await session.release()
        entries.set(key, entry)
        return lend(entry)
      },
      (thrown) => providerFailure(where, options.provider, thrown)
    )
  return async () => {
    const known = entries.get(key)
    return known === undefined ? TE.chain(create)(loadOnnxRuntime(options.provider))() : E.right(lend(known))
  }
}

/** Releases the sessions that wait for the next user. Those in use stay. */
export const releaseIdleSessions = async (): Promise<void> => {
  await Promise.all(idle().map(release))
}
