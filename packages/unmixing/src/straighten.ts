/**
 * Straightens codes that are latents up to a bend: a smooth change of chart, learned in code space, under which mechanisms
 * are additive on few edges, or any smooth function, and their noise is Gaussian of fixed variance. What a decoder and an encoder would have to learn
 * together, a step at a time and against all the data, is learned here alone.
 */
import { type Generator, generator } from '@mechid/random'
import {
  aborted,
  type CausalGraph,
  checkShape,
  firstNotFinite,
  type InvalidOption,
  invalidOption,
  type NotFinite,
  notFinite,
  type RealArray,
  shapeMismatch,
  showShape,
  tooFewRows
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { chartBatch, drawChart } from './chart.js'
import {
  BLOCK,
  batchRows,
  CHART_WIDTH,
  type ChartOptions,
  type ChartTask,
  checkChartOptions,
  inBlocks,
  learnChart,
  trainingRows
} from './chart-learning.js'
import {
  type ChartLikelihood,
  type ChartModel,
  chartLikelihood,
  modelLayout,
  type UncertainRows
} from './chart-likelihood.js'
import { type Codes, checkActions, checkCodes } from './codes.js'
import type { UnmixingError } from './errors.js'
import { LEAST_ROWS, positiveInteger } from './options.js'
import { drawNetwork } from './transition-network.js'
import type { Unmixed } from './unmixed.js'

/** Codes, and how uncertain each of them is. */
export interface UncertainCodes extends Codes {
  /** Covariance of the noise of every code: [n, d, d], for sequences [n, t, d, d]. */
  readonly covariances: RealArray
}

export interface StraightenOptions extends ChartOptions {
  /** Edges that transitions may use; those of the answer unless given. */
  readonly graph?: CausalGraph
  /**
   * Hidden units of a network of all past latents that transitions have besides, for mechanisms that interact; none unless
   * given. Of sequences alone. What it learns counts in what is gained.
   */
  readonly interactions?: number
  /**
   * What first latents are supposed to be. `gaussian`: independent and Gaussian, as in the objective of an autoencoder;
   * first frames then count as next ones do. Nothing unless given. Of sequences alone.
   */
  readonly firstFrames?: 'gaussian'
}

/** What straightening came to. */
export interface Straightened {
  /** The straightened codes, in the shape of those given. */
  readonly codes: RealArray<Float64Array>
  /** Straightens more codes [n, d], row-major. */
  readonly straighten: (codes: ArrayLike<number>) => Float64Array
  /** Log-likelihood of held-out rows before and after, in nats a row, but for one constant. */
  readonly before: number
  readonly after: number
}

const STEPS = 1500
/** Share of the steps in which transitions alone learn, so that what the chart gains is not what they had to learn yet. */
const SETTLING = 0.06
/** Networks start from nothing. */
const SETTLING_NETWORKS = 0.15

const WHERE = 'straighten'

const checkOptions = (options: StraightenOptions, temporal: boolean): InvalidOption | undefined => {
  const wrong =
    checkChartOptions(WHERE, options) ?? positiveInteger(WHERE, 'interactions', options.interactions ?? 1)
  if (wrong !== undefined) return wrong
  for (const option of ['interactions', 'firstFrames'] as const) {
    const value = options[option]
    if (value !== undefined && !temporal) {
      return invalidOption(WHERE, option, value, 'left out, as these codes are no sequences')
    }
  }
  const { firstFrames } = options
  return firstFrames === undefined || firstFrames === 'gaussian'
    ? undefined
    : invalidOption(WHERE, 'firstFrames', firstFrames, 'gaussian, or left out')
}

/** Says which code's covariance has a number that is not finite, and where in it. */
const checkFiniteMatrices = ({ data, shape }: RealArray): E.Either<NotFinite, void> => {
  const at = firstNotFinite(data)
  if (at < 0) return E.right(undefined)
  const d = shape[shape.length - 1]
  const code = Math.floor(at / (d * d))
  const frames = shape.length === 4 ? shape[1] : undefined
  const place = frames === undefined ? `[${code}]` : `[${Math.floor(code / frames)}][${code % frames}]`
  const [row, column] = [Math.floor(at / d) % d, at % d]
  return E.left(notFinite(WHERE, `covariances${place}`, data[at], { row, column }))
}

const checkInput = (
  { codes, actions, covariances }: UncertainCodes,
  { latents: d, transitions: { causes } }: Unmixed
): E.Either<UnmixingError, void> => {
  const mismatch = (what: string, actual: unknown, expected: string): E.Either<UnmixingError, never> =>
    E.left(shapeMismatch(WHERE, what, actual, expected))
  const sound = checkCodes(WHERE, codes)
  if (E.isLeft(sound)) return sound
  const width = codes.shape[codes.shape.length - 1]
  if (width !== d) return mismatch('codes', showShape(codes.shape), `${d} columns, as the answer has latents`)
  if (actions !== undefined) {
    const fitting = checkActions(WHERE, codes, actions)
    if (E.isLeft(fitting)) return fitting
  }
  const matrices = showShape([...codes.shape, d])
  const given = showShape(covariances.shape)
  if (given !== matrices) return mismatch('covariances', given, `${matrices}, as codes has`)
  const filled = checkShape(WHERE, 'covariances', covariances, [covariances.shape.length])
  if (E.isLeft(filled)) return filled
  const finite = checkFiniteMatrices(covariances)
  if (E.isLeft(finite)) return finite
  const temporal = codes.shape.length === 3
  const count = (temporal ? d : 0) + (actions?.shape[actions.shape.length - 1] ?? 0)
  if (count !== causes) {
    const what = 'the number of causes (past latents, at one lag, and actions)'
    return mismatch(what, count, `${causes}, as the answer has`)
  }
  const rows = codes.shape[0] * (temporal ? codes.shape[1] - 1 : 1)
  return rows < LEAST_ROWS ? E.left(tooFewRows(WHERE, rows, LEAST_ROWS)) : E.right(undefined)
}

/** s = B (h − centre) of every code. */
const mapped = (codes: ArrayLike<number>, { map: { matrix, centre }, latents: d }: Unmixed): Float64Array => {
  const out = new Float64Array(codes.length)
  for (let at = 0; at < codes.length; at += d) {
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += matrix[i * d + j] * (codes[at + j] - centre[j])
      out[at + i] = sum
    }
  }
  return out
}

/** B Σ Bᵀ of the covariance that starts at `from`, into `out` at `to`. */
const mapCovariance = (
  matrix: Float64Array,
  d: number,
  given: ArrayLike<number>,
  from: number,
  half: Float64Array,
  out: Float32Array,
  to: number
): void => {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let sum = 0
      for (let k = 0; k < d; k++) sum += matrix[i * d + k] * given[from + k * d + j]
      half[i * d + j] = sum
    }
  }
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < d; k++) sum += half[i * d + k] * matrix[j * d + k]
      out[to + i * d + j] = sum
      out[to + j * d + i] = sum
    }
  }
}

/** Rows in an order of the seed's, in the basis of the answer; of sequences every pair of neighbouring frames. */
const rowsOf = (
  { codes, actions, covariances }: UncertainCodes,
  unmixed: Unmixed,
  latents: Float64Array,
  random: Generator
): UncertainRows => {
  const d = unmixed.latents
  const { matrix } = unmixed.map
  const temporal = codes.shape.length === 3
  const frames = temporal ? codes.shape[1] : 1
  const steps = temporal ? frames - 1 : 1
  const order = random.permutation(codes.shape[0] * steps)
  const rows = order.length
  const half = new Float64Array(d * d)
  const frame = (ahead: number): { values: Float64Array; noise: Float32Array } => {
    const values = new Float64Array(rows * d)
    const noise = new Float32Array(rows * d * d)
    for (let r = 0; r < rows; r++) {
      const at = Math.floor(order[r] / steps) * frames + (order[r] % steps) + ahead
      values.set(latents.subarray(at * d, (at + 1) * d), r * d)
      mapCovariance(matrix, d, covariances.data, at * d * d, half, noise, r * d * d)
    }
    return { values, noise }
  }
  const columns = unmixed.actionUnits.map(({ centre, unit }, l) => {
    const k = unmixed.actionUnits.length
    const stored = temporal ? (actions?.shape[1] ?? 0) : 1
    return Float64Array.from({ length: rows }, (_, r) => {
      const at = (Math.floor(order[r] / steps) * stored + (order[r] % steps)) * k + l
      return ((actions?.data[at] ?? 0) - centre) / unit
    })
  })
  const next = frame(temporal ? 1 : 0)
  const past = temporal ? frame(0) : undefined
  return {
    rows,
    past: past?.values,
    next: next.values,
    pastNoise: past?.noise,
    nextNoise: next.noise,
    actions: columns,
    first: Uint8Array.from(order, (row) => (row % steps === 0 ? 1 : 0))
  }
}

const edgesOf = ({ latents, actions }: CausalGraph, d: number): number[][] =>
  Array.from({ length: d }, (_, i) =>
    [...(latents?.[i] ?? []), ...(actions?.[i] ?? [])].flatMap((edge, j) => (edge === 1 ? [j] : []))
  )

/** The identity, and the transitions of the answer. */
const startOf = (model: ChartModel, { transitions }: Unmixed, random: Generator): Float64Array => {
  const { series, offsets, logVariances, network, count } = modelLayout(model)
  const parameters = new Float64Array(count)
  drawChart(model, parameters, random)
  if (model.network !== undefined) {
    drawNetwork(model.latents, model.network, parameters.subarray(network), random.split('network'))
  }
  parameters.set(transitions.functions, series)
  parameters.set(transitions.offsets, offsets)
  transitions.residualVariance.forEach((variance, i) => {
    parameters[logVariances + i] = Math.log(Math.max(variance, 1e-5))
  })
  return parameters
}

/** Log-likelihood a row of the rows from `from` on. */
const logLikelihood = (
  likelihood: ChartLikelihood,
  batch: number,
  data: UncertainRows,
  from: number,
  parameters: Float64Array
): number => {
  let sum = 0
  for (let start = from; start < data.rows; start += batch) {
    const count = Math.min(batch, data.rows - start)
    const rows = Int32Array.from({ length: count }, (_, r) => start + r)
    sum -= count * likelihood.of(data, rows, count, parameters)
  }
  return sum / (data.rows - from)
}

interface Learned {
  readonly parameters: Float64Array
  readonly before: number
  readonly after: number
}

/** undefined: interrupted. */
const learn = async (
  model: ChartModel,
  data: UncertainRows,
  start: Float64Array,
  options: StraightenOptions,
  random: Generator
): Promise<Learned | undefined> => {
  const { steps = STEPS } = options
  const batch = batchRows(options)
  const { series } = modelLayout(model)
  const training = trainingRows(data.rows)
  const likelihood = chartLikelihood(model, batch, data.past !== undefined)
  const heldOut = (parameters: Float64Array): number =>
    logLikelihood(likelihood, batch, data, training, parameters)
  let before = Number.NaN
  const task: ChartTask = {
    start,
    training,
    steps,
    cost: (rows, parameters, gradient) => {
      likelihood.of(data, rows, batch, parameters, gradient)
    },
    settling: {
      steps: Math.round((model.network === undefined ? SETTLING : SETTLING_NETWORKS) * steps),
      from: series,
      settled: (parameters) => {
        before = heldOut(parameters)
      }
    }
  }
  const parameters = await learnChart(task, options, random)
  return parameters === undefined ? undefined : { parameters, before, after: heldOut(parameters) }
}

/** The chart at every row of `codes`. */
const charted = (model: ChartModel, parameters: Float64Array, codes: Float64Array): Float64Array => {
  const chart = chartBatch(model, BLOCK)
  return inBlocks(codes, model.latents, (block) => {
    chart.apply(parameters, block, false)
    return chart.values
  })
}

/**
 * Straightens codes in the basis of an answer. Codes come with what noise there is in each (of an autoencoder: the posterior
 * covariance σ_x² (JᵀJ)⁻¹); a chart φ with one hidden layer and additive transitions on the answer's edges are learned by
 * maximum likelihood of next codes given past ones, and a tenth of the rows says what it gained. Where held-out rows are not
 * likelier after it, codes are left as they are, in the basis of the answer.
 *
 * When to use it: the answer found all latents, mechanisms are additive, codes are precise, and still not quite an affine
 * map of latents. Where mechanisms interact, say so by `interactions`, and let `graph` have every edge: a basis that is not the
 * latents' needs them. Where next frames lie elsewhere than first ones, nothing but `firstFrames` straightens these. It changes
 * the chart smoothly and does not search for another basis: unmix again afterwards.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `TooFewRows`, `InvalidOption`, `Aborted`.
 *
 * @example
 * const straight = await straighten({ codes, covariances }, answer, { seed: 1 })()
 */
export const straighten =
  (
    input: UncertainCodes,
    unmixed: Unmixed,
    options: StraightenOptions = {}
  ): TaskEither<UnmixingError, Straightened> =>
  async () => {
    const sound = checkInput(input, unmixed)
    if (E.isLeft(sound)) return sound
    const wrong = checkOptions(options, input.codes.shape.length === 3)
    if (wrong !== undefined) return E.left(wrong)
    const random = generator(options.seed ?? 0).split('straightening')
    const latents = mapped(input.codes.data, unmixed)
    const data = rowsOf(input, unmixed, latents, random.split('rows'))
    const model: ChartModel = {
      latents: unmixed.latents,
      width: options.width ?? CHART_WIDTH,
      harmonics: unmixed.transitions.harmonics,
      causes: unmixed.transitions.causes,
      edges: edgesOf(options.graph ?? unmixed.graph, unmixed.latents),
      ...(options.interactions === undefined ? {} : { network: options.interactions }),
      gaussianFirst: options.firstFrames === 'gaussian'
    }
    const start = startOf(model, unmixed, random.split('chart'))
    const learned = await learn(model, data, start, options, random.split('order'))
    if (learned === undefined) return E.left(aborted(WHERE))
    const { before, after } = learned
    const gained = after > before
    const bent = (s: Float64Array): Float64Array => (gained ? charted(model, learned.parameters, s) : s)
    return E.right({
      codes: { data: bent(latents), shape: input.codes.shape },
      straighten: (codes) => bent(mapped(codes, unmixed)),
      before,
      after
    })
  }
