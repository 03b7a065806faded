/** The reading that forgets values and keeps which inputs each output reads. */
import type { Elementary } from '../elementary.js'
import { number } from './number.js'

/**
 * `reads` is a bit set of input indices; `constant` is the value where it is known to be one.
 *
 * What is folded: an operation on constants is a constant, and 0 · x, 0 / x and x⁰ read nothing, so that a
 * masked sum Σ_j G_ij f(u_j) written with `lit(G_ij)` has the graph G. `where` reads its condition and both
 * branches, or one branch alone if its condition is constant. Algebraic cancellation is not looked for:
 * x − x still reads x.
 */
export interface Support {
  readonly reads: bigint
  readonly constant: number | undefined
}

const constant = (value: number): Support => ({ reads: 0n, constant: value })

/** The input number `index`. */
export const input = (index: number): Support => ({ reads: 1n << BigInt(index), constant: undefined })

/** Whether an output reads input number `index`. */
export const readsInput = (output: Support, index: number): boolean =>
  ((output.reads >> BigInt(index)) & 1n) === 1n

const ZERO = constant(0)
const ONE = constant(1)

const unary =
  (f: (x: number) => number) =>
  (x: Support): Support =>
    x.constant === undefined ? x : constant(f(x.constant))

const binary =
  (f: (x: number, y: number) => number) =>
  (x: Support, y: Support): Support =>
    x.constant !== undefined && y.constant !== undefined
      ? constant(f(x.constant, y.constant))
      : { reads: x.reads | y.reads, constant: undefined }

const mul = binary(number.mul)
const div = binary(number.div)

/** The support reading. */
export const support: Elementary<Support> = {
  zero: ZERO,
  one: ONE,
  lit: constant,
  add: binary(number.add),
  sub: binary(number.sub),
  mul: (x, y) => (x.constant === 0 || y.constant === 0 ? ZERO : mul(x, y)),
  div: (x, y) => (x.constant === 0 && y.constant === undefined ? ZERO : div(x, y)),
  neg: unary(number.neg),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  exp: unary(Math.exp),
  log: unary(Math.log),
  tanh: unary(Math.tanh),
  sigmoid: unary(number.sigmoid),
  softplus: unary(number.softplus),
  sqrt: unary(Math.sqrt),
  abs: unary(Math.abs),
  pow: (x, exponent) => (exponent === 0 ? ONE : unary((base) => base ** exponent)(x)),
  max: binary(Math.max),
  min: binary(Math.min),
  where: (condition, x, y) => {
    if (condition.constant !== undefined) return condition.constant > 0 ? x : y
    return { reads: condition.reads | x.reads | y.reads, constant: undefined }
  }
}
