/** What can be compiled, and what is said of arrays to come. */
import type { HostTensor, HostTensors, NamedTensors } from '@mechid/engine'
import { showShape } from '@mechid/values'

/** A pure function of tensors with fixed shapes, without a state. */
export type TensorFunction = (inputs: NamedTensors) => NamedTensors

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

/** Such as `float32 [2, 3]`. */
export const shownType = (dtype: string, shape: readonly number[]): string => `${dtype} ${showShape(shape)}`
