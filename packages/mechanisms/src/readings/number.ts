/** The plain reading: a mechanism as a function of numbers. */
import type { Elementary } from '../elementary.js'

/** 1 / (1 + e^−x), without overflow. */
const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const e = Math.exp(x)
  return e / (1 + e)
}

/** log(1 + e^x), without overflow and accurate in both tails. */
const softplus = (x: number): number => (x > 0 ? x : 0) + Math.log1p(Math.exp(-Math.abs(x)))

/**
 * Double-precision numbers; every function is its namesake in `Math`.
 *
 * @example
 * mechanism.step(number, [1, 2], [])
 */
export const number: Elementary<number> = {
  zero: 0,
  one: 1,
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  lit: (value) => value,
  div: (x, y) => x / y,
  neg: (x) => -x,
  sin: Math.sin,
  cos: Math.cos,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid,
  softplus,
  sqrt: Math.sqrt,
  abs: Math.abs,
  pow: (x, exponent) => x ** exponent,
  max: Math.max,
  min: Math.min,
  where: (condition, whenPositive, otherwise) => (condition > 0 ? whenPositive : otherwise)
}
