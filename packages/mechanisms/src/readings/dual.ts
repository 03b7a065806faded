/** Dual numbers over any other reading: exact derivatives, and by nesting exact higher derivatives. */
import type { Elementary } from '../elementary.js'

/**
 * A value with its derivatives along k directions at once. No tangents at all stands for "all of them zero",
 * so that constants cost nothing.
 */
export interface Dual<A> {
  readonly value: A
  readonly tangents: ReadonlyArray<A>
}

/** A constant: its derivative along every direction is zero. */
export const constant = <A>(value: A): Dual<A> => ({ value, tangents: [] })

/** The input number `index` of `count`: its derivative is one along its own direction and zero elsewhere. */
export const variable = <A>(F: Elementary<A>, value: A, index: number, count: number): Dual<A> => ({
  value,
  tangents: Array.from({ length: count }, (_, j) => (j === index ? F.one : F.zero))
})

/** The derivative along direction `index`. */
export const tangent = <A>(F: Elementary<A>, x: Dual<A>, index: number): A =>
  x.tangents.length === 0 ? F.zero : x.tangents[index]

/**
 * Dual numbers over the reading `F`, in forward mode; `dual(dual(number))` carries second derivatives.
 *
 * Conventions where a function has no derivative: |x| has slope 0 at 0; where `max` or `min` ties, the second
 * argument's derivative counts; `where` passes on the derivative of the chosen branch.
 *
 * @example
 * const D = dual(number)
 * D.sin({ value: 0, tangents: [1] }) // { value: 0, tangents: [1] }
 */
export const dual = <A>(F: Elementary<A>): Elementary<Dual<A>> => {
  /** The tangents Σ: slope · tangent. */
  const chain = (x: Dual<A>, value: A, slope: () => A): Dual<A> => {
    if (x.tangents.length === 0) return { value, tangents: x.tangents }
    const s = slope()
    return { value, tangents: x.tangents.map((t) => F.mul(s, t)) }
  }
  const two = F.lit(2)
  const reciprocal = (x: A): A => F.div(F.one, x)
  const sigmoidSlope = (s: A): A => F.mul(s, F.sub(F.one, s))

  const add = (x: Dual<A>, y: Dual<A>): Dual<A> => {
    const value = F.add(x.value, y.value)
    if (y.tangents.length === 0) return { value, tangents: x.tangents }
    if (x.tangents.length === 0) return { value, tangents: y.tangents }
    return { value, tangents: x.tangents.map((t, j) => F.add(t, y.tangents[j])) }
  }
  const neg = (x: Dual<A>): Dual<A> => ({ value: F.neg(x.value), tangents: x.tangents.map(F.neg) })
  const sub = (x: Dual<A>, y: Dual<A>): Dual<A> => {
    const value = F.sub(x.value, y.value)
    if (y.tangents.length === 0) return { value, tangents: x.tangents }
    if (x.tangents.length === 0) return { value, tangents: y.tangents.map(F.neg) }
    return { value, tangents: x.tangents.map((t, j) => F.sub(t, y.tangents[j])) }
  }
  const mul = (x: Dual<A>, y: Dual<A>): Dual<A> => {
    const value = F.mul(x.value, y.value)
    if (y.tangents.length === 0) return { value, tangents: x.tangents.map((t) => F.mul(t, y.value)) }
    if (x.tangents.length === 0) return { value, tangents: y.tangents.map((t) => F.mul(x.value, t)) }
    return {
      value,
      tangents: x.tangents.map((t, j) => F.add(F.mul(t, y.value), F.mul(x.value, y.tangents[j])))
    }
  }
  const div = (x: Dual<A>, y: Dual<A>): Dual<A> => {
    const value = F.div(x.value, y.value)
    if (y.tangents.length === 0) return { value, tangents: x.tangents.map((t) => F.div(t, y.value)) }
    return {
      value,
      tangents: y.tangents.map((t, j) => {
        const carried = F.mul(value, t)
        return F.div(x.tangents.length === 0 ? F.neg(carried) : F.sub(x.tangents[j], carried), y.value)
      })
    }
  }
  const where = (condition: A, x: Dual<A>, y: Dual<A>): Dual<A> => ({
    value: F.where(condition, x.value, y.value),
    tangents: (x.tangents.length === 0 ? y : x).tangents.map((_, j) =>
      F.where(condition, tangent(F, x, j), tangent(F, y, j))
    )
  })

  return {
    zero: constant(F.zero),
    one: constant(F.one),
    lit: (value) => constant(F.lit(value)),
    add,
    sub,
    mul,
    div,
    neg,
    sin: (x) => chain(x, F.sin(x.value), () => F.cos(x.value)),
    cos: (x) => chain(x, F.cos(x.value), () => F.neg(F.sin(x.value))),
    exp: (x) => {
      const value = F.exp(x.value)
      return chain(x, value, () => value)
    },
    log: (x) => chain(x, F.log(x.value), () => reciprocal(x.value)),
    tanh: (x) => {
      const value = F.tanh(x.value)
      return chain(x, value, () => F.sub(F.one, F.mul(value, value)))
    },
    sigmoid: (x) => {
      const value = F.sigmoid(x.value)
      return chain(x, value, () => sigmoidSlope(value))
    },
    softplus: (x) => chain(x, F.softplus(x.value), () => F.sigmoid(x.value)),
    sqrt: (x) => {
      const value = F.sqrt(x.value)
      return chain(x, value, () => reciprocal(F.mul(two, value)))
    },
    abs: (x) =>
      chain(x, F.abs(x.value), () => F.where(x.value, F.one, F.where(F.neg(x.value), F.neg(F.one), F.zero))),
    pow: (x, exponent) => {
      const value = F.pow(x.value, exponent)
      // The general rule would give 0 · ∞ at x = 0 for these two exponents.
      if (exponent === 0) return constant(value)
      if (exponent === 1) return x
      return chain(x, value, () => F.mul(F.lit(exponent), F.pow(x.value, exponent - 1)))
    },
    max: (x, y) => {
      const chosen = where(F.sub(x.value, y.value), x, y)
      return { value: F.max(x.value, y.value), tangents: chosen.tangents }
    },
    min: (x, y) => {
      const chosen = where(F.sub(y.value, x.value), x, y)
      return { value: F.min(x.value, y.value), tangents: chosen.tangents }
    },
    where: (condition, x, y) => where(condition.value, x, y)
  }
}
