/**
 * Next codes as a sum of functions of one variable each, fitted in closed form (least squares): lines of everything, and
 * sines and cosines of the directions found so far and of the actions. Groups of terms are added one by one.
 */
import { extendFactor, type GrowingFactor, growingFactor, solveWithFactor } from '@mechid/numerics'
import { type Columns, columnTable } from './columns.js'
import type { Harmonics } from './direction-search.js'

/** Values of a variable by row. */
export type Variable = (row: number) => number

/** Terms that belong to one cause: consecutive rows of the coefficients. */
export interface TermGroup {
  readonly first: number
  readonly count: number
}

/** A table of terms and targets, and the least squares fit of the ones to the others. */
export interface AdditiveFit {
  readonly rows: number
  /** Adds a line in each variable. */
  readonly addLines: (variables: readonly Variable[]) => TermGroup
  /** Adds sines and cosines of each variable: one group for all (the lags of one direction). */
  readonly addSeries: (variables: readonly Variable[]) => TermGroup
  /** Adds both; for each variable the line, then sines, then cosines. */
  readonly addFunctions: (variables: readonly Variable[]) => TermGroup
  /** The coefficients of all terms, [terms, targets]. */
  readonly coefficients: () => Float64Array
  /** What terms so weighted leave of the targets: column j by row. */
  readonly residuals: (coefficients: Float64Array) => ReadonlyArray<Float32Array>
  /** How much Σ residual² of each target rises when a group is left out and the others are fitted again. */
  readonly losses: (coefficients: Float64Array, group: TermGroup) => Float64Array
  /** Covariance [targets, targets] of what some groups contribute together, about its mean. */
  readonly effect: (coefficients: Float64Array, groups: readonly TermGroup[]) => Float64Array
  readonly terms: () => number
}

/** Ridge of lines and series, as a share of the rows. */
const RIDGE = 1e-5

/** Room for `capacity` terms beside the constant, over `rows` rows, of `targets` targets. */
export const additiveFit = (
  rows: number,
  capacity: number,
  targets: readonly Variable[],
  { step, count }: Harmonics
): AdditiveFit => {
  const width = targets.length
  const Y = 0
  const R = width
  /** A variable whose sines are taken, and room behind it that wide products may touch. */
  const V = R + width
  const X = V + 4
  const table: Columns = columnTable(rows, X + 1 + capacity + 4, Math.max(1 + capacity, width, 4))
  targets.forEach((target, j) => {
    table.fill(Y + j, target)
  })
  table.fill(X, () => 1)
  let terms = 1
  const factor: GrowingFactor = { rows: [] }
  /** Lower triangle of the Gram matrix, row by row, and the products with the targets. */
  const gram: Float64Array[] = []
  const right: Float64Array[] = []
  const account = (first: number): void => {
    const added = terms - first
    const sums = table.products(X + first, added, X, terms)
    const onto = table.products(X + first, added, Y, width)
    for (let i = 0; i < added; i++) {
      const row = sums.slice(i * terms, i * terms + first + i + 1)
      if (first + i > 0) row[first + i] += RIDGE * rows
      gram.push(row)
      right.push(onto.slice(i * width, (i + 1) * width))
    }
    extendFactor(factor, added, (i) => gram[i], 1e-9 * rows)
  }
  account(0)
  const group = (first: number): TermGroup => {
    account(first)
    return { first, count: terms - first }
  }
  const flat = (lines: readonly Float64Array[]): Float64Array => {
    const out = new Float64Array(lines.length * width)
    lines.forEach((line, i) => {
      out.set(line, i * width)
    })
    return out
  }
  return {
    rows,
    terms: () => terms,
    addLines: (variables) => {
      const first = terms
      for (const variable of variables) table.fill(X + terms++, variable)
      return group(first)
    },
    addSeries: (variables) => {
      const first = terms
      for (const variable of variables) {
        table.fill(V, variable)
        table.sines(V, step, count, X + terms)
        terms += 2 * count
      }
      return group(first)
    },
    addFunctions: (variables) => {
      const first = terms
      for (const variable of variables) {
        table.fill(X + terms, variable)
        table.sines(X + terms, step, count, X + terms + 1)
        terms += 1 + 2 * count
      }
      return group(first)
    },
    coefficients: () => solveWithFactor(factor, flat(right), width),
    residuals: (coefficients) => {
      table.copy(Y, R, width)
      table.combine(
        X,
        terms,
        coefficients.map((c) => -c),
        R,
        width
      )
      return targets.map((_, j) => table.read(R + j))
    },
    losses: (coefficients, { first, count: size }) => {
      // Leaving terms g out raises the squares by θ_gᵀ ((G⁻¹)_gg)⁻¹ θ_g.
      const n = terms
      const unit = new Float64Array(n * size)
      for (let k = 0; k < size; k++) unit[(first + k) * size + k] = 1
      const inverse = solveWithFactor(factor, unit, size).slice(first * size, (first + size) * size)
      const theta = coefficients.slice(first * width, (first + size) * width)
      const weighted = solveWithFactor(growingFactor(inverse, size), theta, width)
      return Float64Array.from({ length: width }, (_, j) => {
        let sum = 0
        for (let k = 0; k < size; k++) sum += theta[k * width + j] * weighted[k * width + j]
        return sum
      })
    },
    effect: (coefficients, groups) => {
      const indices = groups.flatMap(({ first, count: size }) =>
        Array.from({ length: size }, (_, k) => first + k)
      )
      const size = indices.length
      const entry = (p: number, q: number): number => (p > q ? gram[p][q] : gram[q][p])
      // Covariance of the terms, times their coefficients.
      const weighted = new Float64Array(size * width)
      for (let k = 0; k < size; k++) {
        for (let l = 0; l < size; l++) {
          const [p, q] = [indices[k], indices[l]]
          const ridge = p === q ? RIDGE * rows : 0
          const product = (entry(p, q) - ridge) / rows - (gram[p][0] / rows) * (gram[q][0] / rows)
          for (let j = 0; j < width; j++) weighted[k * width + j] += product * coefficients[q * width + j]
        }
      }
      const out = new Float64Array(width * width)
      for (let k = 0; k < size; k++) {
        for (let i = 0; i < width; i++) {
          const left = coefficients[indices[k] * width + i]
          for (let j = 0; j < width; j++) out[i * width + j] += left * weighted[k * width + j]
        }
      }
      return out
    }
  }
}
