/** The reading that tells whether a law is normal, by the definition of its log density. */
import type { Elementary, Noise } from '@mechid/mechanisms'

/** Coefficients of 1, u, u²; undefined where a definition is no such polynomial. */
type Quadratic = readonly [constant: number, slope: number, curvature: number] | undefined

const constant = (x: number): Quadratic => [x, 0, 0]

const isConstant = (x: Quadratic): x is NonNullable<Quadratic> => x !== undefined && x[1] === 0 && x[2] === 0

const both =
  (f: (x: number, y: number) => number) =>
  (x: Quadratic, y: Quadratic): Quadratic =>
    x && y && [f(x[0], y[0]), f(x[1], y[1]), f(x[2], y[2])]

const times = (x: Quadratic, y: Quadratic): Quadratic => {
  if (x === undefined || y === undefined) return undefined
  // A third or fourth power of u.
  if (x[2] * y[1] + x[1] * y[2] !== 0 || x[2] * y[2] !== 0) return undefined
  return [x[0] * y[0], x[0] * y[1] + x[1] * y[0], x[0] * y[2] + x[1] * y[1] + x[2] * y[0]]
}

const onConstants =
  (f: (...x: number[]) => number) =>
  (...x: Quadratic[]): Quadratic =>
    x.every(isConstant) ? constant(f(...x.map((part) => part[0]))) : undefined

const power = (x: Quadratic, exponent: number): Quadratic => {
  if (exponent === 0) return constant(1)
  if (exponent === 1) return x
  return exponent === 2 ? times(x, x) : onConstants((y) => y ** exponent)(x)
}

const quadratics: Elementary<Quadratic> = {
  zero: constant(0),
  one: constant(1),
  lit: constant,
  add: both((x, y) => x + y),
  sub: both((x, y) => x - y),
  neg: (x) => times(constant(-1), x),
  mul: times,
  div: (x, y) => (isConstant(y) ? times(constant(1 / y[0]), x) : undefined),
  sin: onConstants(Math.sin),
  cos: onConstants(Math.cos),
  exp: onConstants(Math.exp),
  log: onConstants(Math.log),
  tanh: onConstants(Math.tanh),
  sigmoid: onConstants((x) => 1 / (1 + Math.exp(-x))),
  softplus: onConstants((x) => Math.log1p(Math.exp(x))),
  sqrt: onConstants(Math.sqrt),
  abs: onConstants(Math.abs),
  pow: power,
  max: onConstants(Math.max),
  min: onConstants(Math.min),
  where: (condition, x, y) => (isConstant(condition) ? (condition[0] > 0 ? x : y) : undefined)
}

/** Mean and standard deviation of a law whose log density is a concave quadratic, by its definition. */
export const asGaussian = (
  noise: Noise
): { readonly mean: number; readonly deviation: number } | undefined => {
  const read = noise.logDensity<Quadratic>(quadratics, [0, 1, 0])
  if (read === undefined || !(read[2] < 0) || !read.every(Number.isFinite)) return undefined
  return { mean: -read[1] / (2 * read[2]), deviation: Math.sqrt(-1 / (2 * read[2])) }
}
