/** From a step function to a running session. */
import type { StepFunction } from '@mechid/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CompilerError } from './errors.js'
import { optimizeStep } from './passes/optimize.js'
import { checkCarry } from './runtime/checks.js'
import { canUpdate } from './runtime/host-update.js'
import { checkOptions, type RuntimeOptions } from './runtime/onnx-runtime.js'
import { openSession } from './runtime/open-session.js'
import { withinLimits } from './runtime/provider-limits.js'
import type { CompiledSession } from './runtime/session.js'
import { threadsFor } from './runtime/threads.js'
import type { StepSignature } from './step-function.js'
import { traceStep } from './trace/trace.js'

/**
 * Traces a step function once, optimizes its graph, and starts a session of ONNX Runtime from the carry of the signature.
 *
 * When to use it: for a pure step with fixed shapes that runs many times, such as a training step of your own. Not where
 * shapes or control flow follow the data. `compileFunction` is simpler where nothing is carried from call to call, and
 * `compiled` brings the trainings of `@mechid/estimator` here.
 *
 * Errors: `UnsupportedKernel`, `UnsupportedAttribute`, `ValueRead`, `TraceFailed`, `DefinitionThrew`, `CarryMismatch`;
 * `NotFinite`, `ShapeMismatch`, `WrongDtype` of the first carry; `InvalidOption`, `ProviderUnavailable`, `RuntimeFailed`.
 *
 * @example
 * const carry = { w: { data: new Float32Array(3), shape: [3] } }
 * const session = await compile(step, { carry, feeds: { x: { shape: [32, 3] } } })()
 */
export const compile = (
  step: StepFunction,
  signature: StepSignature,
  options: RuntimeOptions = {}
): TE.TaskEither<CompilerError, CompiledSession> => compileFor('compile', step, signature, options)

/** As {@link compile}; errors name the function that asks for it, `where`. */
export const compileFor = (
  where: string,
  step: StepFunction,
  { carry, feeds }: StepSignature,
  options: RuntimeOptions
): TE.TaskEither<CompilerError, CompiledSession> =>
  pipe(
    checkOptions(where, options),
    E.bindTo('checked'),
    E.chainFirst(() => checkCarry(carry)),
    E.bind('traced', () => traceStep(where, step, carry, feeds)),
    E.let('options', ({ checked, traced }) => ({ threads: threadsFor(traced), ...checked })),
    E.let('optimized', ({ traced, options: { provider, threads } }) =>
      optimizeStep(traced, provider, canUpdate(carry), threads)
    ),
    E.bind('graph', ({ options, optimized }) => withinLimits(where, optimized.graph, options.provider)),
    TE.fromEither,
    TE.chain(({ options, graph, optimized: { update } }) =>
      openSession(where, { graph, update }, carry, feeds, options)
    )
  )
