/**
 * A basis in which next codes do not bend by two past latents at once, on average: in the best quadratic function of the past, the
 * matrices of second derivatives are all diagonal. So it is for sums of functions of one latent each, and also for functions of
 * many latents that are even in each (norms), if past latents are independent. It asks for less than additivity, looks at
 * whole ranges instead of points, and so stands bent codes better than the slopes do.
 */
import { growingFactor, solveLower, solveWithFactor } from '@mechid/numerics'
import { rowsInAll } from './basis.js'
import { columnTable, usableRows } from './columns.js'
import { jointDiagonal } from './joint-diagonal.js'
import type { WhitenedCodes } from './whitened-codes.js'

export interface HessianBasis {
  /** [d, d], orthogonal. */
  readonly rows: Float64Array
  /** Rows that each half of the data has, too. */
  readonly agreed: readonly boolean[]
  /** Share of the squares of second derivatives that is left beside the diagonals, in [0, 1]. */
  readonly left: number
}

/** With more latents there are thousands of products of two. */
export const MOST_LATENTS_OF_HESSIANS = 30
const RIDGE = 1e-6
/** Rows this parallel are one. */
const SAME_ROW = 0.95

/** Second derivatives by past codes [d, d] of every next code, in units of what quadratic functions leave; lag by lag. */
const hessians = (
  { latents: d, past, next, actions }: WhitenedCodes,
  from: number,
  rows: number
): Float64Array[] => {
  const n = usableRows(rows)
  const pairs = (d * (d + 1)) / 2
  const lines = past.length * d + actions.length
  const terms = 1 + lines + past.length * pairs
  const [Y, X] = [0, d]
  const U = X + 1
  const P = U + lines
  const table = columnTable(n, X + terms, Math.max(terms, d))
  for (let j = 0; j < d; j++) table.fill(Y + j, (row) => next[(from + row) * d + j])
  table.fill(X, () => 1)
  past.forEach((frame, lag) => {
    for (let j = 0; j < d; j++) table.fill(U + lag * d + j, (row) => frame[(from + row) * d + j])
    let at = P + lag * pairs
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        table.clear(at)
        table.addProducts(at++, U + lag * d + i, U + lag * d + j, 1)
      }
    }
  })
  actions.forEach(({ values }, l) => {
    table.fill(U + past.length * d + l, (row) => values[from + row])
  })
  const gram = table.gram(X, terms)
  for (let k = 0; k < terms; k++) gram[k * terms + k] += RIDGE * n
  const theta = solveWithFactor(growingFactor(gram, terms), table.products(X, terms, Y, d), d)
  table.combine(
    X,
    terms,
    theta.map((t) => -t),
    Y,
    d
  )
  const left = growingFactor(
    table.gram(Y, d).map((sum) => sum / n),
    d
  )
  // Next codes whose remainders are uncorrelated with variance 1: L⁻¹ of them.
  const second = new Float64Array(d * past.length * pairs)
  const first = terms - past.length * pairs
  for (let k = 0; k < past.length * pairs; k++) {
    for (let j = 0; j < d; j++) second[j * past.length * pairs + k] = theta[(first + k) * d + j]
  }
  const white = solveLower(left, second, past.length * pairs)
  return past.flatMap((_, lag) =>
    Array.from({ length: d }, (_, y) => {
      const out = new Float64Array(d * d)
      let at = y * past.length * pairs + lag * pairs
      for (let i = 0; i < d; i++) {
        for (let j = 0; j <= i; j++) {
          const value = white[at++]
          if (i === j) out[i * d + i] = 2 * value
          else {
            out[i * d + j] = value
            out[j * d + i] = value
          }
        }
      }
      return out
    })
  )
}

/** By all of the first `rows` rows, and by each half of them. Of sequences with at most {@link MOST_LATENTS_OF_HESSIANS} latents. */
export const hessianBasis = (codes: WhitenedCodes, rows: number): HessianBasis => {
  const d = codes.latents
  const half = Math.floor(rows / 2)
  const { rows: found, left } = jointDiagonal(hessians(codes, 0, rows), d)
  const halves = [0, half].map((from) => jointDiagonal(hessians(codes, from, half), d).rows)
  return {
    rows: found,
    agreed: rowsInAll(found, halves, d, SAME_ROW),
    left
  }
}
