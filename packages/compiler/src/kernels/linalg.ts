/** Matrix products. */
import { showShape } from '@mechid/values'
import type { GraphBuilder } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { add, broadcastShape, transpose, unary } from '../graph/operators.js'
import { leaky, relu6 } from './elementwise.js'
import { type Kernel, type KernelCall, type KernelFamily, refuse } from './kernel.js'

/** Swaps the last two axes. */
const swapped = (g: GraphBuilder, x: Value): Value => {
  const rank = x.shape.length
  const perm = Array.from({ length: rank }, (_, i) => i)
  ;[perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2]
  return transpose(g, x, perm)
}

/** `a b` over broadcast leading axes. */
const product = (g: GraphBuilder, a: Value, b: Value): Value => {
  if (a.shape[a.shape.length - 1] !== b.shape[b.shape.length - 2]) {
    throw new Error(`a product of ${showShape(a.shape)} and ${showShape(b.shape)}: inner lengths differ`)
  }
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const shape = [...batch, a.shape[a.shape.length - 2], b.shape[b.shape.length - 1]]
  return g.node('MatMul', [a, b], a.dtype, shape)
}

const matMul = (g: GraphBuilder, { inputs: { a, b }, attributes }: KernelCall): Value =>
  product(g, attributes.transposeA ? swapped(g, a) : a, attributes.transposeB ? swapped(g, b) : b)

/** What TF.js's fused kernels apply at the end. */
export const activate = (g: GraphBuilder, call: KernelCall, x: Value): Value => {
  const { activation = 'linear', leakyreluAlpha = 0.2 } = call.attributes
  switch (activation) {
    case 'linear':
      return x
    case 'relu':
      return unary(g, 'Relu', x)
    case 'relu6':
      return relu6(g, x)
    case 'elu':
      return unary(g, 'Elu', x)
    case 'sigmoid':
      return unary(g, 'Sigmoid', x)
    case 'leakyrelu':
      return leaky(g, x, leakyreluAlpha)
    case 'prelu':
      return g.node('PRelu', [x, call.inputs.preluActivationWeights], x.dtype, x.shape)
    default:
      return refuse(call, `activation ${activation} has no translation`)
  }
}

const fusedMatMul: Kernel = (g, call) => {
  const { bias } = call.inputs
  const y = matMul(g, call)
  return activate(g, call, bias === undefined ? y : add(g, y, bias))
}

/** `$einsum` of TF.js: ONNX writes the same equations. */
const einsum: Kernel = (g, call) => {
  const equation = (call.attributes.equation as string).replaceAll(' ', '')
  const [from, to] = equation.split('->')
  if (to === undefined || equation.includes('.'))
    return refuse(call, 'the equation needs an arrow and no ellipsis')
  const sizes = new Map<string, number>()
  from.split(',').forEach((term, i) => {
    ;[...term].forEach((letter, axis) => {
      sizes.set(letter, call.list[i].shape[axis])
    })
  })
  const shape = [...to].map((letter) => sizes.get(letter) as number)
  return g.node('Einsum', call.list, call.list[0].dtype, shape, { attributes: { equation } })
}

/** Matrix products. */
export const linearAlgebra: KernelFamily = {
  title: 'Matrix products',
  kernels: { BatchMatMul: matMul, _FusedMatMul: fusedMatMul, Einsum: einsum },
  notes: { Einsum: 'without ellipsis; TF.js has no gradient for it' }
}
