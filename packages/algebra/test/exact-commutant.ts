/** Commutants in exact arithmetic: doubles are integers times powers of two, and ranks of integer matrices are exact. */
import type { AffineMap, LinearGaussian } from '../src/index.js'

type Rows = ReadonlyArray<ReadonlyArray<number>>

/** x = integer · 2^exponent, exactly. */
const parts = (x: number): readonly [integer: bigint, exponent: number] => {
  if (x === 0) return [0n, 0]
  let [mantissa, exponent] = [x, 0]
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent--
  }
  return [BigInt(mantissa), exponent]
}

/** rows = integers · 2^exponent, exactly. */
export const integerRows = (rows: Rows): { readonly rows: bigint[][]; readonly exponent: number } => {
  const split = rows.map((row) => row.map(parts))
  const exponent = Math.min(0, ...split.flat().map(([, e]) => e))
  return { rows: split.map((row) => row.map(([integer, e]) => integer << BigInt(e - exponent))), exponent }
}

/** A M − M A, rounded once, at the end. */
export const exactCommutator = (a: Rows, m: Rows): Rows => {
  const [left, right] = [integerRows(a), integerRows(m)]
  const unit = 2 ** (left.exponent + right.exponent)
  return left.rows.map((row, i) =>
    row.map((_, j) => {
      const gap = row.reduce(
        (sum, x, l) => sum + x * right.rows[l][j] - right.rows[i][l] * left.rows[l][j],
        0n
      )
      return Number(gap) * unit
    })
  )
}

/** Linear equations in the entries of matrices with `rows` rows and `columns` columns, each by its terms. */
type Term = readonly [row: number, column: number, factor: bigint]

const equation = (terms: ReadonlyArray<Term>, rows: number, columns: number): bigint[] => {
  const out = new Array<bigint>(rows * columns).fill(0n)
  for (const [i, j, factor] of terms) if (i < rows) out[i * columns + j] += factor
  return out
}

/** (A M − M A)_ij = 0 in the entries of the first `rows` rows of A; the others are 0. */
const commuting = (m: bigint[][], rows: number): bigint[][] =>
  m.flatMap((_, i) =>
    m.map((__, j) =>
      equation(
        m.flatMap((___, l): Term[] => [
          [i, l, m[l][j]],
          [l, j, -m[i][l]]
        ]),
        rows,
        m.length
      )
    )
  )

/** The rank over the rationals, by elimination without fractions (E. Bareiss 1968), in place. */
const exactRank = (rows: bigint[][]): number => {
  const columns = rows[0].length
  let [rank, before] = [0, 1n]
  for (let c = 0; c < columns && rank < rows.length; c++) {
    const pivot = rows.findIndex((row, r) => r >= rank && row[c] !== 0n)
    if (pivot < 0) continue
    ;[rows[rank], rows[pivot]] = [rows[pivot], rows[rank]]
    const top = rows[rank]
    for (let r = rank + 1; r < rows.length; r++) {
      const factor = rows[r][c]
      // Rows without the column are scaled by the pivot too: the next division must come out even.
      for (let k = c; k < columns; k++) rows[r][k] = (rows[r][k] * top[c] - factor * top[k]) / before
    }
    before = top[c]
    rank++
  }
  return rank
}

/** The dimension of {A : A M = M A for all M}, exactly. */
export const exactDimension = (maps: ReadonlyArray<Rows>): number => {
  const d = maps[0].length
  return d * d - exactRank(maps.flatMap((m) => commuting(integerRows(m).rows, d)))
}

/** [[M, b], [0, 1]] in integers. */
const embedded = ({ matrix, shift }: AffineMap): bigint[][] => {
  const d = matrix.length
  const below = Array.from({ length: d + 1 }, (_, j) => (j === d ? 1 : 0))
  return integerRows([...matrix.map((row, i) => [...row, shift[i]]), below]).rows
}

/** Of affine fields, exactly. */
export const exactAffineDimension = (maps: ReadonlyArray<AffineMap>): number => {
  const d = maps[0].shift.length
  return d * (d + 1) - exactRank(maps.flatMap((m) => commuting(embedded(m), d)))
}

/** B Σ + Σ Bᵀ = 0 in the entries of [B | c]. */
const keeping = (covariance: Rows): bigint[][] => {
  const { rows: s } = integerRows(covariance)
  const d = s.length
  return s.flatMap((_, i) =>
    s.map((__, j) =>
      equation(
        s.flatMap((___, l): Term[] => [
          [i, l, s[l][j]],
          [j, l, s[i][l]]
        ]),
        d,
        d + 1
      )
    )
  )
}

/** Of the fields that leave linear-Gaussian kernels as they are, exactly. */
export const exactGaussianDimension = (kernels: ReadonlyArray<LinearGaussian>): number => {
  const d = kernels[0].shift.length
  const equations = kernels.flatMap((kernel) => [
    ...commuting(embedded(kernel), d),
    ...keeping(kernel.covariance)
  ])
  return d * (d + 1) - exactRank(equations)
}
