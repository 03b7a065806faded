/** What can be compiled, and the arrays that go in and out. */
import type { Tensor } from '@tensorflow/tfjs-core'

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>

/** What one step returns. */
export interface StepResult {
  /** The next carry: the same names, shapes and dtypes as the carry that went in. */
  readonly carry: NamedTensors
  /** What the caller may read. */
  readonly outputs: NamedTensors
}

/**
 * A pure function of tensors with fixed shapes: `(carry, feeds) → (carry', outputs)`. It is called once, to be
 * traced: it must not read values, and what it draws at random is drawn once and for all.
 */
export type StepFunction = (carry: NamedTensors, feeds: NamedTensors) => StepResult

/** A pure function of tensors with fixed shapes, without a state. */
export type TensorFunction = (inputs: NamedTensors) => NamedTensors

/** An array on the host, row-major; `float32` or `int32` after its typed array. Scalars have shape []. */
export interface HostTensor {
  readonly data: Float32Array | Int32Array
  readonly shape: readonly number[]
}

/** Host arrays by name. */
export type HostTensors = Readonly<Record<string, HostTensor>>

/** Shape and dtype of an array to come; `float32` unless it says otherwise. */
export interface TensorSpec {
  readonly shape: readonly number[]
  readonly dtype?: 'float32' | 'int32'
}

/** Specifications by name. Host arrays may stand for them: only their shapes and dtypes are read. */
export type TensorSpecs = Readonly<Record<string, TensorSpec | HostTensor>>

/** What a step function is compiled for. */
export interface StepSignature {
  /** The first carry: its values are copied. */
  readonly carry: HostTensors
  /** Names, shapes and dtypes of what each step will be fed. */
  readonly feeds: TensorSpecs
}

/** The dtype of a specification or a host array. */
export const dtypeOf = (spec: TensorSpec | HostTensor): 'float32' | 'int32' => {
  if ('data' in spec) return spec.data instanceof Int32Array ? 'int32' : 'float32'
  return spec.dtype ?? 'float32'
}

/** Number of entries of an array of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** Such as `float32 [2, 3]`. */
export const shownType = (dtype: string, shape: readonly number[]): string => `${dtype} [${shape.join(', ')}]`
