/** Ridge regression on a smooth basis, with the penalty chosen on rows that were not fitted on. */
import { type Dense, innerProducts, solveShifted } from '@mechid/numerics'
import type { Samples } from '@mechid/values'
import type { SmoothBasis } from './smooth-basis.js'

/** Functions of rows, one a target: weights [size, targets]. */
export interface SmoothFit {
  readonly basis: SmoothBasis
  readonly weights: Dense
}

/** Penalties per row, from nearly none to nearly linear functions. */
const PENALTIES = [1e-7, 1e-4, 1e-2, 1]

/** Rows whose features are held at a time. */
const BLOCK = 1024

/** ΦᵀΦ, ΦᵀY and the squares of Y over some rows. */
interface Sums {
  readonly gram: Dense
  readonly product: Dense
  readonly squares: Float64Array
  readonly rows: number
}

/** Sums over `rows[from]` … `rows[to − 1]`; y [rows.length, targets] lies in the order of `rows`. */
const sumsOf = (
  basis: SmoothBasis,
  x: Samples<Float64Array>,
  rows: Int32Array,
  y: Samples<Float64Array>,
  from: number,
  to: number
): Sums => {
  const [count, targets] = [to - from, y.shape[1]]
  const features: Dense = { data: new Float64Array(count * basis.size), shape: [count, basis.size] }
  basis.fill(x, rows, from, count, features.data as Float64Array)
  const part: Dense = { data: y.data.subarray(from * targets, to * targets), shape: [count, targets] }
  const squares = new Float64Array(targets)
  for (let at = 0; at < count * targets; at++) squares[at % targets] += part.data[at] ** 2
  return {
    gram: innerProducts(features, features),
    product: innerProducts(features, part),
    squares,
    rows: count
  }
}

const added = (a: Dense, b: Dense): Dense => ({ data: a.data.map((v, i) => v + b.data[i]), shape: a.shape })

/** ‖Y − ΦW‖² for each target on the rows of `sums`. */
const errorsOf = ({ gram, product, squares }: Sums, { data: w, shape: [size, targets] }: Dense): number[] => {
  const errors = Array.from(squares)
  for (let e = 0; e < size; e++) {
    for (let j = 0; j < targets; j++) {
      let fitted = 0
      for (let f = 0; f < size; f++) fitted += gram.data[e * size + f] * w[f * targets + j]
      errors[j] += w[e * targets + j] * (fitted - 2 * product.data[e * targets + j])
    }
  }
  return errors
}

/** For each target the penalty of least error where either half is predicted from the other. */
const chosenPenalties = (halves: readonly [Sums, Sums]): number[] => {
  const targets = halves[0].squares.length
  const best = new Array<number>(targets).fill(PENALTIES[0])
  const least = new Array<number>(targets).fill(Number.POSITIVE_INFINITY)
  for (const penalty of PENALTIES) {
    const errors = new Array<number>(targets).fill(0)
    for (const [fit, other] of [halves, [halves[1], halves[0]] as const]) {
      const weights = solveShifted(fit.gram, penalty * fit.rows, fit.product)
      errorsOf(other, weights).forEach((error, j) => {
        errors[j] += error
      })
    }
    errors.forEach((error, j) => {
      if (error < least[j]) {
        least[j] = error
        best[j] = penalty
      }
    })
  }
  return best
}

/** Fits each column of y [rows.length, targets] on the features of `rows` of x. */
export const smoothFit = (
  basis: SmoothBasis,
  x: Samples<Float64Array>,
  rows: Int32Array,
  y: Samples<Float64Array>
): SmoothFit => {
  const targets = y.shape[1]
  const middle = rows.length >> 1
  const halves = [
    sumsOf(basis, x, rows, y, 0, middle),
    sumsOf(basis, x, rows, y, middle, rows.length)
  ] as const
  const penalties = chosenPenalties(halves)
  const [gram, product] = [added(halves[0].gram, halves[1].gram), added(halves[0].product, halves[1].product)]
  const weights = new Float64Array(basis.size * targets)
  for (const penalty of new Set(penalties)) {
    const solved = solveShifted(gram, penalty * rows.length, product).data
    for (let at = 0; at < weights.length; at++)
      if (penalties[at % targets] === penalty) weights[at] = solved[at]
  }
  return { basis, weights: { data: weights, shape: [basis.size, targets] } }
}

/** Values [rows.length, targets] of a fit. */
export const smoothValues = (
  { basis, weights: { data: w, shape } }: SmoothFit,
  x: Samples<Float64Array>,
  rows: Int32Array
): Samples<Float64Array> => {
  const [size, targets] = shape
  const out = new Float64Array(rows.length * targets)
  const features = new Float64Array(BLOCK * size)
  const weights = Float64Array.from(w, (_, at) => w[(at % size) * targets + Math.floor(at / size)])
  for (let from = 0; from < rows.length; from += BLOCK) {
    const count = Math.min(BLOCK, rows.length - from)
    basis.fill(x, rows, from, count, features)
    for (let t = 0; t < count; t++) {
      for (let j = 0; j < targets; j++) {
        let sum = 0
        for (let f = 0, at = t * size, by = j * size; f < size; f++) sum += features[at + f] * weights[by + f]
        out[(from + t) * targets + j] = sum
      }
    }
  }
  return { data: out, shape: [rows.length, targets] }
}
