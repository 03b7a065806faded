/**
 * How likely uncertain codes are under a chart and transitions in it: additive ones, or additive ones and a network of all past
 * latents. A code s carries noise of known covariance Σ;
 * φ(s) are latents. Given the past, φ(s′) is Gaussian around the transition of φ(s), with covariance
 * diag(V) + M′Σ′M′ᵀ + (F M) Σ (F M)ᵀ, M and M′ the Jacobians of φ, F that of the transition: noise of codes is told from noise
 * of mechanisms, so that bending a chart to even it out gains nothing. The density of s′ has |det M′| besides.
 */
import { type ChartBatch, type ChartSize, chartBatch, chartLayout } from './chart.js'
import { chartedGaussian } from './charted-gaussian.js'
import { addOuter, LEAST_VARIANCE, product, timesNoise } from './covariance-products.js'
import type { Harmonics } from './direction-search.js'
import { firstFrameLikelihood } from './first-frame-likelihood.js'
import { networkCount, transitionNetwork } from './transition-network.js'

/** Pairs of codes, or static ones. */
export interface UncertainRows {
  readonly rows: number
  /** [rows, d]; undefined for static codes. */
  readonly past: Float64Array | undefined
  readonly next: Float64Array
  /** [rows, d, d], symmetric. */
  readonly pastNoise: Float32Array | undefined
  readonly nextNoise: Float32Array
  /** Columns of actions, in units of their own. */
  readonly actions: ReadonlyArray<Float64Array>
  /** 1 where the past is the first frame of its sequence. */
  readonly first?: Uint8Array
}

export interface ChartModel extends ChartSize {
  readonly harmonics: Harmonics
  /** Causes: past latents, where there are any, then actions. */
  readonly causes: number
  /** Causes of each latent. */
  readonly edges: ReadonlyArray<readonly number[]>
  /** Hidden units of a network of all past latents beside the series; none unless given. */
  readonly network?: number
  /** Whether first latents are independent and Gaussian, and count as well. */
  readonly gaussianFirst?: boolean
}

/** Where transitions are in the vector of parameters, after the chart. */
export const modelLayout = (model: ChartModel) => {
  const { latents: d, causes, harmonics } = model
  const series = chartLayout(model).count
  const terms = 1 + 2 * harmonics.count
  const offsets = series + d * causes * terms
  const logVariances = offsets + d
  const network = logVariances + d
  const first = network + (model.network === undefined ? 0 : networkCount(d, model.network))
  const count = first + (model.gaussianFirst === true ? 2 * d : 0)
  return { series, terms, offsets, logVariances, network, first, count }
}

/** The likelihood of rows under a model; arrays of its own, so that steps cost no allocation. */
export interface ChartLikelihood {
  /**
   * Mean negative log-likelihood of `count` rows, given by index, but for a constant, in nats; adds the mean's derivatives to
   * `gradient` where there is one. A row where the chart folds or a covariance is not positive counts as infinite, and
   * has no say in the gradient.
   */
  readonly of: (
    data: UncertainRows,
    rows: ArrayLike<number>,
    count: number,
    parameters: Float64Array,
    gradient?: Float64Array
  ) => number
}

/** A frame of a batch: the chart there, what it is applied to, and derivatives by what it gives. */
interface BatchFrame {
  readonly chart: ChartBatch
  readonly codes: Float64Array
  readonly byValues: Float64Array
  readonly byJacobians: Float64Array
}

const batchFrame = (model: ChartModel, rows: number): BatchFrame => ({
  chart: chartBatch(model, rows),
  codes: new Float64Array(rows * model.latents),
  byValues: new Float64Array(rows * model.latents),
  byJacobians: new Float64Array(rows * model.latents ** 2)
})

/** For up to `batch` rows at once, a multiple of eight. */
export const chartLikelihood = (model: ChartModel, batch: number, temporal: boolean): ChartLikelihood => {
  const { latents: d, causes, edges, harmonics } = model
  const layout = modelLayout(model)
  const { series, terms, offsets, logVariances } = layout
  const { count: sineCount, step } = harmonics
  const past = temporal ? d : 0
  const before = temporal ? batchFrame(model, batch) : undefined
  const after = batchFrame(model, batch)
  const network =
    model.network === undefined || before === undefined
      ? undefined
      : transitionNetwork(d, model.network, batch)
  const firstFrames =
    model.gaussianFirst === true && before !== undefined ? firstFrameLikelihood(d) : undefined
  const square = (): Float64Array => new Float64Array(d * d)
  const sines = new Float64Array(causes * sineCount)
  const cosines = new Float64Array(causes * sineCount)
  const input = new Float64Array(causes)
  const slopes = square()
  const [first, second, chain, chainNoise, nextNoise] = [square(), square(), square(), square(), square()]
  const { spread, error, inverse, weighted, inverseJacobian, cost } = chartedGaussian(d)
  const [bySpread, byNext, byChain, bySlopes] = [square(), square(), square(), square()]

  const readCauses = (data: UncertainRows, row: number, b: number): void => {
    for (let j = 0; j < causes; j++) {
      const x =
        before !== undefined && j < past ? before.chart.values[b * d + j] : data.actions[j - past][row]
      input[j] = x
      const [s, c] = [Math.sin(step * x), Math.cos(step * x)]
      let [sk, ck] = [s, c]
      for (let k = 0; k < sineCount; k++) {
        sines[j * sineCount + k] = sk
        cosines[j * sineCount + k] = ck
        const next = sk * c + ck * s
        ck = ck * c - sk * s
        sk = next
      }
    }
  }

  /** `error` becomes what is left of the next latents, `slopes` the Jacobian of the transition by past ones. */
  const transition = (parameters: Float64Array, b: number): void => {
    for (let i = 0; i < d; i++) {
      let mean = parameters[offsets + i] + (network?.means[b * d + i] ?? 0)
      for (let j = 0; j < past; j++) slopes[i * d + j] = network?.slopes[(b * d + i) * d + j] ?? 0
      for (const j of edges[i]) {
        const at = series + (i * causes + j) * terms
        let slope = parameters[at]
        mean += parameters[at] * input[j]
        for (let k = 0; k < sineCount; k++) {
          const s = parameters[at + 1 + k]
          const c = parameters[at + 1 + sineCount + k]
          const [sine, cosine] = [sines[j * sineCount + k], cosines[j * sineCount + k]]
          mean += s * sine + c * cosine
          slope += step * (k + 1) * (s * cosine - c * sine)
        }
        if (j < past) slopes[i * d + j] += slope
      }
      error[i] = after.chart.values[b * d + i] - mean
    }
  }

  /** Derivatives by transitions, and by past latents. */
  const pullBackTransition = (
    parameters: Float64Array,
    b: number,
    share: number,
    gradient: Float64Array
  ): void => {
    for (let i = 0; i < d; i++) {
      const g = -weighted[i] * share
      gradient[offsets + i] += g
      if (network !== undefined) {
        network.byMeans[b * d + i] = g
        network.bySlopes.set(bySlopes.subarray(i * d, (i + 1) * d), (b * d + i) * d)
      }
      for (const j of edges[i]) {
        const at = series + (i * causes + j) * terms
        const h = j < past ? bySlopes[i * d + j] : 0
        gradient[at] += g * input[j] + h
        let [slope, curvature] = [parameters[at], 0]
        for (let k = 0; k < sineCount; k++) {
          const w = step * (k + 1)
          const [s, c] = [sines[j * sineCount + k], cosines[j * sineCount + k]]
          const [ps, pc] = [parameters[at + 1 + k], parameters[at + 1 + sineCount + k]]
          gradient[at + 1 + k] += g * s + h * w * c
          gradient[at + 1 + sineCount + k] += g * c - h * w * s
          slope += w * (ps * c - pc * s)
          curvature -= w * w * (ps * s + pc * c)
        }
        if (before !== undefined && j < past) before.byValues[b * d + j] += g * slope + h * curvature
      }
    }
  }

  /** What row `row` costs; its covariance, inverses and errors stay for {@link pullBackRow}. */
  const costOf = (data: UncertainRows, row: number, b: number, parameters: Float64Array): number => {
    readCauses(data, row, b)
    transition(parameters, b)
    second.set(after.chart.jacobians.subarray(b * d * d, (b + 1) * d * d))
    spread.fill(0)
    for (let i = 0; i < d; i++) {
      spread[i * d + i] = LEAST_VARIANCE + Math.exp(parameters[logVariances + i])
    }
    timesNoise(second, data.nextNoise, row * d * d, d, nextNoise)
    addOuter(nextNoise, second, d, spread)
    if (before !== undefined && data.pastNoise !== undefined) {
      first.set(before.chart.jacobians.subarray(b * d * d, (b + 1) * d * d))
      product(slopes, first, d, chain)
      timesNoise(chain, data.pastNoise, row * d * d, d, chainNoise)
      addOuter(chainNoise, chain, d, spread)
    }
    return cost(second)
  }

  /** The derivatives of the row that `costOf` came to last, times `share`. */
  const pullBackRow = (parameters: Float64Array, b: number, share: number, gradient: Float64Array): void => {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        bySpread[i * d + j] = 0.5 * share * (inverse[i * d + j] - weighted[i] * weighted[j])
      }
      gradient[logVariances + i] += bySpread[i * d + i] * Math.exp(parameters[logVariances + i])
      after.byValues[b * d + i] = share * weighted[i]
    }
    product(bySpread, nextNoise, d, byNext)
    const at = b * d * d
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        after.byJacobians[at + i * d + j] = 2 * byNext[i * d + j] - share * inverseJacobian[j * d + i]
      }
    }
    if (before !== undefined) {
      product(bySpread, chainNoise, d, byChain)
      for (let k = 0; k < d * d; k++) byChain[k] *= 2
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) {
          let sum = 0
          for (let k = 0; k < d; k++) sum += byChain[i * d + k] * first[j * d + k]
          bySlopes[i * d + j] = sum
        }
      }
      for (let k = 0; k < d; k++) {
        for (let i = 0; i < d; i++) {
          const w = slopes[k * d + i]
          if (w === 0) continue
          for (let j = 0; j < d; j++) before.byJacobians[at + i * d + j] += w * byChain[k * d + j]
        }
      }
    }
    pullBackTransition(parameters, b, share, gradient)
  }

  /** What the first frame of row `row` costs, if it is one; adds its derivatives, times `share`. */
  const firstFrame = (
    { first, pastNoise }: UncertainRows,
    row: number,
    b: number,
    parameters: Float64Array,
    share: number,
    gradient?: Float64Array
  ): number => {
    if (firstFrames === undefined || before === undefined || pastNoise === undefined) return 0
    if (first?.[row] !== 1) return 0
    const { chart, byValues, byJacobians } = before
    const frame = { values: chart.values, jacobians: chart.jacobians, byValues, byJacobians, index: b }
    const cost = firstFrames.costOf(frame, pastNoise, row * d * d, parameters, layout.first)
    if (gradient !== undefined && cost !== Number.POSITIVE_INFINITY) {
      firstFrames.pullBack(frame, parameters, layout.first, share, gradient)
    }
    return cost
  }

  const gather = (from: Float64Array, rows: ArrayLike<number>, count: number, into: Float64Array): void => {
    for (let b = 0; b < batch; b++) {
      const at = rows[Math.min(b, count - 1)] * d
      for (let j = 0; j < d; j++) into[b * d + j] = from[at + j]
    }
  }

  return {
    of: (data, rows, count, parameters, gradient) => {
      const frames = before === undefined ? [after] : [before, after]
      if (before !== undefined) gather(data.past as Float64Array, rows, count, before.codes)
      gather(data.next, rows, count, after.codes)
      for (const { chart, codes, byValues, byJacobians } of frames) {
        chart.apply(parameters, codes)
        byValues.fill(0)
        byJacobians.fill(0)
      }
      const own = parameters.subarray(layout.network, layout.first)
      if (before !== undefined) network?.apply(own, before.chart.values)
      let sum = 0
      for (let b = 0; b < count; b++) {
        const cost = costOf(data, rows[b], b, parameters)
        sum += cost + firstFrame(data, rows[b], b, parameters, 1 / count, gradient)
        if (gradient !== undefined && cost !== Number.POSITIVE_INFINITY) {
          pullBackRow(parameters, b, 1 / count, gradient)
        }
      }
      if (gradient !== undefined) {
        if (before !== undefined) {
          network?.pullBack(own, gradient.subarray(layout.network, layout.first), before.byValues)
        }
        for (const { chart, byValues, byJacobians } of frames) {
          chart.pullBack(parameters, byValues, byJacobians, gradient)
        }
      }
      return sum / count
    }
  }
}
