/**
 * What a training asks of the device that it runs on: the shape of the estimator's `Engine`, written down here so that
 * neither package needs the other.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { HostTensors, StepFunction } from '../step-function.js'

/** Why there is no engine, or why it stopped. */
export type EngineError =
  | {
      readonly _tag: 'EngineUnavailable'
      readonly engine: string
      readonly reason: string
      readonly remedy: string
    }
  | { readonly _tag: 'EngineFailed'; readonly engine: string; readonly reason: string }

/** A step function bound to its carry. */
export interface EngineSession {
  /** Which device runs the step, and why, where that was decided for this very step. */
  readonly device: string
  /** Runs one step; rejects where ONNX Runtime fails. */
  readonly run: (feeds: HostTensors) => Promise<void>
  readonly outputs: () => Promise<HostTensors>
  readonly carry: () => Promise<HostTensors>
  readonly dispose: () => void
}

/** Runs step functions compiled. */
export interface CompiledEngine {
  readonly name: string
  readonly description: string
  readonly open: (
    step: StepFunction,
    carry: HostTensors,
    feeds: HostTensors
  ) => TaskEither<EngineError, EngineSession>
}
