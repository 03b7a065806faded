/** Ambiguities by name, for `moduloGroup`. */
import type { AmbiguityGroup, AmbiguityMatrix } from './modulo-group.js'

const matrix = (d: number, columns: number, entry: (i: number, j: number) => number): AmbiguityMatrix =>
  Array.from({ length: d }, (_, i) => Array.from({ length: columns }, (_, j) => entry(i, j)))

/** The matrix of size d × columns with a single 1. */
const unit = (d: number, columns: number, row: number, column: number): AmbiguityMatrix =>
  matrix(d, columns, (i, j) => (i === row && j === column ? 1 : 0))

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

const identity = (d: number): AmbiguityMatrix => matrix(d, d, (i, j) => (i === j ? 1 : 0))

/** Nothing is left open. */
export const exact = (): AmbiguityGroup => ({ basis: [] })

/** One factor for all d latents. */
export const scalars = (d: number): AmbiguityGroup => ({ basis: [identity(d)] })

/** A factor for each of d latents. */
export const scalings = (d: number): AmbiguityGroup => ({ basis: range(d).map((i) => unit(d, d, i, i)) })

/** A shift of each of d latents. */
export const shifts = (d: number): AmbiguityGroup => ({
  basis: range(d).map((i) => unit(d, d + 1, i, d)),
  origin: identity(d)
})

/** A factor and a shift for each of d latents. */
export const scalingsAndShifts = (d: number): AmbiguityGroup => ({
  basis: range(d).flatMap((i) => [unit(d, d + 1, i, i), unit(d, d + 1, i, d)])
})

/** Every linear map of d latents. */
export const linearMaps = (d: number): AmbiguityGroup => ({
  basis: range(d).flatMap((i) => range(d).map((j) => unit(d, d, i, j)))
})

/** Every affine map of d latents. */
export const affineMaps = (d: number): AmbiguityGroup => ({
  basis: range(d).flatMap((i) => range(d + 1).map((j) => unit(d, d + 1, i, j)))
})

const orders = (d: number): number[][] =>
  d === 0
    ? [[]]
    : orders(d - 1).flatMap((rest) => range(d).map((at) => [...rest.slice(0, at), d - 1, ...rest.slice(at)]))

const signs = (d: number): number[][] =>
  d === 0
    ? [[]]
    : signs(d - 1).flatMap((rest) => [
        [...rest, 1],
        [...rest, -1]
      ])

const signedOrder = (order: ReadonlyArray<number>, sign: ReadonlyArray<number>): AmbiguityMatrix =>
  matrix(order.length, order.length, (i, j) => (order[i] === j ? sign[i] : 0))

/** The 2^d sign flips. */
export const signFlips = (d: number): ReadonlyArray<AmbiguityMatrix> =>
  signs(d).map((sign) => signedOrder(range(d), sign))

/** The d! permutations. */
export const permutations = (d: number): ReadonlyArray<AmbiguityMatrix> =>
  orders(d).map((order) => signedOrder(order, range(d).fill(1)))

/** The 2^d d! signed permutations, one by one: for d up to about 5. `moduloIsometry` takes any d. */
export const signedPermutations = (d: number): ReadonlyArray<AmbiguityMatrix> =>
  orders(d).flatMap((order) => signs(d).map((sign) => signedOrder(order, sign)))

/**
 * A map of `finite`, then one of `continuous`.
 *
 * @example
 * product(signFlips(3), shifts(3)) // each latent up to sign and shift
 */
export const product = (
  finite: ReadonlyArray<AmbiguityMatrix>,
  continuous: AmbiguityGroup
): AmbiguityGroup => ({
  ...continuous,
  finite
})
