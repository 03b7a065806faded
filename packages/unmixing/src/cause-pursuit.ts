/**
 * Finds the directions of the past that additive mechanisms read, one after another: directions that moments suggest, or random
 * ones, on few rows; the best of them is descended and then sharpened on all rows; then its effects are taken out. Easy
 * directions (those with slow effects, which are seen from afar) come first, so that hard ones are sought in few dimensions.
 */
import { growingFactor, identityMatrix, orthogonalComplement, solveLower } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { type AdditiveFit, additiveFit, type Variable } from './additive-fit.js'
import { usableRows } from './columns.js'
import { covarianceOf } from './covariance.js'
import { curvatureDirections, type Moments, productDirections } from './curvature-directions.js'
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

/** The best of some starts, descended: the best first. */
const descendedBest = (
  search: DirectionSearch,
  basis: Float64Array,
  d: number,
  starts: readonly Float64Array[]
): Direction[] =>
  starts
    .map((w) => ({ w, value: search.value(w) }))
    .sort((a, b) => a.value - b.value)
    .slice(0, DESCENDED)
    .map(({ w }) => descend(search, basis, d, w, COARSE_ITERATIONS))
    .sort((a, b) => a.value - b.value)

/**
 * The best direction that starts within `basis` come to, on the coarse rows; undefined where none beats chance. `likely` ones
 * first, group by group, as long as none does.
 */
const coarseSearch = async (
  search: DirectionSearch,
  basis: Float64Array,
  d: number,
  likely: ReadonlyArray<() => Promise<Float64Array[]>>,
  starts: number,
  least: number,
  random: Generator
): Promise<Direction | undefined> => {
  const r = basis.length / d
  const tries = r === 1 ? 1 : starts
  for (const directions of likely) {
    const guessed = descendedBest(search, basis, d, await directions())[0]
    if (guessed !== undefined && -guessed.value > least) return guessed
  }
  let best: Direction | undefined
  for (let done = 0; done < tries; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, tries - done) }, () => randomWithin(basis, d, random))
    const [first, second] = descendedBest(search, basis, d, batch)
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

/** Directions within `basis` that are tried before random ones, group by group, and made only when their turn comes. */
const likelyStarts = (
  data: Omit<Moments, 'target'>,
  { target, left }: Readonly<Record<'target' | 'left', Moments['target']>>,
  basis: Float64Array,
  guesses: () => Promise<readonly Float64Array[]>,
  random: Generator
): ReadonlyArray<() => Promise<Float64Array[]>> => [
  async () => curvatureDirections({ ...data, target }, basis, random.split('curvature')),
  async () => productDirections({ ...data, target: left }, basis, random.split('products')),
  async () => (await guesses()).map((w) => within(basis, data.latents, w))
]

export interface Pursuit {
  /** Directions of unit norm, in the order in which they were found. */
  readonly directions: readonly FoundDirection[]
  /** The series in which the last one was found. */
  readonly harmonics: Harmonics
}

/** Where effects in one series are sought: a search on few rows, one on all, and the fit of what was found. */
const levelSearch = (codes: WhitenedCodes, options: PursuitOptions, level: Harmonics) => {
  const { latents: d, past } = codes
  const rows = usableRows(Math.min(options.rows, codes.rows))
  const coarseRows = usableRows(Math.min(options.coarseRows, rows))
  const on = (count: number): DirectionSearch =>
    directionSearch(
      {
        rows: count,
        latents: d,
        lags: past.length,
        past: (lag, j) => (row) => past[lag][row * d + j]
      },
      level
    )
  const terms = past.length * 2 * level.count
  /** What superfluous terms gain, and some more. */
  const chance = (count: number): number => (BEYOND_CHANCE * terms * d) / (2 * count)
  return {
    rows,
    coarse: on(coarseRows),
    fine: on(rows),
    fit: startingFit(codes, rows, d, level),
    leastCoarse: chance(coarseRows),
    least: chance(rows)
  }
}

/** The next direction besides those found, sharpened on all rows in all dimensions; undefined where none beats chance. */
const nextDirection = async (
  { latents: d, past }: WhitenedCodes,
  { rows, coarse, fine, fit, leastCoarse, least }: ReturnType<typeof levelSearch>,
  found: readonly FoundDirection[],
  guesses: () => Promise<readonly Float64Array[]>,
  starts: number,
  random: Generator
): Promise<FoundDirection | undefined> => {
  const left = fit.residuals(fit.coefficients())
  const target = whitened(left)
  const explain = (j: number) => (row: number) => target[j][row]
  coarse.explain(explain)
  fine.explain(explain)
  const basis = orthogonalComplement(
    found.map(({ w }) => w),
    d
  ).data
  const likely = likelyStarts({ rows, latents: d, past }, { target, left }, basis, guesses, random)
  const start = await coarseSearch(coarse, basis, d, likely, starts, leastCoarse, random)
  if (start === undefined) return undefined
  const inside = descend(fine, basis, d, start.w, FINE_ITERATIONS)
  const { w, value } = descend(fine, identityMatrix(d).data, d, inside.w, FINE_ITERATIONS)
  return -value < least ? undefined : { w, value, gain: -value - least / BEYOND_CHANCE }
}

/**
 * Ends when all latents have a direction, or when nothing more is found. The past is white, so directions of independent
 * latents are orthogonal: each is sought in the complement of those before it, and then sharpened in all dimensions. Starts
 * are where the next codes are curved on average; then where products of what is left of them are; then, if other series were
 * tried before, the rows that few of the found causes move; and random ones last.
 */
export const pursueCauses = async (codes: WhitenedCodes, options: PursuitOptions): Promise<Pursuit> => {
  const { levels, random, starts } = options
  const found: FoundDirection[] = []
  let harmonics = levels[0]
  for (const level of levels) {
    if (found.length === codes.latents) break
    const before = found.slice()
    const searching = levelSearch(codes, options, level)
    for (const { w } of before) searching.fit.addSeries(along(codes, w))
    const seriesBefore = harmonics
    let guessed: readonly Float64Array[] | undefined
    const guesses = async (): Promise<readonly Float64Array[]> => {
      guessed ??= before.length === 0 ? [] : await options.guesses(before, seriesBefore)
      return guessed
    }
    while (found.length < codes.latents) {
      const stream = random.split(found.length)
      const next = await nextDirection(codes, searching, found, guesses, starts, stream)
      if (next === undefined) break
      found.push(next)
      searching.fit.addSeries(along(codes, next.w))
      if (!(await options.onFound(found.length))) return { directions: found, harmonics: level }
    }
    if (found.length > before.length) harmonics = level
  }
  return { directions: found, harmonics }
}
