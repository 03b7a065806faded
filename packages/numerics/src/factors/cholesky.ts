/**
 * Cholesky factors of symmetric positive definite matrices, three times: in blocks for large matrices, growing by rows
 * as columns of a fit are added, and in place for small ones in loops that must not allocate.
 */
import { type NotInvertible, notInvertible } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Dense, transposed } from '../dense.js'
import { subtractProduct } from '../products/panel-products.js'

/** A = RᵀR with R upper triangular, and how well-conditioned that is. */
export interface Cholesky {
  readonly r: Dense
  /** The smallest r_kk, where A's diagonal is about 1: how far a column is from those before it. */
  readonly least: number
}

/** Rows that are eliminated at a time: the rest is products of panels, for which wide blocks are packed less often. */
const blockOf = (n: number): number => (n < 1024 ? 32 : 96)

/** Subtracts R₀ᵀ Y₀ from rows `from` to `to` − 1 of Y, R₀ and Y₀ all rows before them; columns of Y from `at` on. */
const eliminate = (
  r: Float64Array,
  n: number,
  y: Float64Array,
  m: number,
  from: number,
  to: number,
  at: number
): void => {
  if (from === 0) return
  const left = { data: r, stride: n, at: from, columns: to - from }
  subtractProduct(y, from * m + at, left, { data: y, stride: m, at, columns: m - at }, from)
}

/** A pivot below `leastShare` of its diagonal entry is raised to that; with 0, `undefined` where one is not positive. */
const factored = (a: Dense, leastShare: number, block: number): Cholesky | undefined => {
  const n = a.shape[0]
  const data = a.data.slice()
  let least = Number.POSITIVE_INFINITY
  for (let from = 0; from < n; from += block) {
    const to = Math.min(from + block, n)
    eliminate(data, n, data, n, from, to, from)
    for (let k = from; k < to; k++) {
      const own = data[k * n + k]
      const pivot = leastShare > 0 ? Math.max(own, leastShare * a.data[k * n + k]) : own
      if (leastShare === 0 && !(pivot > 0)) return undefined
      const root = Math.sqrt(pivot)
      least = Math.min(least, root)
      data.fill(0, k * n, k * n + k)
      data[k * n + k] = pivot
      for (let j = k; j < n; j++) data[k * n + j] /= root
      for (let i = k + 1; i < to; i++) {
        const x = data[k * n + i]
        for (let j = i; j < n; j++) data[i * n + j] -= x * data[k * n + j]
      }
    }
  }
  return { r: { data, shape: [n, n] }, least }
}

/**
 * The factor of a symmetric matrix, of which the upper triangle is read.
 *
 * Errors: `NotInvertible` where it is not positive definite.
 *
 * @example
 * cholesky('example', ofRows([[4, 2], [2, 2]])) // r [[2, 1], [0, 1]], least 1
 */
export const cholesky = (where: string, a: Dense): E.Either<NotInvertible, Cholesky> => {
  const found = factored(a, 0, blockOf(a.shape[0]))
  return found === undefined
    ? E.left(notInvertible(where, 'the matrix', 'not positive definite', 'a positive definite one'))
    : E.right(found)
}

/** With `upper`, only what stands above the blocks of the diagonal, and these. */
const transposedSolution = (
  { data: r, shape: [n] }: Dense,
  b: Dense,
  block: number,
  upper = false
): Dense => {
  const m = b.shape[1]
  const y = b.data.slice()
  for (let from = 0; from < n; from += block) {
    const to = Math.min(from + block, n)
    const first = upper ? from : 0
    eliminate(r, n, y, m, from, to, first)
    for (let k = from; k < to; k++) {
      for (let l = from; l < k; l++) {
        const x = r[l * n + k]
        for (let j = first; j < m; j++) y[k * m + j] -= x * y[l * m + j]
      }
      const head = r[k * n + k]
      for (let j = first; j < m; j++) y[k * m + j] /= head
    }
  }
  return { data: y, shape: b.shape }
}

/** R⁻ᵀ B, n × m. */
export const solveTransposed = (r: Dense, b: Dense): Dense => transposedSolution(r, b, blockOf(r.shape[0]))

/** R⁻ᵀ A R⁻¹ for a symmetric A: the second half of it by symmetry. */
export const solveBothSides = (r: Dense, a: Dense): Dense => {
  const n = a.shape[0]
  const half = transposed(solveTransposed(r, a))
  const { data, shape } = transposedSolution(r, half, blockOf(n), true)
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i]
  return { data, shape }
}

const upperSolution = ({ data: r, shape: [n, stride] }: Dense, b: Dense, block: number): Dense => {
  const m = b.shape[1]
  const y = b.data.slice()
  const flipped = n > block ? transposed({ data: r, shape: [n, stride] }).data : r
  for (let to = n; to > 0; to -= block) {
    const from = Math.max(0, to - block)
    if (to < n) {
      const left = { data: flipped.subarray(to * n), stride: n, at: from, columns: to - from }
      const right = { data: y.subarray(to * m), stride: m, at: 0, columns: m }
      subtractProduct(y, from * m, left, right, n - to)
    }
    for (let k = to - 1; k >= from; k--) {
      for (let l = k + 1; l < to; l++) {
        const x = r[k * n + l]
        for (let j = 0; j < m; j++) y[k * m + j] -= x * y[l * m + j]
      }
      const head = r[k * n + k]
      for (let j = 0; j < m; j++) y[k * m + j] /= head
    }
  }
  return { data: y, shape: b.shape }
}

/** R⁻¹ B, n × m. */
export const solveUpper = (r: Dense, b: Dense): Dense => upperSolution(r, b, blockOf(r.shape[0]))

/** A pivot below this share of its diagonal entry is rounding; it is raised to that. */
const LEAST_PIVOT = 1e-14

/**
 * Up to this size plain loops: once WebAssembly's memory had grown, kernel regressions, which solve small systems alone,
 * were a quarter slower in all their loops (perhaps since a buffer is detached then).
 */
const LARGE = 512

const shifted = ({ data, shape }: Dense, shift: number): Dense => {
  const n = shape[0]
  const out = data.slice()
  for (let i = 0; i < n; i++) out[i * n + i] += shift
  return { data: out, shape }
}

/**
 * (A + shift · I)⁻¹ B for symmetric positive semidefinite A [n, n], of which the upper triangle is read, shift > 0 and
 * B [n, m]: ridge regression. Pivots that rounding makes too small are raised, so that there always is an answer.
 */
export const solveShifted = (a: Dense, shift: number, b: Dense): Dense => {
  const n = a.shape[0]
  const block = n > LARGE ? blockOf(n) : Math.max(1, n)
  const { r } = factored(shifted(a, shift), LEAST_PIVOT, block) as Cholesky
  return upperSolution(r, transposedSolution(r, b, block), block)
}

/** L of G = L Lᵀ, lower triangular, which may grow at its end. */
export interface GrowingFactor {
  /** `rows[i]`: row i up to the diagonal. */
  readonly rows: Float64Array[]
}

/**
 * Appends `count` rows of G: `row(i)` gives row i up to its diagonal. A pivot that rounding has made smaller than `least`
 * counts as `least`.
 */
export const extendFactor = (
  { rows }: GrowingFactor,
  count: number,
  row: (i: number) => ArrayLike<number>,
  least = 1e-300
): void => {
  for (let added = 0; added < count; added++) {
    const i = rows.length
    const given = row(i)
    const out = new Float64Array(i + 1)
    for (let j = 0; j < i; j++) {
      const other = rows[j]
      let sum = given[j]
      for (let k = 0; k < j; k++) sum -= out[k] * other[k]
      out[j] = sum / other[j]
    }
    let pivot = given[i]
    for (let k = 0; k < i; k++) pivot -= out[k] * out[k]
    out[i] = Math.sqrt(Math.max(pivot, least))
    rows.push(out)
  }
}

/** The factor of `g` [n, n], of which the lower triangle is read. */
export const growingFactor = (g: ArrayLike<number>, n: number): GrowingFactor => {
  const factor: GrowingFactor = { rows: [] }
  extendFactor(factor, n, (i) => Array.from({ length: i + 1 }, (_, j) => g[i * n + j]))
  return factor
}

/** L⁻¹ B in place, B [n, columns] row-major. */
export const solveLower = ({ rows }: GrowingFactor, b: Float64Array, columns: number): Float64Array => {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    for (let k = 0; k < i; k++) {
      const weight = row[k]
      if (weight === 0) continue
      for (let c = 0; c < columns; c++) b[i * columns + c] -= weight * b[k * columns + c]
    }
    for (let c = 0; c < columns; c++) b[i * columns + c] /= row[i]
  }
  return b
}

/** L⁻ᵀ B in place. */
const backward = ({ rows }: GrowingFactor, b: Float64Array, columns: number): Float64Array => {
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]
    for (let c = 0; c < columns; c++) b[i * columns + c] /= row[i]
    for (let k = 0; k < i; k++) {
      const weight = row[k]
      if (weight === 0) continue
      for (let c = 0; c < columns; c++) b[k * columns + c] -= weight * b[i * columns + c]
    }
  }
  return b
}

/** G⁻¹ B, as a new array; B [n, columns] row-major. */
export const solveWithFactor = (factor: GrowingFactor, b: Float64Array, columns: number): Float64Array =>
  backward(factor, solveLower(factor, b.slice(), columns), columns)

/** ½ log det G. */
export const halfLogDeterminant = ({ rows }: GrowingFactor): number =>
  rows.reduce((sum, row, i) => sum + Math.log(row[i]), 0)

/** L of a = L Lᵀ in place of the lower triangle of `a` [n, n]; the rest stays. `false` where it is not positive definite. */
export const factorInPlace = (a: Float64Array, n: number): boolean => {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k]
      if (i === j) {
        if (!(sum > 0)) return false
        a[i * n + i] = Math.sqrt(sum)
      } else a[i * n + j] = sum / a[j * n + j]
    }
  }
  return true
}

/** (L Lᵀ)⁻¹ b in place of the vector `b`, for L in the lower triangle of `factor` [n, n]. */
export const solveInPlace = (factor: Float64Array, n: number, b: Float64Array): void => {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i] -= factor[i * n + k] * b[k]
    b[i] /= factor[i * n + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i] -= factor[k * n + i] * b[k]
    b[i] /= factor[i * n + i]
  }
}

/** (L Lᵀ)⁻¹ into `out` [n, n]; `scratch` holds L⁻¹. */
export const inverseOfFactor = (
  factor: Float64Array,
  n: number,
  scratch: Float64Array,
  out: Float64Array
): void => {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = i === j ? 1 : 0
      for (let k = j; k < i; k++) sum -= factor[i * n + k] * scratch[k * n + j]
      scratch[i * n + j] = sum / factor[i * n + i]
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = i; k < n; k++) sum += scratch[k * n + i] * scratch[k * n + j]
      out[i * n + j] = sum
      out[j * n + i] = sum
    }
  }
}
