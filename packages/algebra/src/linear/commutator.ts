/** The equations AM − MA = 0 as matrices, each weighed by its own terms, and commutants by their null space. */
import {
  combine,
  type Dense,
  multiply,
  type NullSpace,
  nullSpace,
  type RankDecision,
  type RankRule,
  stacked,
  zeros
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'

export const commutator = (a: Dense, m: Dense): Dense => combine(1, multiply(a, m), -1, multiply(m, a))

/** d² × d²: row-major vec(A) ↦ vec(AM − MA), that is I ⊗ Mᵀ − M ⊗ I in this order. */
export const commutatorOperator = (m: Dense): Dense => {
  const d = m.shape[0]
  const out = zeros(d * d, d * d)
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      const row = (i * d + j) * d * d
      for (let l = 0; l < d; l++) {
        out.data[row + i * d + l] += m.data[l * d + j]
        out.data[row + l * d + j] -= m.data[i * d + l]
      }
    }
  return out
}

/** A map, scaled to norm 1, with a weight for each entry of AM − MA. */
export interface Weighed {
  readonly map: Dense
  /** d² */
  readonly weights: Float64Array
}

/** Terms smaller than this, of a map of norm 1, may be nothing but rounding in the map. */
const WEAK = 1e-13
/** An equation of such terms alone weighs so much: what it decides is neither zero nor clearly not. */
const WEAK_WEIGHT = 1e-9

/**
 * Entry (i, j) of AM − MA has the terms A_i· M_·j and M_i· A_·j: relative to them a difference of eigenvalues counts, not
 * relative to the norm of the map, which may be that of another latent.
 */
export const weighed = (map: Dense): Weighed => {
  const d = map.shape[0]
  const [rows, columns] = [new Float64Array(d), new Float64Array(d)]
  map.data.forEach((x, e) => {
    rows[Math.floor(e / d)] += x * x
    columns[e % d] += x * x
  })
  const weights = new Float64Array(d * d).map((_, e) => {
    const size = Math.sqrt(rows[Math.floor(e / d)] + columns[e % d])
    return size >= WEAK ? 1 / size : size > 0 ? WEAK_WEIGHT / size : 0
  })
  return { map, weights }
}

/** Every equation of the same weight: where it is known how far the map as a whole is wrong. */
export const unweighed = (map: Dense): Weighed => ({
  map,
  weights: new Float64Array(map.data.length).fill(1)
})

const weighedOperator = ({ map, weights }: Weighed): Dense => {
  const { data, shape } = commutatorOperator(map)
  return { data: data.map((x, e) => x * weights[Math.floor(e / shape[1])]), shape }
}

/** The weighed entries of AM − MA for each map, one after the other. */
export const weighedCommutators =
  (maps: ReadonlyArray<Weighed>) =>
  (a: Dense): Float64Array => {
    const size = a.shape[0] * a.shape[0]
    const out = new Float64Array(size * maps.length)
    maps.forEach(({ map, weights }, k) => {
      commutator(a, map).data.forEach((x, e) => {
        out[k * size + e] = x * weights[e]
      })
    })
    return out
  }

/** Matrices, orthonormal in Frobenius' inner product, from the columns of a basis of vec(A). */
export const matricesOf = (basis: Dense, rows: number, columns: number): Dense[] =>
  Array.from({ length: basis.shape[1] }, (_, k) => ({
    data: Float64Array.from({ length: rows * columns }, (_, e) => basis.data[e * basis.shape[1] + k]),
    shape: [rows, columns] as const
  }))

export interface MatrixSpace {
  readonly basis: ReadonlyArray<Dense>
  readonly decision: RankDecision
}

/** The commutant of scaled maps by the stacked d² × d² operator. */
export const directCommutant = (
  where: string,
  maps: ReadonlyArray<Weighed>,
  rule: Partial<RankRule>
): Result<MatrixSpace> => {
  const d = maps[0].map.shape[0]
  return pipe(
    nullSpace(where, stacked(maps.map(weighedOperator)), rule),
    E.map(({ basis, decision }: NullSpace) => ({ basis: matricesOf(basis, d, d), decision }))
  )
}

/** Σ θ_k B_k for each column θ of `coefficients`. */
export const combinationsOf = (basis: ReadonlyArray<Dense>, coefficients: Dense): Dense[] => {
  const [count, width] = coefficients.shape
  return Array.from({ length: width }, (_, c) => {
    const out = zeros(...basis[0].shape)
    for (let k = 0; k < count; k++) {
      const w = coefficients.data[k * width + c]
      if (w === 0) continue
      const { data } = basis[k]
      for (let e = 0; e < data.length; e++) out.data[e] += w * data[e]
    }
    return out
  })
}

/** Within the span of an orthonormal basis, what a linear condition on matrices leaves. */
export const restricted = (
  where: string,
  basis: ReadonlyArray<Dense>,
  condition: (b: Dense) => Float64Array,
  rule: Partial<RankRule>
): Result<MatrixSpace> => {
  const images = basis.map(condition)
  const rows = images[0].length
  const operator = zeros(rows, basis.length)
  images.forEach((image, k) => {
    for (let e = 0; e < rows; e++) operator.data[e * basis.length + k] = image[e]
  })
  return pipe(
    nullSpace(where, operator, rule),
    E.map(({ basis: coefficients, decision }) => ({ basis: combinationsOf(basis, coefficients), decision }))
  )
}
