/** QR by Householder reflections with column pivoting, which reveals the rank. */
import { type Dense, zeros } from '../dense.js'

/**
 * A P = Q R: `r` is min(rows, columns) × columns, upper triangular, with |r_kk| not increasing;
 * `order[k]` is the column of A that stands k-th. Reflections are kept in `columns`, for `applyQ`.
 */
export interface PivotedQr {
  readonly rows: number
  readonly r: Dense
  readonly order: Int32Array
  /** Column-major work array: below the diagonal, the reflections' vectors. */
  readonly work: Float64Array
  readonly heads: Float64Array
}

const columnNorm = (work: Float64Array, from: number, to: number): number => {
  let sum = 0
  for (let i = from; i < to; i++) sum += work[i] * work[i]
  return Math.sqrt(sum)
}

const swapColumns = (work: Float64Array, rows: number, a: number, b: number): void => {
  const held = work.slice(a * rows, (a + 1) * rows)
  work.copyWithin(a * rows, b * rows, (b + 1) * rows)
  work.set(held, b * rows)
}

/** Reflects columns `from` to `columns` − 1 by v = work[k·rows + k …], H = I − v vᵀ / head. */
const reflect = (
  work: Float64Array,
  rows: number,
  k: number,
  head: number,
  target: Float64Array,
  from: number,
  columns: number
): void => {
  const v = k * rows
  for (let j = from; j < columns; j++) {
    const at = j * rows
    // Four sums at once: one alone waits for itself.
    let [s0, s1, s2, s3] = [0, 0, 0, 0]
    let i = k
    for (; i + 3 < rows; i += 4) {
      s0 += work[v + i] * target[at + i]
      s1 += work[v + i + 1] * target[at + i + 1]
      s2 += work[v + i + 2] * target[at + i + 2]
      s3 += work[v + i + 3] * target[at + i + 3]
    }
    for (; i < rows; i++) s0 += work[v + i] * target[at + i]
    const s = (s0 + s1 + s2 + s3) / head
    if (s === 0) continue
    for (i = k; i < rows; i++) target[at + i] -= s * work[v + i]
  }
}

/** Column norms below row k, brought down by the entry of row k; afresh where cancellation has eaten them. */
const lowerNorms = (
  work: Float64Array,
  rows: number,
  k: number,
  norms: Float64Array,
  fresh: Float64Array
): void => {
  for (let j = k + 1; j < norms.length; j++) {
    if (norms[j] === 0) continue
    const ratio = work[j * rows + k] / norms[j]
    norms[j] *= Math.sqrt(Math.max(0, 1 - ratio * ratio))
    if (norms[j] > 1e-6 * fresh[j]) continue
    norms[j] = columnNorm(work, j * rows + k + 1, (j + 1) * rows)
    fresh[j] = norms[j]
  }
}

const columnMajor = (a: Dense): Float64Array => {
  const [rows, columns] = a.shape
  const work = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) work[j * rows + i] = a.data[i * columns + j]
  return work
}

const largestFrom = (norms: Float64Array, k: number): number => {
  let best = k
  for (let j = k + 1; j < norms.length; j++) if (norms[j] > norms[best]) best = j
  return best
}

/** Reflects column k onto its head; returns the entry of R there and the head of the reflection. */
const reflector = (work: Float64Array, rows: number, k: number): readonly [entry: number, head: number] => {
  const at = k * rows + k
  const norm = columnNorm(work, at, (k + 1) * rows)
  if (norm === 0) return [0, 1]
  const entry = work[at] > 0 ? -norm : norm
  work[at] -= entry
  return [entry, -entry * work[at]]
}

const upper = (work: Float64Array, rows: number, columns: number, diagonal: Float64Array): Dense => {
  const steps = diagonal.length
  const r = zeros(steps, columns)
  for (let i = 0; i < steps; i++) {
    r.data[i * columns + i] = diagonal[i]
    for (let j = i + 1; j < columns; j++) r.data[i * columns + j] = work[j * rows + i]
  }
  return r
}

/** Pivoted QR (Businger and Golub 1965; norms are brought down as in LAPACK's dgeqp3). */
export const pivotedQr = (a: Dense): PivotedQr => {
  const [rows, columns] = a.shape
  const steps = Math.min(rows, columns)
  const work = columnMajor(a)
  const order = Int32Array.from({ length: columns }, (_, j) => j)
  const norms = Float64Array.from(order, (j) => columnNorm(work, j * rows, (j + 1) * rows))
  const fresh = norms.slice()
  const [heads, diagonal] = [new Float64Array(steps), new Float64Array(steps)]
  for (let k = 0; k < steps; k++) {
    const best = largestFrom(norms, k)
    if (best !== k) {
      swapColumns(work, rows, k, best)
      for (const list of [order, norms, fresh]) [list[k], list[best]] = [list[best], list[k]]
    }
    const [entry, head] = reflector(work, rows, k)
    diagonal[k] = entry
    heads[k] = head
    reflect(work, rows, k, head, work, k + 1, columns)
    lowerNorms(work, rows, k, norms, fresh)
  }
  return { rows, r: upper(work, rows, columns, diagonal), order, work, heads }
}

/** How many |r_kk| exceed `relative` · |r_00|. */
export const qrRank = ({ r, heads }: PivotedQr, relative: number): number => {
  const columns = r.shape[1]
  const least = relative * Math.abs(r.data[0])
  let rank = 0
  while (rank < heads.length && Math.abs(r.data[rank * columns + rank]) > least) rank++
  return rank
}

/** The first `rank` columns of Q, rows × rank. */
export const thinQ = ({ rows, work, heads }: PivotedQr, rank: number): Dense => {
  const columns = new Float64Array(rows * rank)
  for (let j = 0; j < rank; j++) columns[j * rows + j] = 1
  // Reflection k leaves the columns before k as they are: they are 0 from row k on.
  for (let k = Math.min(rank, heads.length) - 1; k >= 0; k--) {
    reflect(work, rows, k, heads[k], columns, k, rank)
  }
  const q = zeros(rows, rank)
  for (let j = 0; j < rank; j++) for (let i = 0; i < rows; i++) q.data[i * rank + j] = columns[j * rows + i]
  return q
}

/** Solves R₁₁ x = y for the leading rank × rank block, in place. */
export const backSubstitute = (r: Dense, rank: number, y: Float64Array): void => {
  const columns = r.shape[1]
  for (let i = rank - 1; i >= 0; i--) {
    let sum = y[i]
    for (let j = i + 1; j < rank; j++) sum -= r.data[i * columns + j] * y[j]
    y[i] = sum / r.data[i * columns + i]
  }
}
