/** Computes what depends on constants alone. */
import { entryCount } from '@mechid/values'
import { constant, scalar } from '../graph/builder.js'
import { type ConstantData, uniformValue, type Value } from '../graph/graph.js'
import type { Rule } from './rewrite.js'

const unary: Readonly<Record<string, (x: number) => number>> = {
  Neg: (x) => -x,
  Abs: Math.abs,
  Sqrt: Math.sqrt,
  Exp: Math.exp,
  Log: Math.log,
  Reciprocal: (x) => 1 / x
}

const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b
}

/** Larger results would only make the model larger. */
const LARGEST = 1024

const transposed = ({ shape, data }: Value, perm: readonly number[]): ConstantData => {
  const from = data as Float32Array
  const to = new (from.constructor as typeof Float32Array)(from.length)
  const strides = shape.map((_, axis) => entryCount(shape.slice(axis + 1)))
  const outer = perm.map((axis) => shape[axis])
  const index = new Array<number>(perm.length).fill(0)
  for (let at = 0; at < to.length; at++) {
    to[at] = from[index.reduce((sum, i, axis) => sum + i * strides[perm[axis]], 0)]
    for (let axis = perm.length - 1; axis >= 0 && ++index[axis] === outer[axis]; axis--) index[axis] = 0
  }
  return to
}

/** The element-wise operators on numbers that are the same throughout, and movements of small constants. */
export const foldConstants: Rule = ({ op, inputs, outputs: [output], attributes }) => {
  if (!inputs.every(({ data }) => data !== undefined) || output.dtype === 'int64') return undefined
  if (op === 'Reshape') return constant(output.dtype, output.shape, inputs[0].data as ConstantData)
  if (op === 'Transpose' && entryCount(output.shape) <= LARGEST) {
    const perm = attributes.perm as readonly number[]
    return constant(output.dtype, output.shape, transposed(inputs[0], perm))
  }
  if (output.dtype !== 'float32' || inputs.some(({ dtype }) => dtype !== 'float32')) return undefined
  if (entryCount(output.shape) !== 1) return undefined
  const [a, b] = inputs.map((input) => uniformValue(input) as number)
  const value = inputs.length === 1 ? unary[op]?.(a) : inputs.length === 2 ? binary[op]?.(a, b) : undefined
  if (value === undefined) return undefined
  return { ...scalar(value), shape: output.shape }
}
