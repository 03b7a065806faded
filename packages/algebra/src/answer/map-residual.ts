/**
 * How far fields and maps are from commuting with linear, affine and linear-Gaussian maps, in closed form. In units, and
 * relative to the terms of each equation, as decisions are.
 */
import {
  combine,
  type Dense,
  frobenius,
  identityMatrix,
  multiply,
  ofRows,
  transposed,
  weightedSum,
  zeros
} from '@mechid/numerics'
import { generator } from '@mechid/random'
import type { LinearMap } from '../finite/linear-symmetries.js'
import { type AffineField, beside, longestShift } from '../linear/affine-commutant.js'
import {
  balanced,
  balancingUnits,
  inUnits,
  normalized,
  powersOfTwo,
  type Units
} from '../linear/balancing.js'
import { commutator, weighed } from '../linear/commutator.js'
import { whiteningOf } from '../linear/covariances.js'

/** [[A, c], [0, last]] of [A | c]. */
const closedBelow = ({ data, shape: [d] }: Dense, last: number): Dense => {
  const n = d + 1
  const out = zeros(n, n)
  out.data.set(data)
  out.data[n * n - 1] = last
  return out
}

const embeddedMap = ({ matrix, shift }: LinearMap, units: Units): Dense => {
  const d = matrix.length
  const joined = beside(
    { matrix: ofRows(matrix), shift: Float64Array.from(shift ?? new Array(d).fill(0)) },
    1
  )
  return balanced(closedBelow(joined, 1), units)
}

/** Units that the maps themselves set: by their noise where they have some, balanced else. */
export const unitsOf = (maps: ReadonlyArray<LinearMap>): Units => {
  const d = maps[0].matrix.length
  const plain = new Float64Array(d + 1).fill(1)
  const noise = maps.flatMap(({ covariance }) => (covariance === undefined ? [] : [ofRows(covariance)]))
  if (noise.length === 0)
    return balancingUnits(
      maps.map((map) => embeddedMap(map, plain)),
      true
    )
  const { deviations } = whiteningOf(noise.map(normalized))
  return powersOfTwo([...deviations, 1 / (longestShift(inDeviations(maps, deviations)) || 1)])
}

const inDeviations = (maps: ReadonlyArray<LinearMap>, deviations: Float64Array) =>
  maps.map(({ shift }) => ({ shift: (shift ?? []).map((x, i) => x / deviations[i]) }))

/** Σ in units, of norm 1. */
const covarianceIn = (rows: ReadonlyArray<ReadonlyArray<number>>, units: Units): Dense => {
  const covariance = normalized(ofRows(rows))
  const d = covariance.shape[0]
  return normalized({
    data: covariance.data.map((x, e) => x / units[Math.floor(e / d)] / units[e % d]),
    shape: covariance.shape
  })
}

const size = (x: ArrayLike<number>): number => Math.hypot(...Array.from(x))

/** ‖EF − FE‖ with each entry relative to the terms that E of its size and this F could give it. */
const commutatorResidual = (e: Dense, f: Dense): number => {
  const { weights } = weighed(f)
  const scale = 2 * Math.max(frobenius(e), 1e-300)
  return size(commutator(e, f).data.map((x, k) => x * weights[k])) / scale
}

/** More fields than this are tried by random combinations, each field in one of them. */
const MOST_TRIED = 24

const tried = (basis: ReadonlyArray<Dense>): ReadonlyArray<Dense> => {
  if (basis.length <= MOST_TRIED) return basis
  const random = generator(1).split('fields to check')
  return Array.from({ length: MOST_TRIED }, (_, t) => {
    const own = basis.filter((__, k) => k % MOST_TRIED === t)
    return weightedSum(
      own.map(() => random.normal()),
      own
    )
  })
}

/** The largest of ‖XM − MX‖, ‖Xb + y − My‖ and ‖XΣ + ΣXᵀ‖ over fields and maps, relative to their terms. */
export const fieldResidual = (
  basis: ReadonlyArray<AffineField>,
  maps: ReadonlyArray<LinearMap>,
  units: Units
): number => {
  const fields = tried(basis.map((field) => normalized(inUnits(beside(field, 1), units))))
  let worst = 0
  for (const map of maps) {
    const f = embeddedMap(map, units)
    const covariance = map.covariance === undefined ? undefined : covarianceIn(map.covariance, units)
    for (const joined of fields) {
      const e = closedBelow(joined, 0)
      worst = Math.max(worst, commutatorResidual(e, f))
      if (covariance === undefined) continue
      const d = covariance.shape[0]
      const half = multiply(squareOf(joined), covariance)
      const stretched = frobenius(combine(1, half, 1, transposed(half)))
      worst = Math.max(worst, stretched / (2 * Math.max(frobenius(e), 1e-300) * Math.sqrt(d)))
    }
  }
  return worst
}

const squareOf = ({ data, shape: [d, n] }: Dense): Dense => {
  const out = zeros(d, d)
  for (let i = 0; i < d; i++) out.data.set(data.subarray(i * n, i * n + d), i * d)
  return out
}

/**
 * AM − MA, Ab + c − Mc − b and AΣAᵀ − Σ of a map z ↦ Az + c, relative to their terms and to how far the map is from the
 * identity, which commutes with everything.
 */
export const mapResidual = (map: LinearMap, change: AffineField, units: Units): number => {
  const joined = inUnits(beside(change, 1), units)
  const e = closedBelow(joined, 1)
  const moved = combine(1, e, -1, identityMatrix(e.shape[0]))
  const reach = Math.max(frobenius(moved), ROUNDING * frobenius(e))
  const apart = (commutatorResidual(e, embeddedMap(map, units)) * frobenius(e)) / reach
  if (map.covariance === undefined) return apart
  const a = squareOf(joined)
  const noise = covarianceIn(map.covariance, units)
  const there = multiply(multiply(a, noise), transposed(a))
  const gap = frobenius(combine(1, there, -1, noise))
  return Math.max(apart, gap / (frobenius(there) + frobenius(noise)))
}

/** A map this near to the identity is it. */
const ROUNDING = 1e-12
