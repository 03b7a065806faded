/** Everything that can go wrong with what a user hands to this package. */
import {
  type DefinitionThrew,
  type Expectation,
  expectation,
  type InvalidOption,
  type NotFinite,
  type NotWritable,
  reasonOf,
  type ShapeMismatch,
  type Tagged,
  type TooLarge,
  tagged,
  type UnknownName
} from '@mechid/values'

/** The function uses a TF.js kernel that has no translation; `support` is its line of the support table. */
export interface UnsupportedKernel extends Tagged<'UnsupportedKernel'> {
  readonly where: string
  readonly kernel: string
  readonly support: string
}

export const unsupportedKernel = (where: string, kernel: string, support: string): UnsupportedKernel => {
  const words = `TF.js kernel ${kernel} cannot be compiled (support table: ${support}), expected supported kernels`
  const remedy = 'express it by supported operations, or run this function eagerly'
  return tagged('UnsupportedKernel', { where, kernel, support }, `${where}: ${words}; ${remedy}`)
}

/** A kernel is translated, but not with these attributes. */
export interface UnsupportedAttribute extends Tagged<'UnsupportedAttribute'> {
  readonly where: string
  readonly kernel: string
  readonly reason: string
}

export const unsupportedAttribute = (where: string, kernel: string, reason: string): UnsupportedAttribute =>
  tagged(
    'UnsupportedAttribute',
    { where, kernel, reason },
    `${where}: TF.js kernel ${kernel} cannot be compiled as it is called here: ${reason}`
  )

/** The function read a value while it was traced; there are no values then. */
export interface ValueRead extends Tagged<'ValueRead'> {
  readonly where: string
  readonly call: string
  readonly tensor: string
}

export const valueRead = (where: string, call: string, tensor: string): ValueRead => {
  const words = `${call} read the value of ${tensor} while the function was traced, when no values exist`
  const remedy = 'decide with tensors (tf.where) or return the tensor as an output'
  return tagged('ValueRead', { where, call, tensor }, `${where}: ${words}; ${remedy}`)
}

/** The function returned something else than tensors, or uses tensors that cannot be traced. */
export type TraceFailed = Expectation<'TraceFailed'>
export const traceFailed = expectation('TraceFailed')

/** The next carry has other names, shapes or dtypes than the carry that went in. */
export interface CarryMismatch extends Expectation<'CarryMismatch'> {
  /** Of the entry. */
  readonly name: string
}

export const carryMismatch = (
  where: string,
  name: string,
  actual: string,
  expected: string
): CarryMismatch => ({
  ...expectation('CarryMismatch')(where, `the next carry's ${name}`, actual, `${expected}, as in the carry`),
  name
})

/** A feed, or an entry of the first carry, has another dtype than it should. */
export type WrongDtype = Expectation<'WrongDtype'>
export const wrongDtype = expectation('WrongDtype')

/** A feed of the signature is not among those given. */
export interface MissingFeed extends Tagged<'MissingFeed'> {
  readonly where: string
  readonly name: string
  readonly needed: readonly string[]
}

export const missingFeed = (where: string, name: string, needed: readonly string[]): MissingFeed =>
  tagged(
    'MissingFeed',
    { where, name, needed },
    `${where}: ${name} is missing, expected all of ${needed.join(', ')}`
  )

/** An execution provider, or ONNX Runtime itself, is not there. */
export interface ProviderUnavailable extends Tagged<'ProviderUnavailable'> {
  readonly provider: string
  readonly reason: string
  readonly remedy: string
}

export const providerUnavailable = (
  provider: string,
  reason: string,
  remedy: string
): ProviderUnavailable => {
  const words = `provider ${provider}: it is not available (${reason}); ${remedy}`
  return tagged('ProviderUnavailable', { provider, reason, remedy }, words)
}

/** ONNX Runtime refused the model or failed while it ran. */
export interface RuntimeFailed extends Tagged<'RuntimeFailed'> {
  readonly where: string
  readonly during: string
  readonly reason: string
}

export const runtimeFailed = (where: string, during: string, thrown: unknown): RuntimeFailed => {
  const reason = reasonOf(thrown)
  const words = `${where}: ONNX Runtime failed while ${during} (${reason})`
  return tagged('RuntimeFailed', { where, during, reason }, words)
}

/** A model that is exported for every batch size would be right for one only. */
export interface BatchDependent extends Tagged<'BatchDependent'> {
  readonly where: string
  readonly reason: string
}

export const batchDependent = (where: string, reason: string): BatchDependent =>
  tagged(
    'BatchDependent',
    { where, reason },
    `${where}: the function is not the same for every batch size (${reason}), expected one computation for all; export it for a fixed size`
  )

/** The session was disposed before. */
export interface Disposed extends Tagged<'Disposed'> {
  readonly where: string
}

export const disposed = (where: string): Disposed =>
  tagged(
    'Disposed',
    { where },
    `${where}: the session was disposed, expected one in use; compile again for a new one`
  )

/** A file that cannot be loaded as an ONNX model, with what to do about it. */
export interface ModelUnreadable extends Tagged<'ModelUnreadable'> {
  readonly path: string
  readonly reason: string
  readonly remedy: string
}

export const modelUnreadable = (path: string, reason: string, remedy: string): ModelUnreadable => {
  const words = `${path}: it cannot be loaded as an ONNX model (${reason}); ${remedy}`
  return tagged('ModelUnreadable', { path, reason, remedy }, words)
}

/** A model gives other codes for the same row from run to run, or beside other rows. */
export interface UnsteadyCodes extends Tagged<'UnsteadyCodes'> {
  readonly where: string
  readonly output: string
  /** Of the same code of the same row. */
  readonly values: readonly [number, number]
}

export const unsteadyCodes = (
  where: string,
  output: string,
  values: readonly [number, number]
): UnsteadyCodes => {
  const shown = values.map((value) => Number(value.toPrecision(4))).join(' and then ')
  const words = `${where}: ${output} of one row is ${shown}, expected the same whenever and beside whichever rows`
  const remedy =
    'export it in evaluation mode (model.eval()), and the mean of a distribution in place of a sample'
  return tagged('UnsteadyCodes', { where, output, values }, `${words}; ${remedy}`)
}

/** An error of this package. */
export type CompilerError =
  | BatchDependent
  | CarryMismatch
  | DefinitionThrew
  | Disposed
  | InvalidOption
  | MissingFeed
  | ModelUnreadable
  | NotFinite
  | NotWritable
  | ProviderUnavailable
  | RuntimeFailed
  | ShapeMismatch
  | TooLarge
  | TraceFailed
  | UnknownName
  | UnsupportedAttribute
  | UnsupportedKernel
  | UnsteadyCodes
  | ValueRead
  | WrongDtype

/**
 * Carries an error out of code that TF.js calls, which can only throw, and which does not know which public function
 * it works for. Never leaves this package.
 */
export class Failure extends Error {
  constructor(readonly at: (where: string) => CompilerError) {
    super(at('tracing').message)
    this.name = 'Failure'
  }
}
