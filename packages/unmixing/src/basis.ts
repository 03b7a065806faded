/** A basis of whitened codes: directions that were found by what they do, and rows that complete them. */
import { identityMatrix, orthogonalComplement } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { effectsOn } from './additive-transitions.js'
import { quadratic, type SparseRowsProblem } from './cause-counts.js'
import type { FoundDirection } from './cause-pursuit.js'
import type { Harmonics } from './direction-search.js'
import { completedRows, type OnTried } from './sparse-rows.js'
import type { WhitenedCodes } from './whitened-codes.js'

/** Nats a row by which causes have to move completing rows less than the complement does. */
const SIMPLER_ROWS = 0.5
/** Bases whose rows agree this well, up to order and sign, are one. */
const SAME_BASIS = 0.97

/** Rows of a fit, and those that only test it. */
export interface Sizes {
  readonly rows: number
  readonly heldOut: number
}

export interface Basis {
  /** [d, d], unit norm, in whitened codes. */
  readonly rows: Float64Array
  readonly found: readonly boolean[]
}

/** Found directions, then an orthonormal basis of what is orthogonal to them. */
const withComplement = (directions: readonly FoundDirection[], d: number): Float64Array => {
  const rows = new Float64Array(d * d)
  directions.forEach(({ w }, i) => {
    rows.set(w, i * d)
  })
  const rest = orthogonalComplement(
    directions.map(({ w }) => w),
    d
  ).data
  const r = d - directions.length
  for (let k = 0; k < r; k++) {
    for (let j = 0; j < d; j++) rows[(directions.length + k) * d + j] = rest[j * r + k]
  }
  return rows
}

/** Coordinates in `rows` as directions of whitened codes, of unit norm. */
const backFrom = (rows: Float64Array, coordinates: Float64Array, d: number): Float64Array => {
  const out = new Float64Array(d)
  for (let k = 0; k < d; k++) for (let j = 0; j < d; j++) out[j] += coordinates[k] * rows[k * d + j]
  const norm = Math.hypot(...out)
  return out.map((x) => x / norm)
}

interface Completion {
  /** Found directions, then their orthogonal complement. */
  readonly plain: Float64Array
  /** What moves the codes, and rows that few causes move, in the coordinates of `plain`. */
  readonly problem: SparseRowsProblem
  readonly completed: Awaited<ReturnType<typeof completedRows>>
  /** Row i of the latter as a direction of whitened codes. */
  readonly direction: (i: number) => Float64Array
}

const completion = async (
  codes: WhitenedCodes,
  directions: readonly FoundDirection[],
  harmonics: Harmonics,
  sizes: Sizes,
  random: Generator,
  onTried: OnTried
): Promise<Completion> => {
  const d = codes.latents
  const plain = withComplement(directions, d)
  const problem = effectsOn(codes, plain, harmonics, sizes.rows, directions.length)
  const completed = await completedRows(problem, directions.length, random, onTried)
  const direction = (i: number): Float64Array =>
    backFrom(plain, completed.rows.subarray(i * d, (i + 1) * d), d)
  return { plain, problem, completed, direction }
}

/** Directions that might be the missing ones: those that few of the found ones and of the actions move. */
export const guessedDirections = async (
  ...[codes, directions, ...rest]: Parameters<typeof completion>
): Promise<Float64Array[]> => {
  const { direction } = await completion(codes, directions, ...rest)
  const missing = codes.latents - directions.length
  return Array.from({ length: missing }, (_, k) => direction(directions.length + k))
}

/**
 * Directions that were found by what they do, and rows that complete them: those that few causes move where that says
 * something, else the complement, which is right for latents that are independent in the past.
 */
export const basisOf = async (
  ...[codes, directions, ...rest]: Parameters<typeof completion>
): Promise<Basis> => {
  const d = codes.latents
  const known = directions.length
  const r = d - known
  const found = Array.from({ length: d }, (_, i) => i < known || (r === 1 && known > 0))
  if (r === 0 || known + codes.actions.length === 0) return { rows: withComplement(directions, d), found }
  const { plain, problem, completed, direction } = await completion(codes, directions, ...rest)
  const gained = movedBy(identityMatrix(d).data, problem, known) - movedBy(completed.rows, problem, known)
  if (gained < SIMPLER_ROWS * r) return { rows: plain, found }
  const rows = new Float64Array(d * d)
  for (let i = 0; i < d; i++) rows.set(direction(i), i * d)
  return { rows, found: completed.agreed }
}

/** Nats that causes are worth to the rows from `from` on, all together: the fewer causes, the less. */
const movedBy = (
  rows: Float64Array,
  { latents: d, noise, effects }: SparseRowsProblem,
  from: number
): number => {
  let sum = 0
  for (let i = from; i < d; i++) {
    const still = quadratic(rows, i, noise, d)
    for (const effect of effects) sum += 0.5 * Math.log1p(quadratic(rows, i, effect, d) / still)
  }
  return sum
}

/** Whether a basis [d, d] has a row this parallel to `row`, up to sign. */
export const hasRow = (basis: Float64Array, row: Float64Array, cosine: number): boolean => {
  const d = row.length
  for (let k = 0; k < d; k++) {
    let dot = 0
    for (let j = 0; j < d; j++) dot += basis[k * d + j] * row[j]
    if (Math.abs(dot) >= cosine) return true
  }
  return false
}

/** Row by row, whether each of `others` has it. */
export const rowsInAll = (
  basis: Float64Array,
  others: readonly Float64Array[],
  d: number,
  cosine: number
): boolean[] =>
  Array.from({ length: d }, (_, i) => {
    const row = basis.subarray(i * d, (i + 1) * d)
    return others.every((other) => hasRow(other, row, cosine))
  })

/** Whether two bases have the same rows, up to order and sign: each of one has a row of the other this parallel. */
export const sameBasis = (a: Float64Array, b: Float64Array, d: number, cosine = SAME_BASIS): boolean =>
  rowsInAll(a, [b], d, cosine).every((one) => one)
