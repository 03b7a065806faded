/**
 * Rows of a map that few causes move: the least of their count. Counting makes many local
 * minima, so rows are found one after another, each from many starts, and then again and again a few rows are dropped and
 * found anew beside the others, as long as that helps. Half of the starts are random, and smooth at first (e falling,
 * logarithms before counts): they find rows that few causes move. The others come from elimination: causes in random order,
 * each of which confines the row to directions that it does not move, if there are any: they find rows that all but a few
 * causes move.
 */
import {
  columnsOf,
  type Dense,
  growingFactor,
  identityMatrix,
  multiply,
  orthogonalComplement,
  symmetricEigen,
  timesVector,
  transposed
} from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import {
  type Counting,
  ofAllRows,
  ofOneRow,
  type SparseRowsProblem,
  type WhiteProblem,
  whiteProblem
} from './cause-counts.js'
import { minimize } from './minimize.js'

export interface SparseRows {
  /** W, [d, d]; rows have w N wᵀ = 1. */
  readonly rows: Float64Array
  /** The objective at its end, in causes. */
  readonly value: number
  /** Values of all minima that were compared, the best first. */
  readonly values: readonly number[]
}

/** From smooth to exact, for one row. */
const ROW_STAGES: readonly Counting[] = [
  { kind: 'logarithm', half: 100 },
  { kind: 'count', half: 10 },
  { kind: 'count', half: 1 }
]
const ROW_ITERATIONS = 60
const EXACT: Counting = { kind: 'count', half: 1 }
const JOINT_ITERATIONS = 100
/** Starts of each row, when a map is built and when rows of it are found anew. */
const FIRST_STARTS = 16
const LATER_STARTS = 4
/** Rows that are dropped at once, at most. */
const MOST_DROPPED = 4
/** A map found anew is descended to its minimum if it is no more nats above the best one than this. */
const PROMISING = 3
/** Descents end at gains below this; minima as far apart as ten of them are different. */
const TOLERANCE = 1e-5
/** By how many noise variances a cause may move a row and still be said not to, in elimination: between these. */
const LEAST_STILL = 0.1
const MOST_STILL = 3
/** Attempts without success after which a search ends. */
const patienceFor = (rows: number): number => 40 + 4 * rows
/** Rows this parallel are one. */
const SAME_ROW = 0.99

const rowsOf = (w: Float64Array, d: number): Float64Array[] =>
  Array.from({ length: d }, (_, i) => w.subarray(i * d, (i + 1) * d))

const unit = (w: Float64Array): Float64Array => {
  const norm = Math.hypot(...w)
  return w.map((x) => x / norm)
}

/** A direction that as many causes as possible, in a random order, do not move. */
const eliminated = ({ d, effects, spectra }: WhiteProblem, random: Generator): Float64Array => {
  const still = Math.exp(Math.log(LEAST_STILL) + random.uniform() * Math.log(MOST_STILL / LEAST_STILL))
  let span: Dense | undefined
  for (const p of random.permutation(effects.length)) {
    if (span?.shape[1] === 1) break
    const { values, vectors }: ReturnType<typeof symmetricEigen> =
      span === undefined ? spectra[p] : symmetricEigen(multiply(multiply(transposed(span), effects[p]), span))
    // In ascending order.
    const kept = values.filter((value) => value < still).length
    if (kept === 0) continue
    const within = columnsOf(vectors, 0, kept)
    span = span === undefined ? within : multiply(span, within)
  }
  span ??= identityMatrix(d)
  return timesVector(
    span,
    Float64Array.from({ length: span.shape[1] }, () => random.normal())
  )
}

/** Finds the rows `slots` of `w` anew, one after another, beside the others. */
const foundAnew = (
  white: WhiteProblem,
  w: Float64Array,
  slots: readonly number[],
  starts: number,
  random: Generator
): Float64Array => {
  const { d } = white
  const out = w.slice()
  const missing = new Set(slots)
  for (const slot of slots) {
    const free = orthogonalComplement(
      rowsOf(out, d).filter((_, i) => !missing.has(i)),
      d
    ).data
    const objectives = ROW_STAGES.map((counting) => ofOneRow(white, free, counting))
    let best: { readonly x: Float64Array; readonly value: number } | undefined
    for (let start = 0; start < starts; start++) {
      const smoothly = start % 2 === 0
      let x: Float64Array = smoothly
        ? Float64Array.from({ length: d }, () => random.normal())
        : eliminated(white, random)
      let value = Number.POSITIVE_INFINITY
      for (const objective of smoothly ? objectives : objectives.slice(-1)) {
        ;({ x, value } = minimize(objective, unit(x), {
          iterations: ROW_ITERATIONS,
          firstStep: 0.1,
          tolerance: TOLERANCE
        }))
      }
      if (best === undefined || value < best.value) best = { x: unit(x), value }
    }
    out.set((best as { readonly x: Float64Array }).x, slot * d)
    missing.delete(slot)
  }
  return out
}

interface Search {
  readonly w: Float64Array
  readonly value: number
  readonly values: readonly number[]
}

/** Hears how many rows were tried, and how many there will be if none of the next ones helps; answers whether to go on. */
export type OnTried = (done: number, of: number) => Promise<boolean>

/** Rows beside the first `fixed` ones of `given`, in white coordinates. */
const search = async (
  white: WhiteProblem,
  given: Float64Array,
  fixed: number,
  random: Generator,
  onTried: OnTried
): Promise<Search> => {
  const { d } = white
  const objective = ofAllRows(white, EXACT, fixed)
  const scratch = new Float64Array(d * d)
  const slots = Array.from({ length: d - fixed }, (_, k) => fixed + k)
  const patience = patienceFor(slots.length)
  const descended = (w: Float64Array): { readonly w: Float64Array; readonly value: number } => {
    const { x, value } = minimize(objective, w, {
      iterations: JOINT_ITERATIONS,
      firstStep: 0.1,
      tolerance: TOLERANCE
    })
    const normed = x.slice()
    for (const i of slots) normed.set(unit(x.subarray(i * d, (i + 1) * d)), i * d)
    return { w: normed, value }
  }
  let best = descended(foundAnew(white, given, slots, FIRST_STARTS, random))
  const values = [best.value]
  let done = 0
  for (let failed = 0; failed < patience && slots.length > 0; failed++) {
    const most = Math.min(MOST_DROPPED, slots.length)
    const dropped = Array.from(
      random.permutation(slots.length).slice(0, 1 + Math.floor(most * random.uniform()))
    )
    const tried = foundAnew(
      white,
      best.w,
      dropped.map((k) => slots[k]),
      LATER_STARTS,
      random
    )
    if (objective(tried, scratch) < best.value + PROMISING) {
      const next = descended(tried)
      values.push(next.value)
      if (next.value < best.value - 10 * TOLERANCE) {
        best = next
        failed = -1
      }
    }
    done++
    if (!(await onTried(done, done + patience - failed - 1))) break
  }
  return { ...best, values: values.sort((a, b) => a - b) }
}

const fromWhite = (w: Float64Array, { d, inverseFactor }: WhiteProblem): Float64Array => {
  const rows = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      for (let k = j; k < d; k++) rows[i * d + j] += w[i * d + k] * inverseFactor[k * d + j]
    }
  }
  return rows
}

/** Unit vector e_i is ŵ = Lᵀ e_i in white coordinates, for noise L Lᵀ: row i of the factor. */
const unitRows = ({ latents: d, noise }: SparseRowsProblem, count: number): Float64Array => {
  const factor = growingFactor(noise, d)
  const out = new Float64Array(d * d)
  for (let i = 0; i < count; i++) out.set(factor.rows[i], i * d)
  return out
}

/**
 * The unit vectors 0 … `fixed` − 1 completed by rows that few causes move: the better of two searches. `agreed` says of
 * each row whether both have it, up to sign.
 */
export const completedRows = async (
  problem: SparseRowsProblem,
  fixed: number,
  random: Generator,
  onTried: OnTried
): Promise<{ readonly rows: Float64Array; readonly agreed: readonly boolean[] }> => {
  const { latents: d } = problem
  const white = whiteProblem(problem)
  const given = unitRows(problem, fixed)
  const searches: Search[] = []
  for (const s of [0, 1]) searches.push(await search(white, given, fixed, random.split(s), onTried))
  const [first, second] = searches
    .sort((a, b) => a.value - b.value)
    .map(({ w }) => {
      const rows = fromWhite(w, white)
      for (const row of rowsOf(rows, d)) row.set(unit(row))
      return rows
    })
  const agreed = rowsOf(first, d).map(
    (row, i) =>
      i < fixed ||
      rowsOf(second, d).some(
        (other, k) => k >= fixed && Math.abs(other.reduce((sum, x, j) => sum + x * row[j], 0)) > SAME_ROW
      )
  )
  return { rows: first, agreed }
}

/** The best of `searches` searches. */
export const sparseRows = async (
  problem: SparseRowsProblem,
  searches: number,
  random: Generator,
  onTried: OnTried
): Promise<SparseRows> => {
  const white = whiteProblem(problem)
  const { d } = white
  const all: Search[] = []
  for (let s = 0; s < searches; s++) {
    all.push(await search(white, new Float64Array(d * d), 0, random.split(s), onTried))
  }
  const [best] = all.sort((a, b) => a.value - b.value)
  return {
    rows: fromWhite(best.w, white),
    value: best.value,
    values: all.flatMap(({ values }) => values).sort((a, b) => a - b)
  }
}
