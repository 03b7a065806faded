/** What a training asks of the device that it runs on. */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EngineError } from './errors.js'

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>

/** What one step returns. */
export interface StepResult {
  /** The next carry: the same names, shapes and dtypes as the carry that went in. */
  readonly carry: NamedTensors
  /** What the caller may read: metrics of a training step, or the results of an inference function. */
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

/** A step function bound to its carry. The promises reject where the device fails. */
export interface EngineSession {
  /** Which device runs the step, and why, where the engine decided that for this very step. */
  readonly device?: string
  /** Runs one step: the carry moves on, the outputs stay on the device until they are asked for. */
  readonly run: (feeds: HostTensors) => Promise<void>
  /** The outputs of the last step. */
  readonly outputs: () => Promise<HostTensors>
  /** A copy of the present carry. */
  readonly carry: () => Promise<HostTensors>
  /** Releases every tensor of the session. */
  readonly dispose: () => void
}

/** Runs step functions on one device. */
export interface Engine {
  /** What a user calls it, such as `wasm`. */
  readonly name: string
  /** Which device is really used and why, for people. */
  readonly description: string
  /**
   * Binds a step function to its first carry. `feeds` is one example of what each step will be fed: names,
   * shapes and dtypes stay the same afterwards.
   */
  readonly open: (
    step: StepFunction,
    carry: HostTensors,
    feeds: HostTensors
  ) => TaskEither<EngineError, EngineSession>
}

/** An engine that a package brings, such as `compiled()` of @mechid/compiler. */
export interface EngineOffer {
  /** What a user calls it. */
  readonly name: string
  /** Error: why it is not there (`EngineUnavailable`, with what to install). */
  readonly find: TaskEither<EngineError, Engine>
}
