/**
 * A change of chart near the identity, φ(s) = s + A s + c + Σ_k w_k σ(v_k · s + b_k), and its Jacobian, for many rows at once: what
 * turns bent codes into latents. σ(x) = log(1 + e^{4x}) / 4, a smooth ramp.
 */
import type { Generator } from '@mechid/random'
import { columnTable } from './columns.js'

/** Sizes of a chart. */
export interface ChartSize {
  readonly latents: number
  /** Hidden units. */
  readonly width: number
}

/** Where the parts of a chart are in a vector of parameters that starts with it; `count` numbers in all. */
export const chartLayout = ({ latents: d, width }: ChartSize) => {
  const thresholds = width * d
  const outward = thresholds + width
  const linear = outward + width * d
  const offset = linear + d * d
  /** v [width, d], b [width], w [width, d], A [d, d], c [d]. */
  return { inward: 0, thresholds, outward, linear, offset, count: offset + d }
}

const SHARPNESS = 4
/** Of v: kinks a unit or two wide in latents of variance 1. */
const INWARD_SCALE = 0.5

/** The identity: v and b random, all else zero. */
export const drawChart = (size: ChartSize, parameters: Float64Array, random: Generator): void => {
  const { inward, thresholds, outward } = chartLayout(size)
  random.fillNormal(parameters.subarray(inward, outward))
  for (let k = inward; k < thresholds; k++) parameters[k] *= INWARD_SCALE
}

/** A chart at a batch of rows. */
export interface ChartBatch {
  readonly rows: number
  /** φ of the rows, [rows, d]. */
  readonly values: Float64Array
  /** Jacobians there, [rows, d, d]. */
  readonly jacobians: Float64Array
  /** Computes `values`, and `jacobians` unless told not to, at the rows of `codes` [rows, d]. */
  readonly apply: (parameters: Float64Array, codes: Float64Array, withJacobians?: boolean) => void
  /**
   * Adds to `gradient` what derivatives by values [rows, d] and by Jacobians [rows, d, d], where `apply` was called last, come to
   * in parameters, and to `byCodes` [rows, d], where it is given, what they come to in codes.
   */
  readonly pullBack: (
    parameters: Float64Array,
    byValues: Float64Array,
    byJacobians: Float64Array,
    gradient: Float64Array,
    byCodes?: Float64Array
  ) => void
}

/** Arrays for batches of `rows` rows, a multiple of eight. */
export const chartBatch = (size: ChartSize, rows: number): ChartBatch => {
  const { latents: d, width } = size
  const { thresholds, outward, linear, offset } = chartLayout(size)
  const square = d * d
  // Columns of the table: codes and a column of ones, hidden units, what comes out, and derivatives of it.
  const input = 0
  const unit = input + d + 1
  const ramp = unit + width
  const slope = ramp + width
  const bend = slope + width
  const through = bend + width
  const curved = through + width
  const value = curved + width
  const jacobian = value + d
  const byValue = jacobian + square
  const byJacobian = byValue + d
  const widest = Math.max(width, square, d + 1)
  const columns = columnTable(rows, byJacobian + square, widest)
  columns.fill(input + d, () => 1)
  const values = new Float64Array(rows * d)
  const jacobians = new Float64Array(rows * square)
  /** (v_kᵀ, b_k) as columns: [d + 1, width]. */
  const inwards = new Float64Array((d + 1) * width)
  /** w_k v_kᵀ: [width, d²], and the other way round. */
  const outer = new Float64Array(width * square)
  const outerTurned = new Float64Array(width * square)
  const outwardsTurned = new Float64Array(width * d)
  const linearTurned = new Float64Array(square)

  const readUnits = (parameters: Float64Array): void => {
    for (let k = 0; k < width; k++) {
      for (let j = 0; j < d; j++) inwards[j * width + k] = parameters[k * d + j]
      inwards[d * width + k] = parameters[thresholds + k]
    }
    columns.clear(unit, width)
    columns.combine(input, d + 1, inwards, unit, width)
    for (let k = 0; k < width; k++) {
      const angle = columns.read(unit + k)
      const [ramps, slopes, bends] = [angle.slice(), angle.slice(), angle.slice()]
      for (let r = 0; r < rows; r++) {
        const x = SHARPNESS * angle[r]
        const small = Math.exp(-Math.abs(x))
        const gate = x > 0 ? 1 / (1 + small) : small / (1 + small)
        ramps[r] = (Math.max(x, 0) + Math.log1p(small)) / SHARPNESS
        slopes[r] = gate
        bends[r] = SHARPNESS * gate * (1 - gate)
      }
      columns.fill(ramp + k, (r) => ramps[r])
      columns.fill(slope + k, (r) => slopes[r])
      columns.fill(bend + k, (r) => bends[r])
    }
  }

  const readOuter = (parameters: Float64Array): void => {
    for (let k = 0; k < width; k++) {
      for (let i = 0; i < d; i++) {
        const w = parameters[outward + k * d + i]
        outwardsTurned[i * width + k] = w
        for (let j = 0; j < d; j++) {
          const both = w * parameters[k * d + j]
          outer[k * square + i * d + j] = both
          outerTurned[(i * d + j) * width + k] = both
        }
      }
    }
  }

  return {
    rows,
    values,
    jacobians,
    apply: (parameters, codes, withJacobians = true) => {
      for (let j = 0; j < d; j++) columns.fill(input + j, (r) => codes[r * d + j])
      readUnits(parameters)
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) linearTurned[j * d + i] = parameters[linear + i * d + j]
      }
      columns.clear(value, d)
      columns.combine(ramp, width, parameters.subarray(outward, linear), value, d)
      columns.combine(input, d, linearTurned, value, d)
      for (let i = 0; i < d; i++) {
        const column = columns.read(value + i)
        const c = parameters[offset + i]
        for (let r = 0; r < rows; r++) values[r * d + i] = codes[r * d + i] + c + column[r]
      }
      if (!withJacobians) return
      readOuter(parameters)
      columns.clear(jacobian, square)
      columns.combine(slope, width, outer, jacobian, square)
      for (let e = 0; e < square; e++) {
        const column = columns.read(jacobian + e)
        const constant = parameters[linear + e] + (e % (d + 1) === 0 ? 1 : 0)
        for (let r = 0; r < rows; r++) jacobians[r * square + e] = constant + column[r]
      }
    },
    pullBack: (parameters, byValues, byJacobians, gradient, byCodes) => {
      for (let i = 0; i < d; i++) {
        columns.fill(byValue + i, (r) => byValues[r * d + i])
        let sum = 0
        for (let r = 0; r < rows; r++) sum += byValues[r * d + i]
        gradient[offset + i] += sum
      }
      for (let e = 0; e < square; e++) {
        columns.fill(byJacobian + e, (r) => byJacobians[r * square + e])
        let sum = 0
        for (let r = 0; r < rows; r++) sum += byJacobians[r * square + e]
        gradient[linear + e] += sum
      }
      const onLinear = columns.products(byValue, d, input, d)
      for (let e = 0; e < square; e++) gradient[linear + e] += onLinear[e]
      const onRamps = columns.products(ramp, width, byValue, d)
      const onOuter = columns.products(slope, width, byJacobian, square)
      columns.clear(through, width)
      columns.combine(byValue, d, outwardsTurned, through, width)
      columns.clear(curved, width)
      columns.combine(byJacobian, square, outerTurned, curved, width)
      columns.clear(unit, width)
      for (let k = 0; k < width; k++) {
        columns.addProducts(unit + k, slope + k, through + k, 1)
        columns.addProducts(unit + k, bend + k, curved + k, 1)
      }
      const onInwards = columns.products(unit, width, input, d + 1)
      if (byCodes !== undefined) {
        // Through hidden units and the linear part; the columns of values are spent by now.
        columns.clear(value, d)
        columns.combine(unit, width, parameters.subarray(0, width * d), value, d)
        columns.combine(byValue, d, parameters.subarray(linear, linear + square), value, d)
        for (let j = 0; j < d; j++) {
          const column = columns.read(value + j)
          for (let r = 0; r < rows; r++) byCodes[r * d + j] += column[r] + byValues[r * d + j]
        }
      }
      for (let k = 0; k < width; k++) {
        gradient[thresholds + k] += onInwards[k * (d + 1) + d]
        for (let i = 0; i < d; i++) {
          let sum = onRamps[k * d + i]
          const w = parameters[outward + k * d + i]
          for (let j = 0; j < d; j++) {
            const g = onOuter[k * square + i * d + j]
            sum += g * parameters[k * d + j]
            gradient[k * d + j] += g * w
          }
          gradient[outward + k * d + i] += sum
          gradient[k * d + i] += onInwards[k * (d + 1) + i]
        }
      }
    }
  }
}
