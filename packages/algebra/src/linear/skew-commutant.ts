/** Antisymmetric matrices that commute with given ones: infinitesimal rotations that change neither mean nor noise. */
import {
  combine,
  type Dense,
  multiply,
  type RankRule,
  roundingLevel,
  symmetricEigen,
  transposed,
  weightedSum,
  zeros
} from '@mechid/numerics'
import { generator } from '@mechid/random'
import { tooLarge } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { normalized } from './balancing.js'
import { type MatrixSpace, restricted, weighed, weighedCommutators } from './commutator.js'
import { allZero, doubtedAbove, joinedDecision } from './joined-decision.js'

/** Orthonormal columns that span one eigenspace. */
type Eigenspace = Dense

/** (e_i e_jᵀ − e_j e_iᵀ)/√2 in the coordinates of the columns, i > j. */
const rotationsOf = ({ data, shape: [d, k] }: Eigenspace): Dense[] => {
  const found: Dense[] = []
  const half = Math.SQRT1_2
  for (let i = 0; i < k; i++)
    for (let j = 0; j < i; j++) {
      const out = zeros(d, d)
      for (let r = 0; r < d; r++)
        for (let c = 0; c < d; c++)
          out.data[r * d + c] = half * (data[r * k + i] * data[c * k + j] - data[r * k + j] * data[c * k + i])
      found.push(out)
    }
  return found
}

/**
 * A random symmetric element of what the maps and their transposes generate: an antisymmetric matrix that commutes with
 * all maps commutes with their transposes too, and so with it.
 */
const symmetricElement = (maps: ReadonlyArray<Dense>): Dense => {
  const random = generator(1).split('symmetric element')
  const terms = maps.flatMap((m) => {
    const turned = transposed(m)
    return [combine(0.5, m, 0.5, turned), multiply(m, turned), multiply(turned, m)]
  })
  return normalized(
    weightedSum(
      terms.map(() => random.normal()),
      terms
    )
  )
}

/** Eigenvalues further apart than this belong to different eigenspaces, whatever the tolerance. */
const APART = 1e-4
const CLUSTERED = 4

interface Split {
  readonly spaces: ReadonlyArray<Eigenspace>
  /** Differences of eigenvalues of different eigenspaces. */
  readonly differences: ReadonlyArray<number>
}

/** Eigenspaces of a symmetric matrix of norm 1, those of eigenvalues near each other together. */
const eigenspaces = (m: Dense, distance: number): Split => {
  const d = m.shape[0]
  const { values, vectors } = symmetricEigen(m)
  const starts = values.flatMap((x, k) => (k === 0 || x - values[k - 1] > distance ? [k] : []))
  const spaces = starts.map((from, s): Eigenspace => {
    const to = starts[s + 1] ?? d
    const out = zeros(d, to - from)
    for (let i = 0; i < d; i++) out.data.set(vectors.data.subarray(i * d + from, i * d + to), i * (to - from))
    return out
  })
  return { spaces, differences: starts.slice(1).map((k) => values[k] - values[k - 1]) }
}

/** The largest entry of m C − c C over the eigenspaces C: whether m is a multiple of the identity on each. */
const awayFromScalars = (m: Dense, spaces: ReadonlyArray<Eigenspace>): number =>
  spaces.reduce((most, space) => {
    if (space.shape[1] < 2) return most
    const moved = multiply(m, space)
    const factor = space.data.reduce((sum, x, e) => sum + x * moved.data[e], 0) / space.shape[1]
    return combine(1, moved, -factor, space).data.reduce((top, x) => Math.max(top, Math.abs(x)), most)
  }, 0)

const wholeSpace = (d: number): Eigenspace => {
  const one = zeros(d, d)
  for (let i = 0; i < d; i++) one.data[i * (d + 1)] = 1
  return one
}

/** Up to this size equations are solved as they are; their ladder is then complete. */
const DIRECT_UP_TO = 8
/** Beyond so many unknowns a system is too large. */
const MOST_UNKNOWNS = 1000

/** All rotations of the eigenspaces, if every map is a multiple of the identity on each of them. */
const freeRotations = (
  maps: ReadonlyArray<Dense>,
  { spaces, differences }: Split,
  floor: number,
  tolerance: number
): MatrixSpace | undefined => {
  const away = maps.reduce((most, m) => Math.max(most, awayFromScalars(m, spaces)), 0)
  if (away > floor) return undefined
  const basis = spaces.flatMap(rotationsOf)
  return { basis, decision: joinedDecision([allZero(basis.length, Math.max(floor, tolerance))], differences) }
}

/**
 * The antisymmetric matrices that commute with all maps (of norm 1, d × d): orthonormal. The eigenspaces of one symmetric
 * element hold all of them; where every map is a multiple of the identity on each, these are all rotations of the
 * eigenspaces, and no system is solved. `isExact`: small entries of the maps are as exact as large ones.
 *
 * Errors: `Undecided`, `TooLarge`.
 */
export const skewCommutant = (
  where: string,
  maps: ReadonlyArray<Dense>,
  d: number,
  rule: RankRule,
  isExact: boolean
): Result<MatrixSpace> => {
  const { tolerance = 0 } = rule
  const isWhole = d <= DIRECT_UP_TO || maps.length === 0
  const split = isWhole
    ? { spaces: [wholeSpace(d)], differences: [] }
    : eigenspaces(symmetricElement(maps), Math.max(APART, CLUSTERED * tolerance))
  const unknowns = split.spaces.reduce((sum, { shape: [, k] }) => sum + (k * (k - 1)) / 2, 0)
  const floor = Math.max(rule.floor, roundingLevel(d * d, unknowns))
  const free = freeRotations(maps, split, floor, tolerance)
  if (free !== undefined) return E.right(free)
  if (unknowns > MOST_UNKNOWNS) {
    const what = 'the number of rotations that the spectra of the maps leave open'
    return E.left(tooLarge(where, what, unknowns, MOST_UNKNOWNS))
  }
  const own = maps.map(weighed)
  const heaviest = own.flatMap(({ weights }) => [...weights]).reduce((most, w) => Math.max(most, w), 1)
  return pipe(
    restricted(where, split.spaces.flatMap(rotationsOf), weighedCommutators(own), {
      tolerance,
      floor: isWhole && isExact ? floor : floor * heaviest
    }),
    E.map(({ basis, decision }) => {
      const sure = tolerance > 0 ? decision : doubtedAbove(decision, floor)
      return { basis, decision: joinedDecision([sure], split.differences) }
    })
  )
}
