/** Ridge regression in the span of a Gaussian kernel at landmark rows. */
import { solveShifted } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { type Samples, type Standardization, takeColumns, takeRows } from '@mechid/values'
import { standardizationOf, standardize } from '../../internal/standardization.js'
import { type NormalEquations, type Nystrom, normalEquations, nystrom } from './nystrom.js'
import { KERNEL_BLOCK, kernelBlock, medianDistance } from './rbf-kernel.js'

/** Choices of a fit; of lists, cross-validation chooses for each target. */
export interface FitChoices {
  /** λ, per row: the penalty is λ · n. */
  readonly regularization: ReadonlyArray<number>
  /** In multiples of the median distance between landmarks. */
  readonly bandwidth: ReadonlyArray<number>
  /** Of random folds and landmarks. */
  readonly seed: number
}

export interface RidgeChoices extends FitChoices {
  /** How many rows carry a kernel, at most. */
  readonly landmarks: number
}

/** What was fitted for one target: predicts it from rows of inputs. */
interface TargetFit {
  readonly bandwidth: number
  readonly regularization: number
  /** One per landmark. */
  readonly weights: Float64Array
  /** The target's mean over the rows fitted on. */
  readonly intercept: number
}

export interface KernelRidge {
  readonly standardization: Standardization
  /** [m, k], standardized. */
  readonly landmarks: Samples
  readonly targets: ReadonlyArray<TargetFit>
}

/** Enough rows to choose one of some tens of candidates by; the fit itself takes all. */
const ROWS_TO_CHOOSE_ON = 4096

const FOLDS = 4

/** The parts with everything but one of them. */
const without = (all: Float64Array, part: Float64Array): Float64Array => all.map((x, i) => x - part[i])

const summed = (parts: ReadonlyArray<Float64Array>): Float64Array =>
  parts[0].map((_, i) => parts.reduce((sum, part) => sum + part[i], 0))

/** ‖y − Φw‖² of each target on a fold, from its normal equations; w is [rank, targets]. */
const foldErrors = ({ gram, product, squares }: NormalEquations, rank: number, w: Float64Array): number[] => {
  const targets = squares.length
  return Array.from(squares, (square, j) => {
    let error = square
    for (let e = 0; e < rank; e++) {
      let fitted = gram[e * rank + e] * w[e * targets + j]
      for (let f = e + 1; f < rank; f++) fitted += 2 * gram[e * rank + f] * w[f * targets + j]
      error += w[e * targets + j] * (fitted - 2 * product[e * targets + j])
    }
    return error
  })
}

/** The squared error of cross-validation for each λ and target. */
const crossValidated = (
  folds: ReadonlyArray<NormalEquations>,
  rank: number,
  lambdas: ReadonlyArray<number>
): number[][] => {
  const targets = folds[0].squares.length
  const gram = summed(folds.map((fold) => fold.gram))
  const product = summed(folds.map((fold) => fold.product))
  const rows = folds.reduce((sum, fold) => sum + fold.rows, 0)
  const errors = lambdas.map(() => new Array<number>(targets).fill(0))
  for (const fold of folds) {
    const [others, right] = [without(gram, fold.gram), without(product, fold.product)]
    lambdas.forEach((lambda, at) => {
      const w = solveShifted({ data: others, shape: [rank, rank] }, lambda * (rows - fold.rows), {
        data: right,
        shape: [rank, targets]
      }).data
      foldErrors(fold, rank, w).forEach((error, j) => {
        errors[at][j] += error
      })
    })
  }
  return errors
}

interface Choice {
  readonly multiple: number
  readonly lambda: number
}

/** For each target the bandwidth and λ of least error in cross-validation by random folds. */
const choose = (
  x: Samples,
  y: Samples,
  intercept: Float64Array,
  basisOf: (multiple: number) => Nystrom,
  { regularization, bandwidth, seed }: FitChoices
): Choice[] => {
  const targets = y.shape[1]
  const first = { multiple: bandwidth[0], lambda: regularization[0] }
  if (bandwidth.length * regularization.length === 1) return new Array<Choice>(targets).fill(first)
  const order = generator(seed).split('folds').permutation(x.shape[0]).subarray(0, ROWS_TO_CHOOSE_ON)
  const count = Math.min(FOLDS, order.length)
  const parts = Array.from({ length: count }, (_, f) => order.filter((__, i) => i % count === f))
  const best = new Array<Choice>(targets).fill(first)
  const least = new Array<number>(targets).fill(Number.POSITIVE_INFINITY)
  for (const multiple of bandwidth) {
    const basis = basisOf(multiple)
    const folds = parts.map((part) => normalEquations(basis, takeRows(x, part), takeRows(y, part), intercept))
    crossValidated(folds, basis.rank, regularization).forEach((errors, at) => {
      errors.forEach((error, j) => {
        if (error < least[j]) {
          least[j] = error
          best[j] = { multiple, lambda: regularization[at] }
        }
      })
    })
  }
  return best
}

/** Weights of the landmarks' kernels for one target. */
const weightsOf = (
  { whitening, rank, landmarks }: Nystrom,
  { gram, product, rows }: NormalEquations,
  lambda: number
): Float64Array => {
  const m = landmarks.shape[0]
  const { data: w } = solveShifted({ data: gram, shape: [rank, rank] }, lambda * rows, {
    data: product,
    shape: [rank, 1]
  })
  const weights = new Float64Array(m)
  for (let e = 0; e < rank; e++) for (let l = 0; l < m; l++) weights[l] += w[e] * whitening[e * m + l]
  return weights
}

/** One target's normal equations out of several targets'. */
const oneTarget = (equations: NormalEquations, j: number): NormalEquations => {
  const targets = equations.squares.length
  return { ...equations, product: equations.product.filter((_, at) => at % targets === j) }
}

/**
 * Kernel ridge regression of y [n, targets] on x [n, k], both sound: the minimum over functions f in the span of
 * the kernels at the landmarks of Σ(y − ȳ − f(x))² + λ n ‖f‖². With all rows as landmarks this is exact kernel
 * ridge regression, (K + λ n I) α = y − ȳ; with fewer it is Nyström's approximation (A. Rudi et al., NIPS 2015).
 * `landmarkRows` says which rows they are; undefined: all. λ and the bandwidth are chosen for each target by 4-fold
 * cross-validation on at most 4096 random rows.
 */
export const kernelRidgeAt = (
  x: Samples,
  y: Samples,
  landmarkRows: ArrayLike<number> | undefined,
  choices: FitChoices
): KernelRidge => {
  const standardization = standardizationOf(x)
  const inputs = standardize(x, standardization)
  const targets = y.shape[1]
  const landmarks = landmarkRows === undefined ? inputs : takeRows(inputs, landmarkRows)
  const unit = medianDistance(landmarks)
  const intercept = Float64Array.from(standardizationOf(y).mean)
  const bases = new Map<number, Nystrom>()
  const basisOf = (multiple: number): Nystrom => {
    const known = bases.get(multiple) ?? nystrom(landmarks, multiple * unit)
    bases.set(multiple, known)
    return known
  }
  const chosen = choose(inputs, y, intercept, basisOf, choices)
  const fits = new Array<TargetFit>(targets)
  for (const multiple of new Set(chosen.map((choice) => choice.multiple))) {
    const basis = basisOf(multiple)
    const mine = chosen.flatMap((choice, j) => (choice.multiple === multiple ? [j] : []))
    const means = Float64Array.from(mine, (j) => intercept[j])
    const equations = normalEquations(basis, inputs, takeColumns(y, mine), means)
    mine.forEach((j, at) => {
      const regularization = chosen[j].lambda
      const weights = weightsOf(basis, oneTarget(equations, at), regularization)
      fits[j] = { bandwidth: basis.bandwidth, regularization, weights, intercept: intercept[j] }
    })
  }
  return { standardization, landmarks, targets: fits }
}

/** The same with landmarks at random rows. */
export const kernelRidge = (x: Samples, y: Samples, choices: RidgeChoices): KernelRidge => {
  const n = x.shape[0]
  const few = n > choices.landmarks
  const order = few ? generator(choices.seed).split('landmarks').permutation(n) : undefined
  return kernelRidgeAt(x, y, order?.subarray(0, choices.landmarks), choices)
}

/** The predictions [rows, targets] of a fit at other inputs. */
export const predictKernelRidge = (
  { standardization, landmarks, targets }: KernelRidge,
  x: Samples
): Samples => {
  const inputs = standardize(x, standardization)
  const [n, m, d] = [x.shape[0], landmarks.shape[0], targets.length]
  const out = new Float64Array(n * d)
  const size = KERNEL_BLOCK
  const block = new Float64Array(m * size)
  for (const bandwidth of new Set(targets.map((target) => target.bandwidth))) {
    for (let start = 0; start < n; start += size) {
      const count = Math.min(size, n - start)
      kernelBlock(inputs, start, count, landmarks, bandwidth, block)
      for (let j = 0; j < d; j++) {
        if (targets[j].bandwidth !== bandwidth) continue
        const { weights, intercept } = targets[j]
        for (let t = 0; t < count; t++) {
          let sum = intercept
          for (let l = 0; l < m; l++) sum += block[l * size + t] * weights[l]
          out[(start + t) * d + j] = sum
        }
      }
    }
  }
  return { data: out, shape: [n, d] }
}
