/** Transpositions, biases and rows of ones folded into matrix products. */
import { entryCount } from '@mechid/values'
import { constant, integersOf, scalar } from '../graph/builder.js'
import { type Node, sameShape, uniformValue, type Value } from '../graph/graph.js'
import { mul, reduce, reshape } from '../graph/operators.js'
import type { Rule } from './rewrite.js'

/** x where the value is x with its last two axes swapped. */
const untransposed = (node: Node | undefined): Value | undefined => {
  if (node?.op !== 'Transpose') return undefined
  const perm = node.attributes.perm as readonly number[]
  const rank = perm.length
  const swaps = perm.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i))
  return swaps && rank >= 2 ? node.inputs[0] : undefined
}

/** A product with rows of ones is a sum, whatever else can be done with it. */
const sums: Rule = (node, { g }) => {
  const [ones, x] = node.inputs
  if (node.op !== 'MatMul' || ones.shape.length < 2 || ones.shape[ones.shape.length - 2] !== 1)
    return undefined
  const spread = g.producer(ones)
  const value = uniformValue(spread?.op === 'Expand' ? spread.inputs[0] : ones)
  const rank = x.shape.length
  if (
    value === undefined ||
    rank < 2 ||
    entryCount(node.outputs[0].shape) !== entryCount(x.shape) / x.shape[rank - 2]
  ) {
    return undefined
  }
  const total = reshape(g, reduce(g, 'ReduceSum', x, [rank - 2], true), node.outputs[0].shape)
  return value === 1 ? total : mul(g, total, scalar(value))
}

/**
 * ONNX Runtime's processor kernels transpose the left operand again for each panel of this many columns of the right one. With
 * several panels, and from TALL rows on, that costs more than to transpose it first.
 */
const PANEL = 128
const TALL = 256

/** Transposed operands: Gemm for matrices, FusedMatMul for batches where the provider has it. */
const transposedOperands =
  (batches: boolean, cpu: boolean): Rule =>
  (node, { g }) => {
    if (node.op !== 'MatMul') return undefined
    const [a, b] = node.inputs
    const [left, right] = [untransposed(g.producer(a)), untransposed(g.producer(b))]
    if (left === undefined && right === undefined) return undefined
    const { dtype, shape } = node.outputs[0]
    const again = left !== undefined && right === undefined && cpu && shape[shape.length - 1] > PANEL
    if (again && left.shape[left.shape.length - 2] >= TALL) return undefined
    const inputs = [left ?? a, right ?? b]
    const [transA, transB] = [left === undefined ? 0 : 1, right === undefined ? 0 : 1]
    if (a.shape.length === 2 && b.shape.length === 2)
      return g.node('Gemm', inputs, dtype, shape, { attributes: { transA, transB } })
    return batches
      ? g.node('FusedMatMul', inputs, dtype, shape, {
          domain: 'com.microsoft',
          attributes: { transA, transB }
        })
      : undefined
  }

/** aᵀ b for a single column b is (bᵀ a)ᵀ: the columns of a are then read as they lie. */
const singleColumns: Rule = (node, { g }) => {
  const [a, b] = node.inputs
  const left = node.op === 'MatMul' ? untransposed(g.producer(a)) : undefined
  const { shape } = node.outputs[0]
  const rank = shape.length
  if (left === undefined || shape[rank - 1] !== 1 || shape[rank - 2] === 1) return undefined
  if (left.shape.length !== rank || b.shape.length !== rank) return undefined
  const row = reshape(g, b, [...b.shape.slice(0, -2), 1, b.shape[rank - 2]])
  const product = g.node('MatMul', [row, left], a.dtype, [...shape.slice(0, -2), 1, shape[rank - 2]])
  return reshape(g, product, shape)
}

/** A product of matrices plus a row is one Gemm. */
const bias: Rule = (node, { g, uses }) => {
  if (node.op !== 'Add') return undefined
  for (const [product, row] of [node.inputs, [...node.inputs].reverse()]) {
    const producer = g.producer(product)
    if (producer === undefined || uses(product) !== 1 || !sameShape(product.shape, node.outputs[0].shape))
      continue
    const plain = producer.op === 'MatMul' && producer.inputs.every(({ shape }) => shape.length === 2)
    if (!plain && !(producer.op === 'Gemm' && producer.inputs.length === 2)) continue
    const columns = product.shape[1]
    if (entryCount(row.shape) !== columns || row.shape[row.shape.length - 1] !== columns || columns === 1)
      continue
    const inputs = [...producer.inputs, row.shape.length > 2 ? reshape(g, row, [columns]) : row]
    return g.node('Gemm', inputs, product.dtype, product.shape, { attributes: producer.attributes })
  }
  return undefined
}

/** Rows of ones are part of the model; longer ones are not worth their memory. */
const MOST_ONES = 8192

const rowsOfOnes = new Map<number, Value>()

/** One value for each length, so that a model holds it once. */
const ones = (length: number): Value => {
  const known = rowsOfOnes.get(length) ?? constant('float32', [1, length], new Float32Array(length).fill(1))
  rowsOfOnes.set(length, known)
  return known
}

/**
 * The sums of a matrix's columns, such as the gradients of biases, as a product with a row of ones: ONNX Runtime's processor
 * kernels (1.30) take 17 µs for the sums of 256 × 64 numbers, 8 µs for those of 512 × 128, and 2 and 4 µs for the products. For batches
 * of matrices both take alike. To be the last of the rules, as `sums` undoes it.
 */
export const columnSums: Rule = (node, { g }) => {
  if (node.op !== 'ReduceSum') return undefined
  const [x, axes] = node.inputs
  const [rows, columns] = x.shape
  if (x.dtype !== 'float32' || x.shape.length !== 2 || columns < 2 || rows > MOST_ONES) return undefined
  const only = integersOf(axes)
  if (only.length !== 1 || only[0] !== 0) return undefined
  return reshape(g, g.node('MatMul', [ones(rows), x], x.dtype, [1, columns]), node.outputs[0].shape)
}

/** `batches`: whether transposed batches of matrices have an operator. */
export const productRules = ({
  batches,
  cpu
}: {
  readonly batches: boolean
  readonly cpu: boolean
}): readonly Rule[] => [sums, singleColumns, transposedOperands(batches, cpu), bias]
