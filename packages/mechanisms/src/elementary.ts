/** The numbers a mechanism is generic in: a ring with the elementary functions. */
import type { Ring } from 'fp-ts/lib/Ring.js'

/**
 * What a mechanism may do with its numbers. Each *reading* of a mechanism (numbers, columns of samples, dual
 * numbers, the support, LaTeX, tensors) is one value of this type.
 *
 * Laws: those of a commutative ring up to rounding; `lit(0) = zero`, `lit(1) = one`; every function agrees with
 * its namesake in `Math` on the `number` reading.
 */
export interface Elementary<A> extends Ring<A> {
  /** A constant. */
  readonly lit: (value: number) => A
  readonly div: (x: A, y: A) => A
  readonly neg: (x: A) => A
  readonly sin: (x: A) => A
  readonly cos: (x: A) => A
  readonly exp: (x: A) => A
  readonly log: (x: A) => A
  readonly tanh: (x: A) => A
  /** 1 / (1 + e^−x). */
  readonly sigmoid: (x: A) => A
  /** log(1 + e^x), without overflow. */
  readonly softplus: (x: A) => A
  readonly sqrt: (x: A) => A
  readonly abs: (x: A) => A
  /** x to a constant power. */
  readonly pow: (x: A, exponent: number) => A
  readonly max: (x: A, y: A) => A
  readonly min: (x: A, y: A) => A
  /** `whenPositive` where `condition > 0`, else `otherwise`. Not differentiated through `condition`. */
  readonly where: (condition: A, whenPositive: A, otherwise: A) => A
}
