/** Everything that can go wrong with what a user hands to this package. */
import type { EngineError } from '@mechid/engine'
import type { UnmixingError } from '@mechid/unmixing'
import {
  type Aborted,
  type InvalidOption,
  type NotFinite,
  type NotInvertible,
  reasonOf,
  type ShapeMismatch,
  type Tagged,
  type TooFewRows,
  tagged,
  type UnknownName
} from '@mechid/values'

/** Codes could not be unmixed in this stage. */
export interface UnmixingFailed extends Tagged<'UnmixingFailed'> {
  readonly stage: string
  readonly reason: string
}

const unmixingFailed = (stage: string, { message: reason }: Tagged): UnmixingFailed =>
  tagged('UnmixingFailed', { stage, reason }, `stage ${stage}: codes could not be unmixed (${reason})`)

/** Why a stage could not unmix: it was aborted, or unmixing failed. */
export const unmixingError = (stage: string, error: UnmixingError): Aborted | UnmixingFailed =>
  error._tag === 'Aborted' ? error : unmixingFailed(stage, error)

/** A term of the loss stopped being a number. The last good state is kept. */
export interface Diverged extends Tagged<'Diverged'> {
  readonly step: number
  readonly term: string
  readonly value: number
  readonly lastGoodStep: number
}

export const diverged = (step: number, term: string, value: number, lastGoodStep: number): Diverged => {
  const words = `runTraining: ${term} is ${value} at step ${step}, expected finite numbers`
  const remedy = `the state of step ${lastGoodStep} is kept; a lower learning rate or a gradient clip usually helps`
  return tagged('Diverged', { step, term, value, lastGoodStep }, `${words}; ${remedy}`)
}

/** The source of examples threw, or rejected, while examples were gathered. */
export interface DataUnavailable extends Tagged<'DataUnavailable'> {
  readonly reason: string
}

export const dataUnavailable = (thrown: unknown): DataUnavailable => {
  const reason = reasonOf(thrown)
  return tagged('DataUnavailable', { reason }, `data: examples could not be gathered (${reason})`)
}

/** A model or checkpoint cannot be read or written. */
export interface FileUnusable extends Tagged<'FileUnusable'> {
  readonly path: string
  readonly reason: string
}

/** An error of the file as one of this package; its message names the file already. */
export const fileUnusable = (path: string, { message: reason }: Tagged): FileUnusable =>
  tagged('FileUnusable', { path, reason }, reason)

/** A file with other contents than those of a model or checkpoint. */
export const otherFile = (
  path: string,
  what: string,
  found: string | undefined,
  expected: string
): FileUnusable => {
  const reason = `${path}: its ${what} is ${found ?? 'missing'}, expected ${expected}`
  return tagged('FileUnusable', { path, reason }, reason)
}

/** A checkpoint belongs to another model, data set or configuration. */
export interface CheckpointMismatch extends Tagged<'CheckpointMismatch'> {
  readonly path: string
  readonly what: string
  readonly actual: string
  readonly expected: string
}

export const checkpointMismatch = (
  path: string,
  what: string,
  actual: string,
  expected: string
): CheckpointMismatch => {
  const words = `${path}: a checkpoint of another training: its ${what} is ${actual}, expected ${expected}`
  const remedy = 'keep this training in another folder, or start it without resuming'
  return tagged('CheckpointMismatch', { path, what, actual, expected }, `${words}; ${remedy}`)
}

/** An error of this package. */
export type EstimatorError =
  | Aborted
  | CheckpointMismatch
  | DataUnavailable
  | Diverged
  | EngineError
  | FileUnusable
  | InvalidOption
  | NotFinite
  | NotInvertible
  | ShapeMismatch
  | TooFewRows
  | UnknownName
  | UnmixingFailed
