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

/** A term of the objective stopped being a number. The last good state is on disk if `kept`. */
export interface Diverged extends Tagged<'Diverged'> {
  /** Who trained. */
  readonly where: string
  readonly step: number
  /** The term that broke, and not the sum that it stands in. */
  readonly term: string
  readonly value: number
  /** Every term that broke. */
  readonly terms: readonly string[]
  /** What holds numbers that are not finite after the step: networks, gates, variances. */
  readonly parameters: readonly string[]
  readonly lastGoodStep: number
  /** Whether the state of `lastGoodStep` was saved. */
  readonly kept: boolean
}

const REMEDY = 'a lower learning rate or a gradient clip usually helps'

export const diverged = (of: Omit<Diverged, '_tag' | 'message'>): Diverged => {
  const { where, step, term, value, terms, parameters, lastGoodStep, kept } = of
  const others = terms.filter((name) => name !== term)
  const too = others.length === 0 ? '' : ` (and with it ${others.join(', ')})`
  const words = `${where}: ${term} is ${value} at step ${step}${too}, expected finite numbers`
  const broken = parameters.length === 0 ? [] : [`broken after it: ${parameters.join(', ')}`]
  const state = kept ? `the state of step ${lastGoodStep} is kept` : 'no state was saved'
  return tagged('Diverged', of, [words, ...broken, state, REMEDY].join('; '))
}

/** An error that says in which stage of a training it came. */
export const inStage = (stage: string, error: EstimatorError): EstimatorError =>
  error._tag === 'Diverged'
    ? { ...error, where: `stage ${stage}`, message: `stage ${stage}: ${error.message}` }
    : error

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
