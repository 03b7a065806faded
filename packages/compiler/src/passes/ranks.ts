/**
 * Numbers that are spread over an array whose last axis has length 1 get as many axes as the array. Without, ONNX
 * Runtime's processor kernels (1.30) go through such an array entry by entry, twenty times slower.
 */
import { entryCount } from '@mechid/values'
import { constant } from '../graph/builder.js'
import { ELEMENTWISE, reshape } from '../graph/operators.js'
import type { Rule } from './rewrite.js'

export const fullRanks: Rule = (node, { g }) => {
  const { dtype, shape } = node.outputs[0]
  const rank = shape.length
  if (!ELEMENTWISE.has(node.op) || shape[rank - 1] !== 1 || entryCount(shape) === 1) return undefined
  const ones = shape.map(() => 1)
  // Clip takes its bounds as they are.
  const isShort = (i: number): boolean =>
    entryCount(node.inputs[i].shape) === 1 && node.inputs[i].shape.length < rank && node.op !== 'Clip'
  if (!node.inputs.some((_, i) => isShort(i))) return undefined
  const inputs = node.inputs.map((input, i) => {
    if (!isShort(i)) return input
    return input.data === undefined ? reshape(g, input, ones) : constant(input.dtype, ones, input.data)
  })
  return g.node(node.op, inputs, dtype, shape, node)
}
