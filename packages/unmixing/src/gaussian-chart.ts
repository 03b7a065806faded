/**
 * A chart under which codes are Gaussian and independent, the nearest one: the gradient of a potential, as optimal transport
 * has it (Y. Brenier 1991), so that nothing turns that need not. Codes of first frames are bent where nothing else holds
 * them; if first latents are Gaussian, as the objective of an autoencoder supposes, this takes off every bend that their density shows.
 */
import { invertInto } from '@mechid/numerics'
import { type Generator, generator } from '@mechid/random'
import { aborted, checkFinite, checkShape, type Samples, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { chartBatch, chartLayout, drawChart } from './chart.js'
import {
  BLOCK,
  batchRows,
  CHART_WIDTH,
  type ChartOptions,
  checkChartOptions,
  inBlocks,
  learnChart,
  trainingRows
} from './chart-learning.js'
import { checkedWhitening } from './codes.js'
import type { UnmixingError } from './errors.js'
import { LEAST_ROWS } from './options.js'
import { whiten } from './whitened-codes.js'

/** A chart of codes near those that it was learned on. */
export interface GaussianChart {
  /** What the chart is but for its bends: matrix (h − centre), which whitens the codes; matrix [d, d] row-major. */
  readonly map: { readonly matrix: Float64Array; readonly centre: Float64Array }
  /** The chart at more codes [n, d], row-major. */
  readonly straighten: (codes: ArrayLike<number>) => Float64Array
  /**
   * Mean over codes [n, d] of the logarithm of what the chart does to volumes beside `map`: added to a log-likelihood of the charted codes, it gives
   * that of the whitened ones, so that codes before and after can be compared.
   */
  readonly meanLogVolume: (codes: ArrayLike<number>) => number
  /** Log-likelihood of held-out rows as independent Gaussians, whitened alone and under the chart, in nats a row, but for one constant. */
  readonly before: number
  readonly after: number
}

const STEPS = 800

const WHERE = 'gaussianChart'

/**
 * φ(s) = s + A s + c + Σ_k a_k v_k σ(v_k · s + b_k), A symmetric: a chart whose w_k = a_k v_k, so that its Jacobian is symmetric. Its
 * own parameters are those of the chart with a [width] in the place of w [width, d].
 */
export const gradientChart = (latents: number, width: number, rows: number) => {
  const d = latents
  const layout = chartLayout({ latents, width })
  const { outward, linear, offset } = layout
  const own = { strengths: outward, linear: outward + width, offset: outward + width + d * d }
  const count = own.offset + d
  const chart = chartBatch({ latents, width }, rows)
  const full = new Float64Array(layout.count)
  const byFull = new Float64Array(layout.count)
  const [square, inverse] = [new Float64Array(d * d), new Float64Array(d * d)]
  const byValues = new Float64Array(rows * d)
  const byJacobians = new Float64Array(rows * d * d)

  const unfold = (parameters: Float64Array): void => {
    full.set(parameters.subarray(0, outward))
    for (let k = 0; k < width; k++) {
      for (let j = 0; j < d; j++) {
        full[outward + k * d + j] = parameters[own.strengths + k] * parameters[k * d + j]
      }
    }
    full.set(parameters.subarray(own.linear, own.offset), linear)
    full.set(parameters.subarray(own.offset), offset)
  }

  const foldGradient = (parameters: Float64Array, gradient: Float64Array): void => {
    gradient.set(byFull.subarray(0, outward))
    for (let k = 0; k < width; k++) {
      let sum = 0
      for (let j = 0; j < d; j++) {
        const g = byFull[outward + k * d + j]
        sum += g * parameters[k * d + j]
        gradient[k * d + j] += g * parameters[own.strengths + k]
      }
      gradient[own.strengths + k] = sum
    }
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        gradient[own.linear + i * d + j] = 0.5 * (byFull[linear + i * d + j] + byFull[linear + j * d + i])
      }
    }
    gradient.set(byFull.subarray(offset), own.offset)
  }

  return {
    count,
    draw: (random: Generator): Float64Array => {
      const parameters = new Float64Array(count)
      drawChart({ latents, width }, full, random)
      parameters.set(full.subarray(0, outward))
      return parameters
    },
    /** φ of `rows` codes [rows, d], into the array that it answers. */
    values: (parameters: Float64Array, codes: Float64Array): Float64Array => {
      unfold(parameters)
      chart.apply(full, codes, false)
      return chart.values
    },
    /** Sum over the first `used` of `rows` codes of log |det ∂φ|. */
    logVolumes: (parameters: Float64Array, codes: Float64Array, used: number): number => {
      unfold(parameters)
      chart.apply(full, codes)
      let sum = 0
      for (let r = 0; r < used; r++) {
        square.set(chart.jacobians.subarray(r * d * d, (r + 1) * d * d))
        sum += invertInto(square, d, inverse)
      }
      return sum
    },
    /**
     * Mean over the first `used` rows of ½ |φ|² − log |det ∂φ|, what a code costs in nats but for a constant; infinite where the chart
     * folds. `gradient` receives its derivatives.
     */
    cost: (parameters: Float64Array, codes: Float64Array, used: number, gradient?: Float64Array): number => {
      unfold(parameters)
      chart.apply(full, codes)
      byValues.fill(0)
      byJacobians.fill(0)
      let sum = 0
      for (let r = 0; r < used; r++) {
        const at = r * d * d
        square.set(chart.jacobians.subarray(at, at + d * d))
        const volume = invertInto(square, d, inverse)
        sum -= volume
        for (let i = 0; i < d; i++) {
          const value = chart.values[r * d + i]
          sum += 0.5 * value * value
          if (volume === Number.NEGATIVE_INFINITY) continue
          byValues[r * d + i] = value / used
          for (let j = 0; j < d; j++) byJacobians[at + i * d + j] = -inverse[j * d + i] / used
        }
      }
      if (gradient !== undefined) {
        byFull.fill(0)
        chart.pullBack(full, byValues, byJacobians, byFull)
        foldGradient(parameters, gradient)
      }
      return sum / used
    }
  }
}

type Chart = ReturnType<typeof gradientChart>

interface Learned {
  readonly parameters: Float64Array
  readonly before: number
  readonly after: number
}

/** undefined: interrupted. */
const learn = async (
  chart: Chart,
  codes: Float64Array,
  d: number,
  options: ChartOptions,
  random: Generator
): Promise<Learned | undefined> => {
  const rows = codes.length / d
  const training = trainingRows(rows)
  const batch = batchRows(options)
  const block = new Float64Array(batch * d)
  const heldOut = (parameters: Float64Array): number => {
    let sum = 0
    for (let start = training; start < rows; start += batch) {
      const used = Math.min(batch, rows - start)
      block.set(codes.subarray(start * d, (start + used) * d))
      sum -= used * chart.cost(parameters, block, used)
    }
    return sum / (rows - training)
  }
  const start = chart.draw(random.split('chart'))
  const task = {
    start,
    training,
    steps: options.steps ?? STEPS,
    cost: (drawn: Int32Array, parameters: Float64Array, gradient: Float64Array): void => {
      drawn.forEach((row, b) => {
        for (let j = 0; j < d; j++) block[b * d + j] = codes[row * d + j]
      })
      chart.cost(parameters, block, batch, gradient)
    }
  }
  const parameters = await learnChart(task, options, random.split('order'))
  return parameters === undefined
    ? undefined
    : { parameters, before: heldOut(start), after: heldOut(parameters) }
}

/**
 * Learns the chart on codes [n, d] of first frames, by maximum likelihood; a tenth of the rows says what it gained. Where these are
 * not likelier under it, it is the whitening of the codes and nothing else.
 *
 * When to use it: codes of sequences whose first latents are Gaussian, and whose next frames lie elsewhere, so that no transition
 * straightens them. It takes off bends that change the density, and not those that keep it. When not: first latents are
 * not Gaussian; then it would bend codes that were straight. Compare how well next codes can be predicted before and after it.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `TooFewRows`, `Degenerate`, `InvalidOption`, `Aborted`.
 *
 * @example
 * const chart = await gaussianChart({ data, shape: [5000, 4] }, { seed: 1 })()
 */
export const gaussianChart =
  (codes: Samples, options: ChartOptions = {}): TaskEither<UnmixingError, GaussianChart> =>
  async () => {
    const sound = checkShape(WHERE, 'codes', codes, [2])
    if (E.isLeft(sound)) return sound
    const finite = checkFinite(WHERE, 'codes', codes)
    if (E.isLeft(finite)) return finite
    const wrong = checkChartOptions(WHERE, options)
    if (wrong !== undefined) return E.left(wrong)
    const [rows, d] = codes.shape
    if (rows < LEAST_ROWS) return E.left(tooFewRows(WHERE, rows, LEAST_ROWS))
    const checked = checkedWhitening(WHERE, codes.data, rows, d)
    if (E.isLeft(checked)) return checked
    const whitening = checked.right
    const random = generator(options.seed ?? 0).split('gaussian chart')
    const width = options.width ?? CHART_WIDTH
    const seen = whiten(codes.data, rows, whitening)
    const learned = await learn(gradientChart(d, width, batchRows(options)), seen, d, options, random)
    if (learned === undefined) return E.left(aborted(WHERE))
    const { parameters, before, after } = learned
    const gained = after > before
    const charted = gradientChart(d, width, BLOCK)
    return E.right({
      map: { matrix: whitening.matrix, centre: whitening.centre },
      before,
      after,
      straighten: (given) => {
        const white = whiten(given, given.length / d, whitening)
        return gained ? inBlocks(white, d, (block) => charted.values(parameters, block)) : white
      },
      meanLogVolume: (given) => {
        if (!gained) return 0
        const n = given.length / d
        const white = whiten(given, n, whitening)
        const block = new Float64Array(BLOCK * d)
        let sum = 0
        for (let start = 0; start < n; start += BLOCK) {
          const used = Math.min(BLOCK, n - start)
          block.set(white.subarray(start * d, (start + used) * d))
          sum += charted.logVolumes(parameters, block, used)
        }
        return sum / n
      }
    })
  }
