/** Compiled functions without a state, for inference. */
import type { HostTensors, StepFunction } from '@mechid/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { compileFor } from './compile.js'
import type { CompilerError } from './errors.js'
import type { RuntimeOptions } from './runtime/onnx-runtime.js'
import type { CompiledSession } from './runtime/session.js'
import type { TensorFunction, TensorSpecs } from './step-function.js'

/** A function of tensors, compiled for fixed shapes. */
export interface CompiledFunction {
  /**
   * The function's results, in arrays of their own. Errors: `MissingFeed`, `UnknownName`, `ShapeMismatch`,
   * `WrongDtype`, `RuntimeFailed`, `Disposed`.
   */
  readonly run: (inputs: HostTensors) => Promise<E.Either<CompilerError, HostTensors>>
  /** Gives the buffers and the session back. */
  readonly dispose: () => void
}

/**
 * Compiles a pure function of tensors, such as a trained encoder. Tensors that it uses from outside, such as its weights,
 * become constants. Inputs have fixed shapes: pad a last batch that is smaller.
 *
 * When to use it: for inference, batch after batch. Not for a single call: tracing and loading take longer than that.
 *
 * Errors: `UnsupportedKernel`, `UnsupportedAttribute`, `ValueRead`, `TraceFailed`, `DefinitionThrew`; `InvalidOption`,
 * `ProviderUnavailable`, `RuntimeFailed`.
 *
 * @example
 * const encode = await compileFunction(({ x }) => ({ z: tf.matMul(x, w) }), { x: { shape: [64, 20] } })()
 */
export const compileFunction = (
  f: TensorFunction,
  inputs: TensorSpecs,
  options: RuntimeOptions = {}
): TE.TaskEither<CompilerError, CompiledFunction> => {
  const step: StepFunction = (_, feeds) => ({ carry: {}, outputs: f(feeds) })
  return TE.map(
    (session: CompiledSession): CompiledFunction => ({
      run: async (feeds: HostTensors) => E.map(() => session.outputs())(await session.run(feeds)),
      dispose: session.dispose
    })
  )(compileFor('compileFunction', step, { carry: {}, feeds: inputs }, options))
}
