/** Which combinations of columns make a sum of terms vanish, decided without units. */
import {
  backSubstitute,
  type Dense,
  decideRank,
  NEEDED_GAP,
  type PivotedQr,
  pivotedQr,
  type RankDecision,
  rightSvd,
  roundingLevel,
  stacked,
  undecided,
  zeros
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'

export interface Cancellation {
  /** columns × nullity; of norm about 1 once row j is divided by `scales[j]`. */
  readonly basis: Dense
  /** What columns were multiplied by before they were compared. */
  readonly scales: Float64Array
  /** How many of them no term touches at all. */
  readonly untouched: number
  readonly decision: RankDecision
}

/** A column this much smaller than its natural size is rounding, and is not scaled up. */
const ROUNDING = 1e-11
/** Rounding in the terms, of norm 1. */
const NULL_ROUNDING = 1e-15

/** The norm of each column of the stacked terms; above 1e154 and below 1e-154 as well. */
export const columnNorms = (terms: ReadonlyArray<Dense>): Float64Array => {
  const columns = terms[0].shape[1]
  const most = new Float64Array(columns)
  const squares = new Float64Array(columns)
  const each = (see: (x: number, j: number) => void): void => {
    for (const { data } of terms)
      for (let from = 0; from < data.length; from += columns)
        for (let j = 0; j < columns; j++) see(data[from + j], j)
  }
  each((x, j) => {
    most[j] = Math.max(most[j], Math.abs(x))
  })
  each((x, j) => {
    if (most[j] > 0) squares[j] += (x / most[j]) ** 2
  })
  return squares.map((x, j) => most[j] * Math.sqrt(x))
}

/** How far null vectors may turn by rounding: the nearer the smallest value that counts, the more. */
export const accuracyOf = ({ ladder, nullity }: RankDecision): number => {
  const least = ladder[ladder.length - nullity - 1]
  return least === undefined ? 0 : (NULL_ROUNDING * Math.sqrt(ladder.length)) / least
}

/** 1 / norm of each column, or 1 / its natural size where it is rounding, and the largest part that rounding is. */
const columnScales = (terms: ReadonlyArray<Dense>, sizes: Float64Array | undefined) => {
  const norms = columnNorms(terms)
  let faint = 0
  const scales = norms.map((norm, j) => {
    const size = sizes?.[j] ?? norm
    if (norm > ROUNDING * size) return 1 / norm
    if (size > 0) faint = Math.max(faint, norm / size)
    return size > 0 ? 1 / size : 1
  })
  return { scales, faint }
}

const scaledColumns = ({ data, shape }: Dense, scales: Float64Array): Dense => ({
  data: data.map((x, e) => x * scales[e % shape[1]]),
  shape
})

const sumOf = (terms: ReadonlyArray<Dense>): Dense => {
  const out = zeros(...terms[0].shape)
  for (const { data } of terms) for (let e = 0; e < data.length; e++) out.data[e] += data[e]
  return out
}

/** What is not 0, but taken for rounding, leaves a doubt: it may be all that a mechanism does. */
export const doubted = (decision: RankDecision, faint: number): RankDecision =>
  faint > 0 && decision.certainty === 'clear'
    ? { ...decision, certainty: 'narrow', inDoubt: faint }
    : decision

interface Normalizer {
  readonly qr: PivotedQr
  readonly rank: number
  /** Smallest |r_kk| that counts, relative to the largest. */
  readonly least: number
}

/** Columns that the terms touch: |r_kk| clearly above rounding; the rest clearly not. */
const touched = (where: string, qr: PivotedQr): Result<Normalizer> => {
  const columns = qr.r.shape[1]
  const size = (k: number): number => Math.abs(qr.r.data[k * columns + k])
  const floor = roundingLevel(columns, columns) * size(0)
  let rank = 0
  while (rank < qr.heads.length && size(rank) > floor) rank++
  const least = rank === 0 ? 1 : size(rank - 1) / size(0)
  const below = rank < columns && rank > 0 && rank < qr.heads.length ? size(rank) : 0
  const gap =
    rank === columns || rank === 0 ? Number.POSITIVE_INFINITY : size(rank - 1) / Math.max(below, floor)
  if (gap >= NEEDED_GAP) return E.right({ qr, rank, least })
  const ladder = Array.from({ length: qr.heads.length }, (_, k) => size(k))
  return E.left(undecided(where, ladder, gap, NEEDED_GAP))
}

/** The sum times R₁₁⁻¹, in the order of the pivots: what of unit terms remains. */
const normalizedSum = (sum: Dense, { qr, rank }: Normalizer): Dense => {
  const own = pivotedQr(sum)
  const columns = sum.shape[1]
  const steps = own.r.shape[0]
  const place = new Int32Array(columns)
  own.order.forEach((column, k) => {
    place[column] = k
  })
  const out = zeros(steps, rank)
  // Row by row, x R₁₁ = t: forward substitution.
  for (let i = 0; i < steps; i++) {
    const to = i * rank
    for (let k = 0; k < rank; k++) {
      const from = place[qr.order[k]]
      out.data[to + k] = from >= i ? own.r.data[i * columns + from] : 0
    }
    for (let k = 0; k < rank; k++) {
      const x = out.data[to + k] / qr.r.data[k * columns + k]
      out.data[to + k] = x
      if (x === 0) continue
      for (let l = k + 1; l < rank; l++) out.data[to + l] -= x * qr.r.data[k * columns + l]
    }
  }
  return out
}

/** Coefficients in the order of the pivots back to columns: R₁₁ x = y, then null(R) itself. */
const backToColumns = ({ qr, rank }: Normalizer, vectors: Dense, nullity: number): Dense => {
  const columns = qr.r.shape[1]
  const width = nullity + columns - rank
  const out = zeros(columns, width)
  const y = new Float64Array(rank)
  for (let c = 0; c < width; c++) {
    const free = c - nullity
    for (let k = 0; k < rank; k++)
      y[k] = free < 0 ? vectors.data[k * rank + rank - nullity + c] : -qr.r.data[k * columns + rank + free]
    backSubstitute(qr.r, rank, y)
    for (let k = 0; k < rank; k++) out.data[qr.order[k] * width + c] = y[k]
    if (free >= 0) out.data[qr.order[rank + free] * width + c] = 1
  }
  return out
}

/** Columns to norm 1, then rows scaled, in place. */
const unitColumns = (basis: Dense, scales: Float64Array): Dense => {
  const [rows, columns] = basis.shape
  for (let c = 0; c < columns; c++) {
    let square = 0
    for (let j = 0; j < rows; j++) square += basis.data[j * columns + c] ** 2
    for (let j = 0; j < rows; j++) basis.data[j * columns + c] *= scales[j] / Math.sqrt(square)
  }
  return basis
}

const nothing = (columns: number, scales: Float64Array, faint: number): Cancellation => ({
  basis: {
    data: Float64Array.from({ length: columns * columns }, (_, e) =>
      e % (columns + 1) === 0 ? scales[e / (columns + 1)] : 0
    ),
    shape: [columns, columns]
  },
  scales,
  untouched: columns,
  decision: doubted(
    {
      ladder: new Float64Array(columns),
      nullity: columns,
      tolerance: roundingLevel(columns, columns),
      gap: Number.POSITIVE_INFINITY,
      runnerUp: 1,
      certainty: 'clear'
    },
    faint
  )
})

/**
 * The null space of T₁ + T₂ + …, all rows × columns with rows ≥ columns. With the stack [T₁; T₂; …] = Q R, the
 * decision is made on the singular values of Q₁ + Q₂ + …, which lie in [0, √terms] whatever the columns' units.
 * Columns that no term touches, null(R), belong to the answer and stand at the end of the ladder as zeros. `sizes`: how
 * large each column would be without cancellation; by default whatever is not 0 is touched.
 *
 * Errors: `Undecided`.
 */
export const cancellation = (
  where: string,
  terms: ReadonlyArray<Dense>,
  tolerance: number,
  sizes?: Float64Array
): Result<Cancellation> => {
  const columns = terms[0].shape[1]
  const { scales, faint } = columnScales(terms, sizes)
  const own = terms.map((term) => scaledColumns(term, scales))
  const sum = sumOf(own)
  return pipe(
    touched(where, pivotedQr(stacked(own))),
    E.flatMap((normalizer) => {
      const { rank, least } = normalizer
      if (rank === 0) return E.right(nothing(columns, scales, faint))
      const { values, vectors } = rightSvd(normalizedSum(sum, normalizer))
      return pipe(
        decideRank(where, values, { floor: roundingLevel(columns, columns) / least, tolerance }),
        E.map((decision) => {
          const basis = unitColumns(backToColumns(normalizer, vectors, decision.nullity), scales)
          const ladder = new Float64Array(columns)
          ladder.set(values)
          const nullity = basis.shape[1]
          const whole = { ...decision, ladder, nullity }
          return { basis, scales, untouched: columns - rank, decision: doubted(whole, faint) }
        })
      )
    })
  )
}
