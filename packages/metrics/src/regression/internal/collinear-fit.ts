/**
 * Least squares on columns themselves, for inputs so collinear that their correlations do not tell their directions.
 */
import { type Dense, pivotedQr, type RightSvd, rightSvd, roundingLevel, thinQ, zeros } from '@mechid/numerics'
import type { Samples } from '@mechid/values'
import { isConstant, type JointMoments } from '../../internal/covariance.js'
import type { StandardizedFit } from '../linear-regression.js'

/** Rounding of a number, relative to its column's standard deviation: a few units in the last place. */
const ROUNDINGS = 4

/** Learned latents as inputs of mean 0 and norm 1, none of them constant. */
export interface Inputs {
  readonly samples: Samples
  readonly kept: ReadonlyArray<number>
  /** One an input. */
  readonly mean: ReadonlyArray<number>
  readonly norm: ReadonlyArray<number>
  /**
   * Directions below this share of the strongest are rounding: of the numbers as they were handed in, about their
   * means, and of a factorization.
   */
  readonly rounding: number
}

/** The inputs `kept`; `roundoff`: the unit roundoff of their numbers. */
export const inputsOf = (
  samples: Samples,
  { rows, learned, learnedMean }: JointMoments,
  kept: ReadonlyArray<number>,
  roundoff: number
): Inputs => {
  const k = samples.shape[1]
  const mean = kept.map((j) => learnedMean[j])
  const norm = kept.map((j) => Math.sqrt(learned[j * k + j]))
  const relative = norm.map((n, p) => Math.hypot(n, mean[p] * Math.sqrt(rows)) / n)
  const rounding = Math.max(
    roundingLevel(kept.length, kept.length),
    ROUNDINGS * roundoff * Math.max(...relative)
  )
  return { samples, kept, mean, norm, rounding }
}

/** ‖X v‖: how much the inputs X vary along a direction. */
export const strengthAlong = (
  { samples: { data, shape }, kept, mean, norm }: Inputs,
  direction: Float64Array
): number => {
  const [rows, k] = shape
  const weights = direction.map((x, p) => x / norm[p])
  let squares = 0
  for (let i = 0; i < rows; i++) {
    let along = 0
    for (let p = 0; p < kept.length; p++) along += (data[i * k + kept[p]] - mean[p]) * weights[p]
    squares += along * along
  }
  return Math.sqrt(squares)
}

/** X [rows, m]. */
const columnsOf = ({ samples: { data, shape }, kept, mean, norm }: Inputs): Dense => {
  const [rows, k] = shape
  const m = kept.length
  const out = zeros(rows, m)
  for (let i = 0; i < rows; i++) {
    for (let p = 0; p < m; p++) out.data[i * m + p] = (data[i * k + kept[p]] - mean[p]) / norm[p]
  }
  return out
}

/** Inputs, factored: X = Q R, R = U diag(values) Vᵀ. */
export interface CollinearDesign {
  /** [rows, steps], row-major, orthonormal columns. */
  readonly q: Float64Array
  readonly steps: number
  /** U [steps, rank], row-major, of the values that are more than rounding. */
  readonly left: Float64Array
  readonly svd: RightSvd
  readonly rank: number
  /** `order[p]` is the input that R's column p belongs to. */
  readonly order: Int32Array
}

/** Factors the inputs; directions that are rounding do not count. */
export const collinearDesign = (inputs: Inputs): CollinearDesign => {
  const m = inputs.kept.length
  const qr = pivotedQr(columnsOf(inputs))
  const steps = qr.r.shape[0]
  const svd = rightSvd(qr.r)
  const rank = svd.values.filter((value) => value > inputs.rounding * svd.values[0]).length
  const left = new Float64Array(steps * rank)
  for (let s = 0; s < steps; s++) {
    for (let p = s; p < m; p++) {
      for (let e = 0; e < rank; e++) {
        left[s * rank + e] += (qr.r.data[s * m + p] * svd.vectors.data[p * m + e]) / svd.values[e]
      }
    }
  }
  return { q: thinQ(qr, steps).data, steps, left, svd, rank, order: qr.order }
}

/** True latent i of z regressed on a design: the coefficients of least norm. Constant latents have R² 0. */
export const collinearFit = (
  { q, steps, left, svd, rank, order }: CollinearDesign,
  { data, shape }: Samples,
  { trueMean, trueSquares }: JointMoments,
  i: number
): StandardizedFit => {
  const [rows, d] = shape
  const m = order.length
  const coefficients = new Float64Array(m)
  if (isConstant(trueSquares[i], trueMean[i], rows)) return { coefficients, rSquared: 0, rank }
  const norm = Math.sqrt(trueSquares[i])
  const projected = new Float64Array(steps)
  for (let r = 0; r < rows; r++) {
    const y = (data[r * d + i] - trueMean[i]) / norm
    for (let s = 0; s < steps; s++) projected[s] += q[r * steps + s] * y
  }
  let rSquared = 0
  for (let e = 0; e < rank; e++) {
    let along = 0
    for (let s = 0; s < steps; s++) along += left[s * rank + e] * projected[s]
    rSquared += along ** 2
    for (let p = 0; p < m; p++) {
      coefficients[order[p]] += (along / svd.values[e]) * svd.vectors.data[p * m + e]
    }
  }
  return { coefficients, rSquared, rank }
}
