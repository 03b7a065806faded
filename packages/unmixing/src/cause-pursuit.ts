/**
 * Finds the directions of the past that additive mechanisms read, one after another: many random starts on few rows, the
 * best of them descended and then sharpened on all rows; then the effects of what was found are taken out. Easy directions
 * (those with slow effects, which are seen from afar) come first, so that hard ones are sought in few dimensions.
 */
import { growingFactor, identityMatrix, orthogonalComplement, solveLower } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { type AdditiveFit, additiveFit, type Variable } from './additive-fit.js'
import { usableRows } from './columns.js'
import { covarianceOf } from './covariance.js'
import { curvatureDirections } from './curvature-directions.js'
import {
  type Direction,
  type DirectionSearch,
  descend,
  directionSearch,
  type Harmonics
} from './direction-search.js'
import type { WhitenedCodes } from './whitened-codes.js'

export interface PursuitOptions {
  /** Series that effects are sought in: slow ones first, faster ones when nothing else is found. */
  readonly levels: readonly Harmonics[]
  /** Rows that directions are sharpened on. */
  readonly rows: number
  /** Rows of the first, coarse search. */
  readonly coarseRows: number
  /** Random starts that are looked at before a search gives up. */
  readonly starts: number
  readonly random: Generator
  /** Directions that might be the missing ones, given the found ones: asked for before faster sines are looked for. */
  readonly guesses: (directions: readonly FoundDirection[], harmonics: Harmonics) => Promise<Float64Array[]>
  /** Told after each direction how many were found; answers whether to go on. */
  readonly onFound: (found: number) => Promise<boolean>
}

export interface FoundDirection extends Direction {
  /** How much of ½ log det of the residuals the direction explains, in nats a row, beyond what chance would. */
  readonly gain: number
}

/** Starts that are valued together, and how many of the best of them are descended. */
const BATCH = 24
const DESCENDED = 3
/** Directions this parallel are the same. */
const SAME = 0.98
const COARSE_ITERATIONS = 40
const FINE_ITERATIONS = 40
/** A gain has to be so many times what as many superfluous terms would gain. */
const BEYOND_CHANCE = 4

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return Math.abs(sum)
}

const randomWithin = (basis: Float64Array, d: number, random: Generator): Float64Array => {
  const r = basis.length / d
  const w = new Float64Array(d)
  for (let k = 0; k < r; k++) {
    const weight = random.normal()
    for (let i = 0; i < d; i++) w[i] += weight * basis[i * r + k]
  }
  const norm = Math.hypot(...w)
  return w.map((x) => x / norm)
}

/** The unit vector nearest to `w` within the span of `basis`. */
const within = (basis: Float64Array, d: number, w: Float64Array): Float64Array => {
  const r = basis.length / d
  const out = new Float64Array(d)
  for (let k = 0; k < r; k++) {
    let along = 0
    for (let j = 0; j < d; j++) along += basis[j * r + k] * w[j]
    for (let j = 0; j < d; j++) out[j] += along * basis[j * r + k]
  }
  const norm = Math.hypot(...out)
  return norm > 1e-6 ? out.map((x) => x / norm) : Float64Array.from({ length: d }, (_, j) => basis[j * r])
}

/** The best direction that starts within `basis` come to, on the coarse rows; undefined where none beats chance. */
const coarseSearch = (
  search: DirectionSearch,
  basis: Float64Array,
  d: number,
  likely: readonly Float64Array[],
  starts: number,
  least: number,
  random: Generator
): Direction | undefined => {
  const r = basis.length / d
  const tries = r === 1 ? 1 : starts
  let best = likely
    .map((w) => ({ w, value: search.value(w) }))
    .sort((a, b) => a.value - b.value)
    .slice(0, DESCENDED)
    .map(({ w }) => descend(search, basis, d, w, COARSE_ITERATIONS))
    .sort((a, b) => a.value - b.value)
    .find(({ value }) => -value > least)
  if (best !== undefined) return best
  for (let done = 0; done < tries; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, tries - done) }, () => randomWithin(basis, d, random))
      .map((w) => ({ w, value: search.value(w) }))
      .sort((a, b) => a.value - b.value)
      .slice(0, DESCENDED)
      .map(({ w }) => descend(search, basis, d, w, COARSE_ITERATIONS))
      .sort((a, b) => a.value - b.value)
    const [first, second] = batch
    if (best === undefined || first.value < best.value) best = first
    // Two starts that meet at the best value are no accident.
    const meet = second === undefined || cosine(first.w, second.w) > SAME || cosine(best.w, first.w) > SAME
    if (meet && -best.value > least && (first === best || done > 0)) break
  }
  return best !== undefined && -best.value > least ? best : undefined
}

/** Columns of residuals, made uncorrelated with variance 1. */
const whitened = (residuals: ReadonlyArray<Float32Array>): ReadonlyArray<Float32Array> => {
  const d = residuals.length
  const rows = residuals[0].length
  const factor = growingFactor(covarianceOf(residuals), d)
  const identity = new Float64Array(d * d)
  for (let i = 0; i < d; i++) identity[i * d + i] = 1
  const inverse = solveLower(factor, identity, d)
  return residuals.map((_, i) => {
    const out = new Float32Array(rows)
    for (let k = 0; k <= i; k++) {
      const weight = inverse[i * d + k]
      for (let r = 0; r < rows; r++) out[r] += weight * residuals[k][r]
    }
    return out
  })
}

/** w·u at each lag, by row. */
export const along = (codes: WhitenedCodes, w: ArrayLike<number>): Variable[] =>
  codes.past.map((frame) => (row) => {
    let sum = 0
    for (let j = 0; j < w.length; j++) sum += w[j] * frame[row * w.length + j]
    return sum
  })

/** A fit of all next codes with lines in the whole past and functions of the actions. */
export const startingFit = (
  codes: WhitenedCodes,
  rows: number,
  directions: number,
  harmonics: Harmonics
): AdditiveFit => {
  const { latents: d, past, actions } = codes
  const series = 2 * harmonics.count
  const capacity = past.length * d + directions * past.length * series + actions.length * (1 + series) + 4
  const fit = additiveFit(
    rows,
    capacity,
    Array.from(
      { length: d },
      (_, j): Variable =>
        (row) =>
          codes.next[row * d + j]
    ),
    harmonics
  )
  const lines = past.flatMap((frame) =>
    Array.from(
      { length: d },
      (_, j): Variable =>
        (row) =>
          frame[row * d + j]
    )
  )
  if (lines.length > 0) fit.addLines(lines)
  for (const { values, binary } of actions) {
    fit.addLines([(row) => values[row]])
    if (!binary) fit.addSeries([(row) => values[row]])
  }
  return fit
}

export interface Pursuit {
  /** Directions of unit norm, in the order in which they were found. */
  readonly directions: readonly FoundDirection[]
  /** The series in which the last one was found. */
  readonly harmonics: Harmonics
}

/**
 * Ends when all latents have a direction, or when nothing more is found. The past is white, so directions of independent
 * latents are orthogonal: each is sought in the complement of those before it, and then sharpened in all dimensions. Starts
 * are where the next codes are curved on average; random ones where that leads nowhere.
 */
export const pursueCauses = async (codes: WhitenedCodes, options: PursuitOptions): Promise<Pursuit> => {
  const { latents: d, past } = codes
  const { levels, random, starts } = options
  const rows = usableRows(Math.min(options.rows, codes.rows))
  const coarseRows = usableRows(Math.min(options.coarseRows, rows))
  const data = (count: number) => ({
    rows: count,
    latents: d,
    lags: past.length,
    past: (lag: number, j: number) => (row: number) => past[lag][row * d + j]
  })
  const found: FoundDirection[] = []
  let harmonics = levels[0]
  for (const level of levels) {
    if (found.length === d) break
    const before = found.length
    const guesses = before > 0 ? await options.guesses(found, harmonics) : []
    const coarse = directionSearch(data(coarseRows), level)
    const fine = directionSearch(data(rows), level)
    const fit = startingFit(codes, rows, d, level)
    for (const { w } of found) fit.addSeries(along(codes, w))
    const terms = past.length * 2 * level.count
    const chance = (count: number): number => (BEYOND_CHANCE * terms * d) / (2 * count)
    while (found.length < d) {
      const target = whitened(fit.residuals(fit.coefficients()))
      const explain = (j: number) => (row: number) => target[j][row]
      coarse.explain(explain)
      fine.explain(explain)
      const basis = orthogonalComplement(
        found.map(({ w }) => w),
        d
      ).data
      const stream = random.split(found.length)
      const likely = [
        ...guesses.map((w) => within(basis, d, w)),
        ...curvatureDirections({ rows, latents: d, past, target }, basis, stream.split('curvature'))
      ]
      const start = coarseSearch(coarse, basis, d, likely, starts, chance(coarseRows), stream)
      if (start === undefined) break
      const inside = descend(fine, basis, d, start.w, FINE_ITERATIONS)
      const { w, value } = descend(fine, identityMatrix(d).data, d, inside.w, FINE_ITERATIONS)
      if (-value < chance(rows)) break
      const gain = -value - chance(rows) / BEYOND_CHANCE
      found.push({ w, value, gain })
      fit.addSeries(along(codes, w))
      if (!(await options.onFound(found.length))) return { directions: found, harmonics: level }
    }
    if (found.length > before) harmonics = level
  }
  return { directions: found, harmonics }
}
