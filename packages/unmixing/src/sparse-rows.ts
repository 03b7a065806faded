/**
 * Rows w_i of a map such that each w_i·u is moved by few causes, where every cause p moves the codes u with a covariance
 * C_p of low rank (that of the latents that it acts on), beside noise of covariance N.
 *
 * With m_ip = w_iᵀ C_p w_i / w_iᵀ N w_i (how many noise variances the cause moves the row), minimize
 *
 *     Σ_i Σ_p m_ip / (m_ip + e)  +  3 (Σ_i ½ log w_iᵀ N w_i − log|det W|)
 *
 * The first term counts causes, however strong they are: with their logarithms in its place, rows that weaken many causes
 * beat rows that have few. The other is least where noises are uncorrelated, as those of latents are; it is what keeps a latent
 * of many causes from being replaced by another one of few again, with a share too small to be seen beside noise. A nat of it weighs
 * three causes: with one, that happens where graphs are dense; with ten, what correlates noise in bent codes decides. Counting makes many local
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
  invertInto,
  logAbsDeterminant,
  multiply,
  orthogonalComplement,
  solveLower,
  symmetricEigen,
  timesVector,
  transposed
} from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { minimize, type Objective } from './minimize.js'

export interface SparseRowsProblem {
  readonly latents: number
  /** N, [d, d] row-major, positive definite. */
  readonly noise: Float64Array
  /** C_p, [d, d] each. */
  readonly effects: ReadonlyArray<Float64Array>
  /** How many noise variances make half a cause; 1 unless given. */
  readonly half?: number
  /** How many causes a nat of correlated noise weighs; 3 unless given. */
  readonly causesANat?: number
}

export interface SparseRows {
  /** W, [d, d]; rows have w N wᵀ = 1. */
  readonly rows: Float64Array
  /** The objective at its end, in causes. */
  readonly value: number
  /** Causes alone. */
  readonly causes: number
  /** Values of all minima that were compared, the best first. */
  readonly values: readonly number[]
}

/** How a cause that moves a row by m noise variances counts. */
interface Counting {
  readonly kind: 'logarithm' | 'count'
  /** e: how many noise variances make half a cause. */
  readonly half: number
}

/** How many causes a nat of correlated noise weighs. */
const CAUSES_A_NAT = 3
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
/** Directions that a cause moves by less than this share of noise do not count. */
const LEAST_MOVED = 0.01
/** Rows this parallel are one. */
const SAME_ROW = 0.99

/** The problem in coordinates in which noise is white: each cause by vectors f with C_p = Σ f fᵀ. */
interface WhiteProblem {
  readonly d: number
  /** [·, d], cause by cause. */
  readonly vectors: Float64Array
  /** Where the vectors of each cause begin, and the end of the last one. */
  readonly begins: Int32Array
  /** C_p there, and their eigenvectors. */
  readonly effects: readonly Dense[]
  readonly spectra: ReadonlyArray<ReturnType<typeof symmetricEigen>>
  /** L⁻¹ for noise L Lᵀ: w·u = ŵ·(L⁻¹ u) for rows ŵ in white coordinates. */
  readonly inverseFactor: Float64Array
  readonly causesANat: number
}

/** x ↦ L⁻¹ x Lᵀ⁻¹ for a symmetric x: what it is where the noise L Lᵀ is white. */
const inWhite = (x: Float64Array, noise: Float64Array, d: number): Dense => {
  const factor = growingFactor(noise, d)
  const turned = transposed({ data: solveLower(factor, x.slice(), d), shape: [d, d] })
  return { data: solveLower(factor, turned.data, d), shape: [d, d] }
}

const whiteProblem = (problem: SparseRowsProblem): WhiteProblem => {
  const { latents: d, noise, effects, half = 1, causesANat = CAUSES_A_NAT } = problem
  const vectors: number[] = []
  const begins = [0]
  // What makes half a cause is the unit in which all that follows measures effects.
  const white = effects.map((effect) => {
    const { data, shape } = inWhite(effect, noise, d)
    return { data: data.map((entry) => entry / half), shape }
  })
  const spectra = white.map(symmetricEigen)
  for (const spectrum of spectra) {
    spectrum.values.forEach((value, k) => {
      if (value < LEAST_MOVED) return
      for (let j = 0; j < d; j++) vectors.push(Math.sqrt(value) * spectrum.vectors.data[j * d + k])
    })
    begins.push(vectors.length / d)
  }
  return {
    d,
    vectors: Float64Array.from(vectors),
    begins: Int32Array.from(begins),
    effects: white,
    spectra,
    inverseFactor: solveLower(growingFactor(noise, d), identityMatrix(d).data, d),
    causesANat
  }
}

/**
 * What causes count for a row w: writes the gradient by w (not yet that of anything else) into `gradient` from `at` on.
 */
const countCauses = ({ d, vectors, begins }: WhiteProblem, { kind, half }: Counting) => {
  const products = new Float64Array(vectors.length / d)
  return (w: Float64Array, at: number, gradient: Float64Array): number => {
    let squares = 0
    for (let j = 0; j < d; j++) squares += w[at + j] * w[at + j]
    for (let j = 0; j < d; j++) gradient[at + j] = 0
    let value = 0
    let along = 0
    for (let p = 0; p + 1 < begins.length; p++) {
      let moved = 0
      for (let r = begins[p]; r < begins[p + 1]; r++) {
        let sum = 0
        for (let j = 0; j < d; j++) sum += vectors[r * d + j] * w[at + j]
        products[r] = sum
        moved += sum * sum
      }
      moved /= squares
      const scale = moved + half
      value += kind === 'count' ? moved / scale : 0.5 * Math.log(scale / half)
      const slope = kind === 'count' ? half / (scale * scale) : 0.5 / scale
      along += slope * moved
      for (let r = begins[p]; r < begins[p + 1]; r++) {
        const weight = (2 * slope * products[r]) / squares
        for (let j = 0; j < d; j++) gradient[at + j] += weight * vectors[r * d + j]
      }
    }
    for (let j = 0; j < d; j++) gradient[at + j] -= (2 * along * w[at + j]) / squares
    return value
  }
}

/** The objective as a function of one row; `free` [d, q] spans what is orthogonal to all other rows. */
const ofOneRow = (white: WhiteProblem, free: Float64Array, counting: Counting): Objective => {
  const { d, causesANat } = white
  const q = free.length / d
  const count = countCauses(white, counting)
  const inside = new Float64Array(q)
  return (w, gradient) => {
    let value = count(w, 0, gradient)
    let [squares, within] = [0, 0]
    for (let k = 0; k < q; k++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += free[j * q + k] * w[j]
      inside[k] = sum
      within += sum * sum
    }
    for (let j = 0; j < d; j++) squares += w[j] * w[j]
    value += causesANat * 0.5 * Math.log(squares / within)
    for (let j = 0; j < d; j++) {
      let sum = 0
      for (let k = 0; k < q; k++) sum += free[j * q + k] * inside[k]
      gradient[j] += causesANat * (w[j] / squares - sum / within)
    }
    return value
  }
}

/** The objective as a function of all rows, of which the first `fixed` stay. */
const ofAllRows = (white: WhiteProblem, counting: Counting, fixed: number): Objective => {
  const { d, causesANat } = white
  const count = countCauses(white, counting)
  const [spent, inverse] = [new Float64Array(d * d), new Float64Array(d * d)]
  return (w, gradient) => {
    spent.set(w)
    const logDet = invertInto(spent, d, inverse)
    if (!Number.isFinite(logDet)) return Number.POSITIVE_INFINITY
    let value = -causesANat * logDet
    for (let i = 0; i < d; i++) {
      value += count(w, i * d, gradient)
      let squares = 0
      for (let j = 0; j < d; j++) squares += w[i * d + j] ** 2
      value += causesANat * 0.5 * Math.log(squares)
      for (let j = 0; j < d; j++) {
        const at = i * d + j
        gradient[at] = i < fixed ? 0 : gradient[at] + causesANat * (w[at] / squares - inverse[j * d + i])
      }
    }
    return value
  }
}

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
  const count = countCauses(white, EXACT)
  return {
    rows: fromWhite(best.w, white),
    value: best.value,
    causes: rowsOf(best.w, d).reduce((sum, row) => sum + count(row, 0, new Float64Array(d)), 0),
    values: all.flatMap(({ values }) => values).sort((a, b) => a - b)
  }
}

/** w C wᵀ for row i of `rows`. */
export const quadratic = (rows: Float64Array, i: number, c: Float64Array, d: number): number => {
  let sum = 0
  for (let j = 0; j < d; j++) {
    let inner = 0
    for (let k = 0; k < d; k++) inner += c[j * d + k] * rows[i * d + k]
    sum += inner * rows[i * d + j]
  }
  return sum
}

/** The objective for `rows` [d, d] of any length, in causes. */
export const causesOf = (
  { latents: d, noise, effects, half = 1, causesANat = CAUSES_A_NAT }: SparseRowsProblem,
  rows: Float64Array
): number => {
  const shape = [d, d] as const
  // Rows of uncorrelated noise have none of it.
  let nats = -logAbsDeterminant({ data: rows, shape }) - 0.5 * logAbsDeterminant({ data: noise, shape })
  let causes = 0
  for (let i = 0; i < d; i++) {
    const still = quadratic(rows, i, noise, d)
    nats += 0.5 * Math.log(still)
    for (const effect of effects) {
      const moved = quadratic(rows, i, effect, d) / still
      causes += moved / (moved + half)
    }
  }
  return causes + causesANat * nats
}
