/** Random step functions: lists of instructions over a growing pool of tensors, with gradients inside. */
import type { HostTensors, NamedTensors, StepFunction } from '@mechid/engine'
import { adam, type GradientTransformation, muon, sgd } from '@mechid/estimator'
import * as tf from '@tensorflow/tfjs-core'
import * as fc from 'fast-check'
import { uniformArray } from './agreement.js'

/** One instruction: which operation, on which tensors of the pool, with which choice where there is one. */
export interface Instruction {
  readonly operation: number
  readonly first: number
  readonly second: number
  readonly choice: number
}

export interface Program {
  readonly instructions: readonly Instruction[]
  readonly optimizer: 'adam' | 'muon' | 'sgd'
  readonly seed: number
}

/** What an instruction computes; undefined where it does not apply to these shapes. */
type Operation = (a: tf.Tensor, b: tf.Tensor, choice: number) => tf.Tensor | undefined

/** Tensors stay this small, so that the eager side is quick. */
const LARGEST = 400
const HIGHEST_RANK = 4

/** 1 where x > 0: TF.js has no gradient for comparisons, so this is a constant of differentiation. */
const positive = tf.customGrad((x) => ({
  value: tf.cast(tf.greater(x as tf.Tensor, 0), 'float32'),
  gradFunc: (dy) => tf.zerosLike(dy as tf.Tensor)
}))

const unary: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  neg: (x) => tf.neg(x),
  abs: (x) => tf.abs(x),
  square: (x) => tf.square(x),
  sqrt: (x) => tf.sqrt(tf.add(tf.abs(x), 0.1)),
  rsqrt: (x) => tf.rsqrt(tf.add(tf.square(x), 0.5)),
  reciprocal: (x) => tf.reciprocal(tf.add(tf.square(x), 1)),
  exp: (x) => tf.exp(tf.tanh(x)),
  log: (x) => tf.log(tf.add(tf.square(x), 0.3)),
  log1p: (x) => tf.log1p(tf.square(x)),
  expm1: (x) => tf.expm1(tf.tanh(x)),
  logSigmoid: (x) => tf.neg(tf.softplus(tf.neg(x))),
  sin: (x) => tf.sin(x),
  cos: (x) => tf.cos(x),
  tan: (x) => tf.tan(tf.tanh(x)),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  softplus: (x) => tf.softplus(x),
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(tf.mul(x, 3)),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  erf: (x) => tf.erf(x),
  atan: (x) => tf.atan(x),
  asinh: (x) => tf.asinh(x),
  sinh: (x) => tf.sinh(tf.tanh(x)),
  cosh: (x) => tf.cosh(tf.tanh(x)),
  clip: (x) => tf.clipByValue(x, -0.7, 0.6),
  sign: (x) => tf.mul(tf.sign(x), x),
  step: (x) => tf.mul(tf.step(x), x),
  double: (x) => tf.add(x, x),
  half: (x) => tf.div(x, 2),
  shift: (x) => tf.sub(1, x),
  identities: (x) => tf.add(tf.mul(tf.div(tf.sub(x, 0), 1), 1), tf.zerosLike(x)),
  cubed: (x) => tf.pow(x, 3),
  stopped: (x) =>
    tf.sub(
      tf.mul(x, 1.5),
      tf.customGrad((y) => {
        const z = y as tf.Tensor
        return { value: tf.tanh(z), gradFunc: (dy) => tf.mul(dy as tf.Tensor, 0.5) }
      })(x)
    )
}

const broadcastable = (a: tf.Tensor, b: tf.Tensor): boolean => {
  for (let i = 1; i <= Math.min(a.rank, b.rank); i++) {
    const [m, n] = [a.shape[a.rank - i], b.shape[b.rank - i]]
    if (m !== n && m !== 1 && n !== 1) return false
  }
  return true
}

/** `a` in the shape that both broadcast to: some of TF.js's gradients forget to sum over broadcast axes. */
const spread = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.add(a, tf.zerosLike(b))

const binary: Readonly<Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, tf.add(tf.square(b), 0.5)),
  maximum: (a, b) => tf.maximum(spread(a, b), spread(b, a)),
  minimum: (a, b) => tf.minimum(spread(a, b), spread(b, a)),
  squaredDifference: (a, b) => tf.squaredDifference(spread(a, b), spread(b, a)),
  pow: (a, b) => tf.pow(tf.add(tf.abs(a), 0.5), tf.tanh(b)),
  atan2: (a, b) => tf.atan2(a, tf.add(tf.square(b), 0.3)),
  where: (a, b) => tf.where(tf.cast(tf.step(tf.sub(a, b)), 'bool'), tf.mul(a, 2), tf.mul(b, tf.onesLike(a))),
  masked: (a, b) => tf.mul(positive(tf.sub(a, b)), b),
  gaussian: (a, b) => tf.add(tf.mul(tf.square(tf.sub(a, b)), tf.exp(tf.neg(tf.tanh(b)))), tf.tanh(b))
}

const axisBy = (x: tf.Tensor, choice: number): number => choice % Math.max(1, x.rank)

const reductions: Readonly<Record<string, Operation>> = {
  sum: (a, _, c) => tf.sum(a, c % 3 === 0 ? undefined : axisBy(a, c), c % 2 === 0),
  mean: (a, _, c) => tf.mean(a, c % 3 === 0 ? undefined : axisBy(a, c), c % 2 === 0),
  max: (a, _, c) => tf.max(a, axisBy(a, c), c % 2 === 0),
  min: (a, _, c) => tf.min(a, axisBy(a, c), c % 2 === 0),
  prod: (a, _, c) => tf.prod(tf.add(tf.tanh(a), 1.5), axisBy(a, c), c % 2 === 0),
  logSumExp: (a, _, c) => tf.logSumExp(a, axisBy(a, c), c % 2 === 0),
  norm: (a, _, c) => tf.norm(tf.add(a, 0.1), 'euclidean', axisBy(a, c), c % 2 === 0),
  softmax: (a) => tf.softmax(a),
  logSoftmax: (a) => tf.logSoftmax(a),
  // On other axes TF.js transposes the gradient wrongly.
  cumsum: (a, _, c) => tf.cumsum(a, a.rank - 1, c % 2 === 0, c % 4 < 2),
  oneHot: (a) =>
    a.shape[a.rank - 1] < 2 ? undefined : tf.mul(tf.oneHot(tf.argMax(a, -1), a.shape[a.rank - 1]), a),
  centred: (a) => tf.sub(a, tf.mean(a, 0)),
  layerNorm: (a) => {
    const { mean, variance } = tf.moments(a, -1, true)
    return tf.mul(tf.sub(a, mean), tf.rsqrt(tf.add(variance, 0.1)))
  }
}

const movements: Readonly<Record<string, Operation>> = {
  flatten: (a) => tf.reshape(a, [a.size]),
  column: (a) => tf.reshape(a, [a.size, 1]),
  transpose: (a) => tf.transpose(a),
  rolled: (a) =>
    tf.transpose(
      a,
      a.shape.map((_, i) => (i + 1) % a.rank)
    ),
  expandDims: (a, _, c) => tf.expandDims(a, c % (a.rank + 1)),
  squeeze: (a) => tf.squeeze(a),
  slice: (a, _, c) =>
    tf.slice(
      a,
      a.shape.map((n, i) => (i === axisBy(a, c) && n > 1 ? 1 : 0))
    ),
  reverse: (a, _, c) => tf.reverse(a, axisBy(a, c)),
  tile: (a, _, c) =>
    tf.tile(
      a,
      a.shape.map((__, i) => (i === axisBy(a, c) ? 2 : 1))
    ),
  pad: (a, _, c) =>
    tf.pad(
      a,
      a.shape.map((__, i) => (i === axisBy(a, c) ? [1, 2] : [0, 0])),
      0.25
    ),
  split: (a, _, c) => {
    const axis = axisBy(a, c)
    if (a.shape[axis] < 2) return undefined
    const [head, tail] = tf.split(a, [1, a.shape[axis] - 1], axis)
    return tf.concat([tail, tf.mul(head, 2)], axis)
  },
  // TF.js cannot differentiate the unstacking of a single slice.
  unstack: (a) =>
    a.shape[a.rank - 1] < 2
      ? undefined
      : tf.addN(tf.unstack(a, a.rank - 1).map((part, i) => tf.mul(part, i + 1))),
  stack: (a, b, c) => (a.shape.join() === b.shape.join() ? tf.stack([a, b], c % (a.rank + 1)) : undefined),
  concat: (a, b, c) => {
    const axis = axisBy(a, c)
    const fits = a.rank === b.rank && a.shape.every((n, i) => i === axis || n === b.shape[i])
    return fits ? tf.concat([a, b], axis) : undefined
  },
  gather: (a, _, c) => {
    const axis = axisBy(a, c)
    return tf.gather(a, tf.tensor1d([0, a.shape[axis] - 1, 0], 'int32'), axis)
  },
  broadcast: (a) => tf.mul(tf.broadcastTo(tf.expandDims(a, 0), [3, ...a.shape]), 0.5)
}

const linear: Readonly<Record<string, Operation>> = {
  matMul: (a, b) => {
    if (a.rank < 2 || b.rank < 2 || a.rank !== b.rank) return undefined
    if (a.rank > 2 && a.shape.slice(0, -2).join() !== b.shape.slice(0, -2).join()) return undefined
    const [m, k] = a.shape.slice(-2)
    const [p, q] = b.shape.slice(-2)
    if (k === p) return tf.matMul(a, b)
    if (k === q) return tf.matMul(a, b, false, true)
    if (m === p) return tf.matMul(a, b, true, false)
    return m === q ? tf.matMul(a, b, true, true) : undefined
  },
  gram: (a) => (a.rank < 2 ? undefined : tf.div(tf.matMul(a, a, true, false), a.shape[a.rank - 2])),
  outer: (a, b) =>
    a.rank === 1 && b.rank === 1 ? tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D) : undefined,
  dense: (a, b) => {
    if (a.rank !== 2 || b.rank !== 2 || a.shape[1] !== b.shape[0]) return undefined
    return tf.fused.matMul({ a, b, bias: tf.mean(b, 0), activation: 'relu' })
  }
}

const operations: readonly Operation[] = [
  ...Object.values(unary).map(
    (f): Operation =>
      (a) =>
        f(a)
  ),
  ...Object.values(binary).map(
    (f): Operation =>
      (a, b) =>
        broadcastable(a, b) ? f(a, b) : undefined
  ),
  ...[reductions, movements].flatMap((table) =>
    Object.values(table).map(
      (f): Operation =>
        (a, b, c) =>
          a.rank > 0 ? f(a, b, c) : undefined
    )
  ),
  // Products are what training steps are made of: more of them.
  ...Object.values(linear),
  ...Object.values(linear)
]

/** The loss that a program computes: what its last tensors amount to, kept within bounds. */
const lossOf = (instructions: readonly Instruction[], start: readonly tf.Tensor[]): tf.Scalar => {
  const pool = start.slice()
  for (const { operation, first, second, choice } of instructions) {
    // Counted from the end, so that programs are rather deep than wide.
    const pick = (i: number): tf.Tensor => pool[pool.length - 1 - (i % pool.length)]
    const result = operations[operation % operations.length](pick(first), pick(second), choice)
    if (result !== undefined && result.size > 0 && result.size <= LARGEST && result.rank <= HIGHEST_RANK)
      pool.push(result)
  }
  const last = pool.slice(-3).map((x) => tf.mean(tf.square(tf.tanh(x))))
  return tf.addN(last) as tf.Scalar
}

const optimizers: Readonly<Record<Program['optimizer'], GradientTransformation>> = {
  adam: adam({ epsilon: 0.05 }),
  muon: muon({ matrixRate: 0.1 }),
  sgd: sgd(0.9)
}

const parameterShapes = { w: [4, 5], u: [5, 3], b: [5] }
const feedShapes = { x: [6, 4], y: [6, 3] }

/** One training step of a program: the optimizer follows the gradient by three parameters. */
export const stepOf = ({ instructions, optimizer }: Program): StepFunction => {
  const names = Object.keys(parameterShapes)
  return (carry, { x, y }) => {
    const inner = (...parameters: tf.Tensor[]): tf.Scalar => {
      const [w, u, b] = parameters
      const hidden = tf.leakyRelu(tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b), 0.2)
      const output = tf.matMul(hidden, u)
      // The loss depends on every parameter, whatever the program does.
      const regression = tf.mean(tf.squaredDifference(output, y))
      return tf.add(lossOf(instructions, [x, y, w, u, b, hidden, output]), regression)
    }
    const { value, grads } = tf.valueAndGrads(inner)(names.map((name) => carry[name]))
    const gradients: NamedTensors = Object.fromEntries(names.map((name, i) => [name, grads[i]]))
    const { updates, state } = optimizers[optimizer].update(gradients, carry, {
      parameters: carry,
      learningRate: tf.scalar(0.05)
    })
    const next = Object.fromEntries(names.map((name) => [name, tf.add(carry[name], updates[name])]))
    return { carry: { ...next, ...state }, outputs: { loss: value, gradient: grads[0] } }
  }
}

/** The carry that a program starts from, and what it is fed in each of `steps` steps. */
export const dataOf = (
  { optimizer, seed }: Program,
  steps: number
): { carry: HostTensors; feeds: HostTensors[] } => {
  const arrays = (shapes: Readonly<Record<string, number[]>>, label: number): HostTensors =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape], i) => [name, uniformArray(seed + 97 * label + i, shape)])
    )
  const parameters = arrays(parameterShapes, 0)
  return {
    carry: { ...parameters, ...optimizers[optimizer].init(parameters) },
    feeds: Array.from({ length: steps }, (_, i) => arrays(feedShapes, i + 1))
  }
}

const small = fc.nat({ max: 11 })

/** Programs of up to forty instructions; they shrink to fewer and simpler ones. */
export const programs: fc.Arbitrary<Program> = fc.record({
  instructions: fc.array(
    fc.record({
      operation: fc.nat({ max: operations.length - 1 }),
      first: small,
      second: small,
      choice: small
    }),
    { minLength: 3, maxLength: 40, size: 'max' }
  ),
  optimizer: fc.constantFrom('adam', 'muon', 'sgd'),
  seed: fc.integer({ min: 1, max: 1_000_000 })
})
