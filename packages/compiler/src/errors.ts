/** Everything that can go wrong with what a user hands to this package. */
import type { Show } from 'fp-ts/lib/Show.js'

/** An error of this package. Match on `_tag`, or print it with {@link message}. */
export type CompilerError =
  /** The function uses a TF.js kernel that has no translation; `support` is its line of the support table. */
  | { readonly _tag: 'UnsupportedKernel'; readonly kernel: string; readonly support: string }
  /** A kernel is translated, but not with these attributes. */
  | { readonly _tag: 'UnsupportedAttribute'; readonly kernel: string; readonly reason: string }
  /** The function read a value while it was traced; there are no values then. */
  | { readonly _tag: 'ValueRead'; readonly call: string; readonly tensor: string }
  /** The function threw, or returned something else than tensors. */
  | { readonly _tag: 'TraceFailed'; readonly reason: string }
  /** The next carry has other names, shapes or dtypes than the carry that went in. */
  | {
      readonly _tag: 'CarryMismatch'
      readonly name: string
      readonly expected: string
      readonly actual: string
    }
  /** A feed, or an entry of the first carry, has another shape than the signature says. */
  | {
      readonly _tag: 'ShapeMismatch'
      readonly where: string
      readonly expected: string
      readonly actual: string
    }
  /** A feed, or an entry of the first carry, has another dtype than the signature says. */
  | {
      readonly _tag: 'WrongDtype'
      readonly where: string
      readonly expected: string
      readonly actual: string
    }
  | { readonly _tag: 'MissingFeed'; readonly name: string; readonly expected: readonly string[] }
  | { readonly _tag: 'UnknownFeed'; readonly name: string; readonly expected: readonly string[] }
  /** The carry holds a value that no step can use. */
  | { readonly _tag: 'NonFiniteCarry'; readonly name: string; readonly index: number; readonly value: number }
  | {
      readonly _tag: 'BadOption'
      readonly option: string
      readonly actual: string
      readonly expected: string
    }
  /** An execution provider, or ONNX Runtime itself, is not there. */
  | {
      readonly _tag: 'ProviderUnavailable'
      readonly provider: string
      readonly reason: string
      readonly remedy: string
    }
  /** ONNX Runtime refused the model or failed while it ran. */
  | { readonly _tag: 'RuntimeFailed'; readonly during: string; readonly reason: string }
  /** A model that is exported for every batch size would be right for one only. */
  | { readonly _tag: 'BatchDependent'; readonly reason: string }
  /** Protocol Buffers, and so ONNX files without external data, end at 2 GiB. */
  | { readonly _tag: 'ModelTooLarge'; readonly bytes: number; readonly limit: number }
  /** A file cannot be written. */
  | { readonly _tag: 'NotWritable'; readonly path: string; readonly reason: string }
  /** The session was disposed before. */
  | { readonly _tag: 'Disposed' }

/** One line for people: what was wrong, where, and what would be right. */
export const message = (error: CompilerError): string => {
  switch (error._tag) {
    case 'UnsupportedKernel':
      return `TF.js kernel ${error.kernel} cannot be compiled (support table: ${error.support}); express it by supported operations, or run this function eagerly`
    case 'UnsupportedAttribute':
      return `TF.js kernel ${error.kernel} cannot be compiled as it is called here: ${error.reason}`
    case 'ValueRead':
      return `${error.call} read the value of ${error.tensor} while the function was traced, when no values exist; decide with tensors (tf.where) or return the tensor as an output`
    case 'TraceFailed':
      return `the function could not be traced: ${error.reason}`
    case 'CarryMismatch':
      return `the next carry differs from the carry at ${error.name}: it is ${error.actual}; it must be ${error.expected}`
    case 'ShapeMismatch':
      return `${error.where} has shape ${error.actual}; the signature says ${error.expected}`
    case 'WrongDtype':
      return `${error.where} is ${error.actual}; the signature says ${error.expected}`
    case 'MissingFeed':
      return `feed ${error.name} is missing; the signature has ${error.expected.join(', ')}`
    case 'UnknownFeed':
      return `feed ${error.name} is not in the signature, which has ${error.expected.join(', ') || 'no feeds'}`
    case 'NonFiniteCarry':
      return `carry ${error.name} holds ${error.value} at index ${error.index} (counted from 0); every value must be finite`
    case 'BadOption':
      return `option ${error.option} is ${error.actual}; it must be ${error.expected}`
    case 'ProviderUnavailable':
      return `provider ${error.provider} is not available: ${error.reason}; ${error.remedy}`
    case 'RuntimeFailed':
      return `ONNX Runtime failed while ${error.during}: ${error.reason}`
    case 'BatchDependent':
      return `the function cannot be exported for every batch size: ${error.reason}; export it for a fixed size`
    case 'ModelTooLarge':
      return `the model has ${error.bytes} bytes; an ONNX file holds at most ${error.limit}: pass large parameters as inputs`
    case 'NotWritable':
      return `${error.path} cannot be written: ${error.reason}`
    case 'Disposed':
      return 'the session was disposed; compile again for a new one'
  }
}

export const showCompilerError: Show<CompilerError> = { show: message }

/** Carries an error out of code that TF.js calls, which can only throw. Never leaves this package. */
export class Failure extends Error {
  constructor(readonly error: CompilerError) {
    super(message(error))
    this.name = 'Failure'
  }
}

/** The error within what was thrown, or what `otherwise` makes of it. */
export const errorOf = (thrown: unknown, otherwise: (reason: string) => CompilerError): CompilerError =>
  thrown instanceof Failure
    ? thrown.error
    : otherwise(thrown instanceof Error ? thrown.message : String(thrown))
