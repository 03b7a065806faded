/** Step functions compiled and run by ONNX Runtime, as an engine of a training. */
import {
  type Engine,
  type EngineError,
  type EngineOffer,
  type EngineSession,
  engineFailed,
  engineUnavailable,
  type HostTensors,
  type StepFunction
} from '@mechid/engine'
import { orThrow, type Tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { compileFor } from '../compile.js'
import type { ProviderUnavailable } from '../errors.js'
import { checkOptions, loadOnnxRuntime, type Provider, type RuntimeOptions } from '../runtime/onnx-runtime.js'
import type { CompiledSession } from '../runtime/session.js'
import { hardwareAdapter } from './hardware-adapter.js'
import { faster } from './trial.js'

/** What a user calls it. */
export const COMPILED = 'compiled'

export interface CompiledEngineOptions extends Omit<RuntimeOptions, 'provider'> {
  /**
   * Default `auto`: the processor, unless a GPU is there and ran the very step faster in a short trial. A software
   * adapter is taken only by name (`webgpu`).
   */
  readonly provider?: Provider | 'auto'
}

const failed = ({ message }: Tagged): EngineError => engineFailed(COMPILED, message)

const unavailable = ({ reason, remedy }: ProviderUnavailable): EngineError =>
  engineUnavailable(COMPILED, reason, remedy)

const deviceName = (provider: Provider, threads: number | undefined): string =>
  provider === 'cpu'
    ? `the processor${threads === undefined ? '' : `, ${threads} thread${threads === 1 ? '' : 's'}`}`
    : provider === 'webgpu'
      ? 'the GPU through WebGPU'
      : 'the GPU through CUDA'

const sessionOver = (session: CompiledSession, device: string): EngineSession => ({
  device,
  run: async (feeds) => {
    orThrow(await session.run(feeds))
  },
  outputs: async () => session.outputs(),
  carry: session.carry,
  dispose: session.dispose
})

type Open = (provider: Provider) => TE.TaskEither<EngineError, CompiledSession>

const openWith =
  (options: RuntimeOptions, step: StepFunction, carry: HostTensors, feeds: HostTensors): Open =>
  (provider) =>
    TE.mapLeft(failed)(compileFor('open', step, { carry, feeds }, { ...options, provider }))

/** Opens on the processor, and on the GPU if that was faster. */
const openFastest =
  (open: Open, feeds: HostTensors, threads: number | undefined): TE.TaskEither<EngineError, EngineSession> =>
  async () => {
    const [cpu, gpu] = [await open('cpu')(), await open('webgpu')()]
    if (E.isLeft(cpu)) return cpu
    if (E.isLeft(gpu)) return E.right(sessionOver(cpu.right, deviceName('cpu', threads)))
    const trial = await faster(cpu.right, gpu.right, feeds)
    for (const session of [cpu.right, gpu.right]) session.dispose()
    const chosen: Provider = trial.second ? 'webgpu' : 'cpu'
    // Anew from the first carry, which the trial has left; the compiled model is kept.
    const again = await open(chosen)()
    const times = `${trial.milliseconds[0].toFixed(2)} ms a step on the processor, ${trial.milliseconds[1].toFixed(2)} ms on the GPU`
    return E.map((session: CompiledSession) =>
      sessionOver(session, `${deviceName(chosen, threads)}: in a trial ${times}`)
    )(again)
  }

/**
 * The engine that compiles step functions to ONNX graphs and runs them with ONNX Runtime.
 *
 * When to use it: for trainings on a processor, where it is several times as fast as TF.js; on a GPU, native TF.js with CUDA
 * is tried first by `findEngine('auto')`.
 *
 * Errors: `EngineUnavailable` where `onnxruntime-node` is not installed (with what to install), `EngineFailed` for a bad
 * option; `open` answers `EngineFailed` where a step cannot be compiled.
 *
 * @example
 * const engine = await findEngine('auto', [compiled()])() // findEngine of @mechid/estimator
 */
export const compiledEngine = (options: CompiledEngineOptions = {}): TE.TaskEither<EngineError, Engine> => {
  const { provider: wanted = 'auto', ...runtime } = options
  const provider = wanted === 'auto' ? 'cpu' : wanted
  return async () => {
    const checked = checkOptions('compiledEngine', { ...runtime, provider })
    if (E.isLeft(checked)) return E.left(failed(checked.left))
    const loaded = await loadOnnxRuntime(provider)()
    if (E.isLeft(loaded)) return E.left(unavailable(loaded.left))
    const { threads } = checked.right
    const device = deviceName(provider, threads)
    const adapter = wanted === 'auto' && (await hardwareAdapter())
    return E.right({
      name: COMPILED,
      description: `ONNX Runtime on ${adapter ? `the processor or the GPU, whichever is faster in a trial` : device}`,
      open: (step, carry, feeds) => {
        const open = openWith(runtime, step, carry, feeds)
        return adapter
          ? openFastest(open, feeds, threads)
          : TE.map((session: CompiledSession) => sessionOver(session, device))(open(provider))
      }
    })
  }
}

/** The engine as `findEngine` of @mechid/estimator takes it. */
export const compiled = (options: CompiledEngineOptions = {}): EngineOffer => ({
  name: COMPILED,
  find: compiledEngine(options)
})
