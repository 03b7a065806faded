/** The operator A ↦ AM − MA as a matrix, and commutants by its null space. */

import {
  combine,
  type Dense,
  multiply,
  type NullSpace,
  nullSpace,
  type RankDecision,
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
  maps: ReadonlyArray<Dense>,
  tolerance: number
): Result<MatrixSpace> => {
  const d = maps[0].shape[0]
  return pipe(
    nullSpace(where, stacked(maps.map(commutatorOperator)), tolerance),
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
  tolerance: number
): Result<MatrixSpace> => {
  const images = basis.map(condition)
  const rows = images[0].length
  const operator = zeros(rows, basis.length)
  images.forEach((image, k) => {
    for (let e = 0; e < rows; e++) operator.data[e * basis.length + k] = image[e]
  })
  return pipe(
    nullSpace(where, operator, tolerance),
    E.map(({ basis: coefficients, decision }) => ({ basis: combinationsOf(basis, coefficients), decision }))
  )
}
