/** Nonlinear least squares by Levenberg and Marquardt's method. */
import { type Dense, zeros } from '../dense.js'
import { solve } from './solve.js'

/** Residuals and their slopes at one point. */
export interface Residuals {
  readonly values: Float64Array
  /** values × unknowns */
  readonly slopes: Dense
}

/** A local minimum. */
export interface LeastSquaresMinimum {
  readonly point: Float64Array
  /** Root mean square of the residuals. */
  readonly residual: number
}

const squares = (values: Float64Array): number => values.reduce((sum, x) => sum + x * x, 0)

/** JᵀJ and −Jᵀr, as a system of one right side. */
const normalEquations = ({
  values,
  slopes
}: Residuals): { readonly matrix: Dense; readonly right: Dense } => {
  const [rows, n] = slopes.shape
  const [matrix, right] = [zeros(n, n), zeros(n, 1)]
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < n; i++) {
      const x = slopes.data[r * n + i]
      if (x === 0) continue
      right.data[i] -= x * values[r]
      for (let j = 0; j < n; j++) matrix.data[i * n + j] += x * slopes.data[r * n + j]
    }
  return { matrix, right }
}

const damped = ({ data, shape }: Dense, lambda: number): Dense => {
  const n = shape[0]
  const out = data.slice()
  for (let i = 0; i < n; i++) out[i * n + i] += lambda * Math.max(data[i * n + i], 1e-12)
  return { data: out, shape }
}

const DONE = 1e-13
const STEPS = 80

/**
 * A local minimum of the sum of squares from `start`; undefined where `evaluate` is at the start. A step to where it
 * is undefined counts as one that is too long.
 *
 * @example
 * nonlinearLeastSquares((x) => ({ values: x.map((t) => t * t - 2), slopes: … }), Float64Array.of(1)) // point √2
 */
export const nonlinearLeastSquares = (
  evaluate: (point: Float64Array) => Residuals | undefined,
  start: Float64Array
): LeastSquaresMinimum | undefined => {
  let point = start
  let now = evaluate(point)
  if (now === undefined) return undefined
  let cost = squares(now.values)
  let lambda = 1e-2
  for (let step = 0; step < STEPS && lambda < 1e12; step++) {
    const { matrix, right } = normalEquations(now)
    for (; lambda < 1e12; lambda *= 4) {
      const by = solve(damped(matrix, lambda), right).data
      const next = point.map((x, i) => x + by[i])
      const there = next.every(Number.isFinite) ? evaluate(next) : undefined
      const costThere = there === undefined ? Number.POSITIVE_INFINITY : squares(there.values)
      if (there === undefined || !(costThere < cost)) continue
      ;[point, now, cost] = [next, there, costThere]
      lambda /= 8
      break
    }
    if (cost < DONE * DONE * now.values.length) break
  }
  return { point, residual: Math.sqrt(cost / now.values.length) }
}
