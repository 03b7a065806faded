/** The contract between a training and the device that runs it. */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EngineError } from './errors.js'

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>

/** What one step returns. */
export interface StepResult {
  /** The next carry: the same names, shapes and dtypes as the carry that went in. */
  readonly carry: NamedTensors
  /** What the caller can read: metrics of a training step, or results of an inference function. */
  readonly outputs: NamedTensors
}

/**
 * What an engine tells a step about its device. A step may take another way to the same results, equal up to
 * rounding, and nothing more.
 */
export interface DeviceTraits {
  /** Whether products of stacks of matrices are slower there than one product after the other. Default false. */
  readonly slowStacks?: boolean
}

/**
 * A pure function of tensors with fixed shapes: `(carry, feeds) → (carry', outputs)`. It must not read values
 * (`dataSync`), draw random numbers or keep state, so that an engine may trace, compile or repeat it. The traits of
 * the device are the same at each call of a session.
 */
export type StepFunction = (carry: NamedTensors, feeds: NamedTensors, device?: DeviceTraits) => StepResult

/** An array on the host, row-major; `float32` or `int32` after its typed array. Scalars have shape []. */
export interface HostTensor {
  readonly data: Float32Array | Int32Array
  readonly shape: readonly number[]
}

/** Host arrays by name. */
export type HostTensors = Readonly<Record<string, HostTensor>>

/** A step function bound to its carry. Its promises reject if the device fails. */
export interface EngineSession {
  /** The device that runs the step and why, if the engine chose it for this step. */
  readonly device?: string
  /** Runs one step. The carry is replaced; the outputs stay on the device until `outputs` reads them. */
  readonly run: (feeds: HostTensors) => Promise<void>
  /** The outputs of the last step. */
  readonly outputs: () => Promise<HostTensors>
  /** A copy of the current carry. */
  readonly carry: () => Promise<HostTensors>
  /** Releases every tensor of the session. */
  readonly dispose: () => void
}

/**
 * Runs step functions on one device. Write one for a device that neither TF.js nor `@mechid/compiler` reaches; to
 * train, take one of theirs.
 */
export interface Engine {
  /** The name that users choose it by, such as `wasm`. */
  readonly name: string
  /** A sentence: the device that is really used, and why. */
  readonly description: string
  /**
   * Binds a step function to its first carry. `feeds` is an example: every step gets the same names, shapes and dtypes.
   */
  readonly open: (
    step: StepFunction,
    carry: HostTensors,
    feeds: HostTensors
  ) => TaskEither<EngineError, EngineSession>
}

/** An engine that a package brings, such as `compiled()` of @mechid/compiler. */
export interface EngineOffer {
  /** The name that users choose it by. */
  readonly name: string
  /** The engine, or why it is not available (`EngineUnavailable`, with what to install). */
  readonly find: TaskEither<EngineError, Engine>
}
