/** Element-wise kernels: arithmetic and functions of real numbers. */
import { type GraphBuilder, scalar } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { add, binary, cast, div, float, less, mul, sub, unary, where } from '../graph/operators.js'
import type { Kernel, KernelFamily } from './kernel.js'

/** A function of real numbers: integers and booleans become floats first, as in TF.js. */
const real =
  (op: string): Kernel =>
  (g, { inputs }) =>
    unary(g, op, float(g, inputs.x))

/** Keeps the dtype. */
const same =
  (op: string): Kernel =>
  (g, { inputs }) =>
    unary(g, op, inputs.x)

const arithmetic =
  (op: string): Kernel =>
  (g, { inputs }) =>
    binary(g, op, inputs.a, inputs.b)

const clipped = (g: GraphBuilder, x: Value, low: number, high: number): Value =>
  g.node('Clip', [x, scalar(low), scalar(high)], x.dtype, x.shape)

export const relu6 = (g: GraphBuilder, x: Value): Value => clipped(g, x, 0, 6)

export const leaky = (g: GraphBuilder, x: Value, alpha: number): Value =>
  g.node('LeakyRelu', [x], x.dtype, x.shape, { attributes: { alpha: { float: alpha } } })

/** `c₀ + x (c₁ + x (c₂ + …))`. */
const polynomial = (g: GraphBuilder, x: Value, coefficients: readonly number[]): Value => {
  const [last, ...rest] = coefficients.slice().reverse()
  return rest.reduce((sum: Value, c) => add(g, scalar(c), mul(g, x, sum)), scalar(last))
}

/** `near` where |x| < ½, else `far`. The usual cancellation tricks need exact roundings, which GPUs do not keep. */
const nearZero = (g: GraphBuilder, x: Value, near: Value, far: Value): Value =>
  where(g, less(g, unary(g, 'Abs', x), scalar(0.5)), near, far)

/** e^x − 1; near 0 by Taylor's series, whose next term is below 2^-26 of the result. */
const expm1: Kernel = (g, { inputs }) => {
  const x = float(g, inputs.x)
  const near = mul(g, x, polynomial(g, x, [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320]))
  return nearZero(g, x, near, sub(g, unary(g, 'Exp', x), scalar(1)))
}

/** log(1 + x); near 0 as 2 artanh(x / (2 + x)), whose series has only odd powers. */
const log1p: Kernel = (g, { inputs }) => {
  const x = float(g, inputs.x)
  const s = div(g, x, add(g, x, scalar(2)))
  const near = mul(
    g,
    mul(g, s, scalar(2)),
    polynomial(g, mul(g, s, s), [1, 1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11])
  )
  return nearZero(g, x, near, unary(g, 'Log', add(g, x, scalar(1))))
}

const atan2: Kernel = (g, { inputs }) => {
  const [y, x] = [float(g, inputs.a), float(g, inputs.b)]
  const zero = scalar(0)
  const near = unary(g, 'Atan', div(g, y, x))
  const turn = where(g, less(g, y, zero), scalar(-Math.PI), scalar(Math.PI))
  const angle = where(g, less(g, x, zero), add(g, near, turn), near)
  const isZero = (v: Value): Value => binary(g, 'Equal', v, zero, 'bool')
  return where(g, binary(g, 'And', isZero(x), isZero(y), 'bool'), zero, angle)
}

/** The remainder with the sign of the divisor. */
const mod: Kernel = (g, { inputs: { a, b } }) => {
  const remainder = (p: Value, q: Value): Value =>
    g.node('Mod', [p, q], p.dtype, add(g, p, q).shape, { attributes: { fmod: 1 } })
  const zero = a.dtype === 'int32' ? scalar(0, 'int32') : scalar(0)
  const plain = remainder(a, b)
  const differ = binary(g, 'Xor', less(g, a, zero), less(g, b, zero), 'bool')
  return where(g, differ, remainder(add(g, plain, b), b), plain)
}

const floorDiv: Kernel = (g, { inputs: { a, b } }) =>
  cast(g, unary(g, 'Floor', div(g, float(g, a), float(g, b))), 'int32')

/** 1 where x > 0, else `alpha`. */
const step: Kernel = (g, { inputs, attributes }) => {
  const x = float(g, inputs.x)
  const positive = binary(g, 'Greater', x, scalar(0), 'bool')
  return where(g, positive, scalar(1), scalar(attributes?.alpha ?? 0))
}

const eluGradient: Kernel = (g, { inputs: { dy, y } }) =>
  where(g, less(g, y, scalar(0)), mul(g, dy, add(g, y, scalar(1))), dy)

const batchNorm: Kernel = (g, { inputs, attributes }) => {
  const { x, mean, variance, scale, offset } = inputs
  const spread = unary(g, 'Sqrt', add(g, variance, scalar(attributes.varianceEpsilon ?? 1e-3)))
  const normal = div(g, sub(g, x, mean), spread)
  const scaled = scale === undefined ? normal : mul(g, normal, scale)
  return offset === undefined ? scaled : add(g, scaled, offset)
}

const arithmetics: Readonly<Record<string, Kernel>> = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: arithmetic('Mul'),
  RealDiv: (g, { inputs: { a, b } }) => div(g, float(g, a), float(g, b)),
  FloorDiv: floorDiv,
  Mod: mod,
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  Pow: arithmetic('Pow'),
  SquaredDifference: (g, { inputs: { a, b } }) => {
    const difference = sub(g, a, b)
    return mul(g, difference, difference)
  },
  AddN: (g, { list }) =>
    list.length === 1
      ? list[0]
      : list.length === 2
        ? add(g, list[0], list[1])
        : g.node('Sum', list, list[0].dtype, list[0].shape),
  Atan2: atan2
}

const activations: Readonly<Record<string, Kernel>> = {
  Sigmoid: real('Sigmoid'),
  Softplus: real('Softplus'),
  Tanh: real('Tanh'),
  Relu: same('Relu'),
  Relu6: (g, { inputs }) => relu6(g, float(g, inputs.x)),
  LeakyRelu: (g, { inputs, attributes }) => leaky(g, float(g, inputs.x), attributes.alpha),
  Prelu: (g, { inputs: { x, alpha } }) => g.node('PRelu', [x, alpha], x.dtype, x.shape),
  Elu: real('Elu'),
  EluGrad: eluGradient,
  Selu: real('Selu'),
  Step: step
}

/** Element-wise kernels. */
export const elementwise: KernelFamily = {
  title: 'Element-wise',
  kernels: {
    ...arithmetics,
    ...activations,
    Neg: same('Neg'),
    Abs: same('Abs'),
    Sign: same('Sign'),
    Square: (g, { inputs: { x } }) => mul(g, x, x),
    Sqrt: real('Sqrt'),
    Rsqrt: (g, { inputs }) => unary(g, 'Reciprocal', unary(g, 'Sqrt', float(g, inputs.x))),
    Reciprocal: real('Reciprocal'),
    Exp: real('Exp'),
    Expm1: expm1,
    Log: real('Log'),
    Log1p: log1p,
    Erf: real('Erf'),
    Sin: real('Sin'),
    Cos: real('Cos'),
    Tan: real('Tan'),
    Asin: real('Asin'),
    Acos: real('Acos'),
    Atan: real('Atan'),
    Sinh: real('Sinh'),
    Cosh: real('Cosh'),
    Asinh: real('Asinh'),
    Acosh: real('Acosh'),
    Atanh: real('Atanh'),
    Floor: real('Floor'),
    Ceil: real('Ceil'),
    Round: real('Round'),
    ClipByValue: (g, { inputs, attributes }) =>
      clipped(g, float(g, inputs.x), attributes.clipValueMin, attributes.clipValueMax),
    FusedBatchNorm: batchNorm
  },
  notes: {
    Expm1: 'composed; accurate near 0',
    Log1p: 'composed; accurate near 0',
    Atan2: 'composed',
    Mod: 'sign of the divisor, as in TF.js'
  }
}
