/** Equivariances in distribution of linear-Gaussian kernels, in closed form. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { invalidParameter, type Result, sizeMismatch } from '../errors.js'
import { type Dense, frobenius, type Rows, squareFromRows, vectorOf, zeros } from '../linalg/dense.js'
import { symmetricEigen } from '../linalg/eigenvalues.js'
import { nullSpace, stacked } from '../linalg/null-space.js'
import type { AffineCommutant, AffineField } from '../linear/commutant.js'

/** z' ~ N(M z + b, Σ). */
export interface LinearGaussian {
  readonly matrix: Rows
  readonly covariance: Rows
  /** 0 unless told otherwise. */
  readonly shift?: ReadonlyArray<number>
}

interface Read {
  readonly matrix: Dense
  readonly covariance: Dense
  readonly shift: Float64Array
}

const read = (where: string, kernel: LinearGaussian, k: number, d: number): Result<Read> =>
  pipe(
    E.Do,
    E.bind('matrix', () => squareFromRows(where, `the matrix of kernel ${k}`, kernel.matrix)),
    E.bind('covariance', () => squareFromRows(where, `the covariance of kernel ${k}`, kernel.covariance)),
    E.bind('shift', () =>
      vectorOf(where, `the shift of kernel ${k}`, kernel.shift ?? new Array<number>(d).fill(0), d)
    ),
    E.flatMap((parts): Result<Read> => {
      for (const part of [parts.matrix, parts.covariance])
        if (part.shape[0] !== d) return sizeMismatch(where, `the size of kernel ${k}`, d, part.shape[0])
      const { data } = parts.covariance
      const skew = data.some(
        (x, e) => Math.abs(x - data[(e % d) * d + Math.floor(e / d)]) > 1e-12 * Math.abs(x)
      )
      const least = skew ? Number.NaN : Math.min(...symmetricEigen(parts.covariance).values)
      return least > 0
        ? E.right(parts)
        : invalidParameter(
            where,
            `the covariance of kernel ${k}`,
            skew ? 'not symmetric' : `of least eigenvalue ${least}`,
            'symmetric and positive definite'
          )
    })
  )

const unitScale = (m: Dense): number => {
  const norm = frobenius(m)
  return norm > 0 ? 1 / norm : 1
}

/** [B, M] = 0, BΣ + ΣBᵀ = 0, (M − I)c = Bb as rows on (vec B, c), maps scaled to norm 1. */
const conditions = ({ matrix, covariance, shift }: Read, unit: number): Dense => {
  const d = shift.length
  const columns = d * d + d
  const out = zeros(2 * d * d + d, columns)
  const [m, s] = [matrix.data, covariance.data]
  const [mScale, sScale] = [unitScale(matrix), unitScale(covariance)]
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      const commuting = (i * d + j) * columns
      const balanced = (d * d + i * d + j) * columns
      for (let l = 0; l < d; l++) {
        out.data[commuting + i * d + l] += mScale * m[l * d + j]
        out.data[commuting + l * d + j] -= mScale * m[i * d + l]
        out.data[balanced + i * d + l] += sScale * s[l * d + j]
        out.data[balanced + j * d + l] += sScale * s[i * d + l]
      }
    }
  const scale = Math.min(1, mScale)
  for (let i = 0; i < d; i++) {
    const row = (2 * d * d + i) * columns
    for (let l = 0; l < d; l++) {
      out.data[row + d * d + l] = scale * (m[i * d + l] - (i === l ? 1 : 0))
      out.data[row + i * d + l] = (-scale * shift[l]) / unit
    }
  }
  return out
}

/**
 * The affine fields z ↦ Bz + c that leave all kernels z' ~ N(M_k z + b_k, Σ_k) the same in distribution: [B, M] = 0,
 * BΣ + ΣBᵀ = 0, (M − I)c = Bb. For M invertible there are no others, however nonlinear.
 *
 * Errors: `NotSquare`, `NotFinite`, `SizeMismatch`, `InvalidParameter` (a covariance that is none), `Undecided`.
 *
 * @example
 * linearGaussianFields([{ matrix: [[1]], covariance: [[1]] }]) // right: dimension 1, the shifts
 */
export const linearGaussianFields = (
  kernels: ReadonlyArray<LinearGaussian>,
  { tolerance = 0 }: { readonly tolerance?: number } = {}
): Result<AffineCommutant> => {
  const where = 'linearGaussianFields'
  if (kernels.length === 0)
    return invalidParameter(where, 'the list of kernels', 'empty', 'one kernel or more')
  const d = kernels[0].matrix.length
  const all: Read[] = []
  for (const [k, kernel] of kernels.entries()) {
    const own = read(where, kernel, k, d)
    if (E.isLeft(own)) return own
    all.push(own.right)
  }
  const longest = Math.max(...all.map(({ shift }) => Math.hypot(...shift)))
  const unit = longest > 0 ? longest : 1
  return pipe(
    nullSpace(where, stacked(all.map((kernel) => conditions(kernel, unit))), tolerance),
    E.map(({ basis, decision }) => {
      const width = basis.shape[1]
      const entry = (e: number, k: number): number => basis.data[e * width + k]
      const fields = Array.from(
        { length: width },
        (_, k): AffineField => ({
          matrix: { data: Float64Array.from({ length: d * d }, (_, e) => entry(e, k)), shape: [d, d] },
          shift: Float64Array.from({ length: d }, (_, i) => unit * entry(d * d + i, k))
        })
      )
      return { size: d, dimension: width, basis: fields, decision }
    })
  )
}
