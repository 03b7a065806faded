/** R and R_con by kernel ridge regression: how much of each true latent a smooth function of learned ones explains. */
import { type EdgeTable, invalidOption, type Samples, takeColumns, takeRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Assignment, checkAssignment } from '../correlation/assignment.js'
import type { MetricError } from '../errors.js'
import { checkBinary } from '../graphs/graph-distance.js'
import { positiveInteger } from '../internal/options.js'
import { checkPair } from '../internal/samples.js'
import { type HeldOut, type HeldOutPlan, rowsOf } from '../resampling/held-out.js'
import { kernelRidge, predictKernelRidge, type RidgeChoices } from './internal/kernel-ridge.js'
import { allowedPredictors } from './internal/predictors.js'
import { type RegressionScore, rSquaredOf, scoreOf } from './r-squared.js'

export interface KernelOptions {
  /** Default: fitted on a random half of the rows and scored on the other. */
  readonly evaluation?: HeldOutPlan
  /** λ or candidates for it, 1e-8 or more; the penalty is λ · n. Default: 1e-6, 1e-5, … 1. */
  readonly regularization?: number | ReadonlyArray<number>
  /**
   * σ of the kernel exp(−‖x − y‖²/2σ²) in multiples of the median distance, or candidates. Default: 0.5, 1, 2 and 4.
   */
  readonly bandwidth?: number | ReadonlyArray<number>
  /** How many of the rows fitted on carry a kernel (default: 256). With all of them the regression is exact. */
  readonly landmarks?: number
  /** Of the split and of the landmarks (default: 0). */
  readonly seed?: number
}

export interface KernelScore extends RegressionScore {
  /** σ that was chosen for each true latent, in units of standardized learned latents. */
  readonly bandwidths: ReadonlyArray<number>
  /** λ that was chosen for each true latent. */
  readonly regularizations: ReadonlyArray<number>
}

interface Plan extends RidgeChoices {
  readonly rows: HeldOut
}

const numbers = (
  where: string,
  option: string,
  value: number | ReadonlyArray<number>,
  least: number
): E.Either<MetricError, ReadonlyArray<number>> => {
  const list = typeof value === 'number' ? [value] : value
  const expected = `a number of ${least} or more, or a list of such`
  return list.length > 0 && list.every((x) => x >= least && Number.isFinite(x))
    ? E.right(list)
    : E.left(
        invalidOption(where, option, typeof value === 'number' ? value : `[${list.join(', ')}]`, expected)
      )
}

const LAMBDAS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]
const BANDWIDTHS = [0.5, 1, 2, 4]

const planOf = (where: string, rows: number, options: KernelOptions): E.Either<MetricError, Plan> => {
  const { landmarks = 256, seed = 0 } = options
  const regularization = numbers(where, 'regularization', options.regularization ?? LAMBDAS, 1e-8)
  if (E.isLeft(regularization)) return regularization
  const bandwidth = numbers(where, 'bandwidth', options.bandwidth ?? BANDWIDTHS, 1e-3)
  if (E.isLeft(bandwidth)) return bandwidth
  const count = positiveInteger(where, 'landmarks', landmarks, 2)
  if (E.isLeft(count)) return count
  return E.map((split: HeldOut) => ({
    rows: split,
    regularization: regularization.right,
    bandwidth: bandwidth.right,
    landmarks,
    seed
  }))(rowsOf(where, rows, options.evaluation, seed))
}

/** Latents with the same predictors share one fit. */
const byPredictors = (predictors: ReadonlyArray<ReadonlyArray<number>>): Map<string, number[]> => {
  const groups = new Map<string, number[]>()
  predictors.forEach((kept, i) => {
    const key = kept.join()
    groups.set(key, [...(groups.get(key) ?? []), i])
  })
  return groups
}

const kernelScore = (
  z: Samples,
  zHat: Samples,
  predictors: ReadonlyArray<ReadonlyArray<number>>,
  plan: Plan
): KernelScore => {
  const [fit, score] = [takeRows(z, plan.rows.fit), takeRows(z, plan.rows.score)]
  const [fitHat, scoreHat] = [takeRows(zHat, plan.rows.fit), takeRows(zHat, plan.rows.score)]
  const empty = (): number[] => new Array<number>(z.shape[1]).fill(0)
  const [rSquared, bandwidths, regularizations] = [empty(), empty(), empty()]
  const predicted = new Float64Array(score.shape[0])
  for (const latents of byPredictors(predictors).values()) {
    const kept = predictors[latents[0]]
    // A latent that may be explained by nothing is not explained.
    if (kept.length === 0) continue
    const model = kernelRidge(takeColumns(fitHat, kept), takeColumns(fit, latents), plan)
    const { data } = predictKernelRidge(model, takeColumns(scoreHat, kept))
    latents.forEach((latent, p) => {
      for (let i = 0; i < predicted.length; i++) predicted[i] = data[i * latents.length + p]
      rSquared[latent] = rSquaredOf(score, latent, predicted)
      bandwidths[latent] = model.targets[p].bandwidth
      regularizations[latent] = model.targets[p].regularization
    })
  }
  return { ...scoreOf(rSquared), bandwidths, regularizations }
}

/**
 * R by kernel ridge regression: each true latent is regressed on all learned latents with a Gaussian kernel; the score
 * is the mean of √R². In [0, 1]; 1: every true latent is a smooth function of the learned ones (as in J. von Kügelgen
 * et al., NeurIPS 2021, section 5). z [n, d], zHat [n, k]. On held-out rows, unless `evaluation` is `'in-sample'`.
 *
 * Use it where learned latents may be bent; where a linear map is promised, `linearR` is sharper and much faster. With
 * few rows, heavy tails or many latents even perfect codes score less than 1: it extrapolates to the mean.
 *
 * Learned latents are standardized on the rows fitted on. λ and the bandwidth (about the median distance, A. Gretton et
 * al., JMLR 2012) are chosen for each true latent by 4-fold cross-validation among these rows. Kernels sit on m =
 * `landmarks` rows (Nyström): about n m² flops for each bandwidth in use, and an eigenvalue problem of size m for each
 * candidate.
 *
 * Errors: `ShapeMismatch`, `TooFewRows` (4 or more rows to split), `NotFinite`, `InvalidOption`.
 *
 * @example
 * kernelR(z, zHat, { landmarks: 512, seed: 1 })
 */
export const kernelR = (
  z: Samples,
  zHat: Samples,
  options: KernelOptions = {}
): E.Either<MetricError, KernelScore> => {
  const sound = checkPair('kernelR', z, zHat)
  if (E.isLeft(sound)) return sound
  const all = Array.from({ length: zHat.shape[1] }, (_, j) => j)
  const predictors = Array.from({ length: z.shape[1] }, () => all)
  return E.map((plan: Plan) => kernelScore(z, zHat, predictors, plan))(planOf('kernelR', z.shape[0], options))
}

/**
 * R_con by kernel ridge regression: as `kernelR`, but true latent i is regressed only on the learned latents that
 * the pattern (d × d) allows under the assignment, as in `rCon`. One fit for each distinct set of predictors.
 *
 * Use it to check a promise up to smooth maps of blocks; where these are linear, use `rCon`.
 *
 * Errors: those of `kernelR`, `NotBinary`, `BadAssignment`.
 */
export const kernelRCon = (
  z: Samples,
  zHat: Samples,
  pattern: EdgeTable,
  assignment: Assignment,
  options: KernelOptions = {}
): E.Either<MetricError, KernelScore> => {
  const where = 'kernelRCon'
  const sound = checkPair(where, z, zHat)
  if (E.isLeft(sound)) return sound
  const d = z.shape[1]
  const binary = checkBinary(where, 'pattern', pattern, d, d)
  if (E.isLeft(binary)) return binary
  const assigned = checkAssignment(where, assignment, d, zHat.shape[1])
  if (E.isLeft(assigned)) return assigned
  const predictors = pattern.map((row) => allowedPredictors(row, assignment))
  return E.map((plan: Plan) => kernelScore(z, zHat, predictors, plan))(planOf(where, z.shape[0], options))
}
