/** Groups of codes with one true factor held fixed, as the β-VAE and FactorVAE scores need them. */
import { type Samples, shapeMismatch, showShape, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { type Binning, type Classes, classesOf } from '../information/discretization.js'
import { checkPair, checkSamples } from '../internal/samples.js'
import { checkHeldOut, type HeldOut, rowsOf } from '../resampling/held-out.js'

/** A request for groups. */
export interface GroupRequest {
  /** The factor that has the same value within a group; groups differ in it. */
  readonly factor: number
  readonly groups: number
  /** Rows in each group. */
  readonly size: number
  /** Uniform on (0, 1). Use no other source of randomness, so that equal seeds give equal scores. */
  readonly random: () => number
  /** Whether the codes are to fit a classifier or to score it. Do not draw the same rows for both. */
  readonly part: 'fit' | 'score'
}

/** Where codes of chosen factors come from: a simulator with an encoder, or data (see `groupsOfRows`). */
export interface FactorGroups {
  readonly factors: number
  /**
   * Codes [groups · size, k], group after group. Draws one value of the factor for each group, and the other factors
   * anew for each row.
   */
  readonly sampleCodes: (request: GroupRequest) => Samples
}

/** Codes as requested, with `width` columns if earlier ones had so many, or what is wrong with them. */
export const drawGroups = (
  where: string,
  { sampleCodes }: FactorGroups,
  request: GroupRequest,
  width: number | undefined
): E.Either<MetricError, Samples> => {
  const codes = sampleCodes(request)
  const what = `what sampleCodes gives for factor ${request.factor}`
  const mismatch = (expected: string): E.Either<MetricError, never> =>
    E.left(shapeMismatch(where, what, showShape(codes.shape), expected))
  const rows = request.groups * request.size
  if (codes.shape[0] !== rows) return mismatch(`${rows} rows`)
  if (width !== undefined && codes.shape[1] !== width) return mismatch(`${width} columns, as for factor 0`)
  return checkSamples(where, what, codes)
}

/** Rows of equal class, for each class with two rows or more: pairs within a class of one never differ. */
interface Strata {
  readonly members: ReadonlyArray<ReadonlyArray<number>>
  /** Rows of which a class is drawn, each class by its share. */
  readonly total: number
}

const strataOf = ({ labels, count }: Classes, rows: ArrayLike<number>): Strata => {
  const members = Array.from({ length: count }, (): number[] => [])
  for (let i = 0; i < rows.length; i++) members[labels[rows[i]]].push(rows[i])
  const kept = members.filter((list) => list.length > 1)
  return { members: kept, total: kept.reduce((sum, list) => sum + list.length, 0) }
}

const drawStratum = ({ members, total }: Strata, random: () => number): ReadonlyArray<number> => {
  let left = random() * total
  for (const list of members) {
    left -= list.length
    if (left < 0) return list
  }
  return members[members.length - 1]
}

const fillGroups = (zHat: Samples, strata: Strata, { groups, size, random }: GroupRequest): Samples => {
  const k = zHat.shape[1]
  const out = new Float64Array(groups * size * k)
  for (let g = 0, at = 0; g < groups; g++) {
    const list = drawStratum(strata, random)
    for (let s = 0; s < size; s++) {
      const from = list[Math.floor(random() * list.length)] * k
      for (let j = 0; j < k; j++) out[at++] = zHat.data[from + j]
    }
  }
  return { data: out, shape: [groups * size, k] }
}

/**
 * Groups drawn (with replacement) from given rows: by values of discrete factors, by bins of continuous ones (default:
 * 10 of equal counts). A random half of the rows serves to fit, the other to score, unless `heldOut` says which.
 * Classes of one row are left out. z [n, d], zHat [n, k].
 *
 * Use it where there is no simulator. It needs independent factors, as rows with one value of a factor stand for all
 * values of the others; and a continuous factor is only nearly fixed within its bin.
 *
 * Errors: `ShapeMismatch`, `TooFewRows` (no class of a factor has two rows in one of the halves), `NotFinite`,
 * `InvalidOption`.
 */
export const groupsOfRows = (
  z: Samples,
  zHat: Samples,
  {
    bins = 10,
    cut = 'equal-count',
    heldOut,
    seed = 0
  }: Binning & { readonly heldOut?: HeldOut; readonly seed?: number } = {}
): E.Either<MetricError, FactorGroups> => {
  const where = 'groupsOfRows'
  const sound = checkPair(where, z, zHat)
  if (E.isLeft(sound)) return sound
  const n = z.shape[0]
  const rows =
    heldOut === undefined ? rowsOf(where, n, heldOut, seed) : checkHeldOut(where, 'heldOut', n, heldOut)
  if (E.isLeft(rows)) return rows
  const classes = classesOf(where, z, { bins, cut })
  if (E.isLeft(classes)) return classes
  const strata = {
    fit: classes.right.map((factor) => strataOf(factor, rows.right.fit)),
    score: classes.right.map((factor) => strataOf(factor, rows.right.score))
  }
  for (const part of ['fit', 'score'] as const) {
    const empty = strata[part].findIndex(({ total }) => total === 0)
    if (empty >= 0) {
      return E.left(tooFewRows(`${where} (rows of equal value of factor ${empty} to ${part} on)`, 1, 2))
    }
  }
  return E.right({
    factors: z.shape[1],
    sampleCodes: (request) => fillGroups(zHat, strata[request.part][request.factor], request)
  })
}
