/** Jacobians, gradients and directional derivatives, exact, by dual numbers. */
import type { Elementary } from '../elementary.js'
import type { Mechanism } from '../mechanism.js'
import { constant, type Dual, dual, tangent, variable } from './dual.js'
import { number } from './number.js'

/**
 * A vector function written for every reading. `lift` turns a value of the outer reading into a constant of
 * the reading in use: needed only for values that the function closes over.
 */
export type VectorFunction<A> = <B>(
  F: Elementary<B>,
  x: ReadonlyArray<B>,
  lift: (value: A) => B
) => ReadonlyArray<B>

/** A scalar function written for every reading; `lift` as in `VectorFunction`. */
export type ScalarFunction<A> = <B>(F: Elementary<B>, x: ReadonlyArray<B>, lift: (value: A) => B) => B

/**
 * The Jacobian of `f` at `x`: entry [i][j] is ∂f_i/∂x_j. It is itself generic in the reading, so nesting it
 * gives second derivatives.
 *
 * @example
 * jacobian(number, (F, [x, y]) => [F.mul(x, y), F.sin(x)], [0, 3]) // [[3, 0], [1, 0]]
 */
export const jacobian = <A>(F: Elementary<A>, f: VectorFunction<A>, x: ReadonlyArray<A>): A[][] => {
  const inputs = x.map((value, j) => variable(F, value, j, x.length))
  return f(dual(F), inputs, constant).map((output) => x.map((_, j) => tangent(F, output, j)))
}

/**
 * The gradient of a scalar `f` at `x`.
 *
 * @example
 * gradient(number, (F, [x, y]) => F.mul(x, y), [2, 3]) // [3, 2]
 */
export const gradient = <A>(F: Elementary<A>, f: ScalarFunction<A>, x: ReadonlyArray<A>): A[] =>
  jacobian<A>(F, (G, inputs, lift) => [f(G, inputs, lift)], x)[0]

/** The Hessian of a scalar `f` at `x`, by dual numbers over dual numbers. */
export const hessian = <A>(F: Elementary<A>, f: ScalarFunction<A>, x: ReadonlyArray<A>): A[][] =>
  jacobian<A>(
    F,
    <B>(G: Elementary<B>, inputs: ReadonlyArray<B>, lift: (value: A) => B) =>
      gradient<B>(
        G,
        <C>(H: Elementary<C>, inner: ReadonlyArray<C>, liftInner: (value: B) => C) =>
          f<C>(H, inner, (value) => liftInner(lift(value))),
        inputs
      ),
    x
  )

/** The derivative of `f` at `x` along `direction` (one tangent instead of one per input): J(x) · direction. */
export const directional = <A>(
  F: Elementary<A>,
  f: VectorFunction<A>,
  x: ReadonlyArray<A>,
  direction: ReadonlyArray<A>
): A[] => {
  const inputs = x.map((value, j): Dual<A> => ({ value, tangents: [direction[j]] }))
  return f(dual(F), inputs, constant).map((output) => tangent(F, output, 0))
}

/** `latents[i][j]` = ∂z'_i/∂z_j and `actions[i][l]` = ∂z'_i/∂a_l of a mechanism at one point. */
export const mechanismJacobian = (
  mechanism: Mechanism,
  z: ReadonlyArray<number>,
  a: ReadonlyArray<number>
): { readonly latents: number[][]; readonly actions: number[][] } => {
  const whole = jacobian<number>(
    number,
    (F, inputs) => mechanism.step(F, inputs.slice(0, z.length), inputs.slice(z.length)),
    [...z, ...a]
  )
  return {
    latents: whole.map((row) => row.slice(0, z.length)),
    actions: whole.map((row) => row.slice(z.length))
  }
}
