/** Numbers as a model's element type has them, and back. */
import { fromFloat16, type Reals, toFloat16 } from '@mechid/values'

/** Element types of observations and codes that are read and written here. */
export const elementTypes = ['float32', 'float64', 'float16', 'uint8'] as const
export type ElementType = (typeof elementTypes)[number]

export const isElementType = (type: string): type is ElementType =>
  (elementTypes as readonly string[]).includes(type)

/** What a tensor of ONNX Runtime is made from. */
export type ElementData = Float32Array | Float64Array | Uint16Array | Uint8Array

const single = (values: Reals): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values)

const half = (values: Reals): Uint16Array => {
  const out = new Uint16Array(values.length)
  toFloat16(single(values), 0, out)
  return out
}

/** Numbers in the type; for `uint8` they must be whole, from 0 to 255, which {@link firstNoByte} tells. */
export const encodedAs = (type: ElementType, values: Reals): ElementData => {
  if (type === 'float16') return half(values)
  if (type === 'float64') return values instanceof Float64Array ? values : Float64Array.from(values)
  return type === 'uint8' ? Uint8Array.from(values) : single(values)
}

/** Index of the first number that no byte holds; −1: there is none. */
export const firstNoByte = (values: Reals): number =>
  values.findIndex((value: number) => !(Number.isInteger(value) && value >= 0 && value <= 255))

/**
 * A tensor's numbers as reals. Halves come as their patterns, or, from newer versions of Node, as numbers already
 * (`Float16Array`).
 */
export const decodedFrom = (type: ElementType, data: ArrayLike<number>): Reals => {
  if (type === 'float64') return data as Float64Array
  if (type === 'float32') return data as Float32Array
  if (!(data instanceof Uint16Array)) return Float32Array.from(data)
  const out = new Float32Array(data.length)
  fromFloat16(data, out, 0)
  return out
}
