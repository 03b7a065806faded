/**
 * Transitions of unmixed codes in closed form: every latent's next value (static: its value) as a sum of functions of the
 * past latents and the actions, what is left of it, and what each cause is worth.
 */
import { type AdditiveFit, additiveFit, type TermGroup, type Variable } from './additive-fit.js'
import type { SparseRowsProblem } from './cause-counts.js'
import { usableRows } from './columns.js'
import { covarianceOf } from './covariance.js'
import type { Harmonics } from './direction-search.js'
import { balance } from './interventions.js'
import type { WhitenedCodes } from './whitened-codes.js'

/** One function of one variable a cause and effect: coefficients of the line, of sines and of cosines. */
export interface AdditiveTransitions {
  readonly harmonics: Harmonics
  readonly offsets: Float64Array
  /** [d, causes, 1 + 2 · count]: past latents, lag by lag, then actions; actions of two values have lines alone. */
  readonly functions: Float64Array
  readonly causes: number
  /** Variance of what is left of each latent, on rows that the fit did not see. */
  readonly residualVariance: Float64Array
  /** Variance of each latent there. */
  readonly variance: Float64Array
  /** Nats a row that each past latent, all its lags together, is worth to each latent, [d, d]. */
  readonly latentWorth: Float64Array
  /** The same for each action column, [d, k]. */
  readonly actionWorth: Float64Array
  /** Mean square that functions explain beyond lines in the past and the actions, on held-out rows. */
  readonly curved: Float64Array
  /** What is left of each latent, on all rows used: those of the fit, then the held-out ones. */
  readonly residuals: ReadonlyArray<Float32Array>
}

/** s = B u of every row of a frame. */
export const projected = (frame: Float64Array, basis: Float64Array, d: number): Float64Array => {
  const rows = frame.length / d
  const out = new Float64Array(frame.length)
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += basis[i * d + j] * frame[r * d + j]
      out[r * d + i] = sum
    }
  }
  return out
}

interface Fitted {
  readonly fit: AdditiveFit
  readonly latents: readonly TermGroup[]
  readonly actions: readonly TermGroup[]
}

/** The most frequent value of a discrete action that every row has one of; −1 of other actions. */
const referenceOf = ({ interventions }: WhitenedCodes): number =>
  interventions?.full === true ? interventions.counts.indexOf(Math.max(...interventions.counts)) : -1

const fitOn = (
  codes: WhitenedCodes,
  harmonics: Harmonics,
  past: readonly Float64Array[],
  next: Float64Array,
  from: number,
  rows: number
): Fitted => {
  const { latents: d, actions } = codes
  const perCause = 1 + 2 * harmonics.count
  const column =
    (frame: Float64Array, j: number): Variable =>
    (row) =>
      frame[(from + row) * d + j]
  const targets = Array.from({ length: d }, (_, j) => column(next, j))
  const reference = referenceOf(codes)
  const fit = additiveFit(rows, (past.length * d + actions.length) * perCause, targets, harmonics)
  return {
    fit,
    latents: Array.from({ length: past.length === 0 ? 0 : d }, (_, j) =>
      fit.addFunctions(past.map((frame) => column(frame, j)))
    ),
    actions: actions.map(({ values, binary }, l) => {
      // Values of one action add up to 1 in every row: one of them is what the others are measured from.
      if (l === reference) return { first: 0, count: 0 }
      const variable: Variable = (row) => values[from + row]
      return binary ? fit.addLines([variable]) : fit.addFunctions([variable])
    })
  }
}

const meanSquares = (columns: ReadonlyArray<Float32Array>): Float64Array =>
  Float64Array.from(columns, (column) => {
    let sum = 0
    for (const value of column) sum += value * value
    return sum / column.length
  })

/**
 * Nats a row: ½ log of how the squares rise without the group, less what chance gives; `balance` as that of its columns.
 */
const worthOf = (loss: number, squares: number, terms: number, rows: number, balanced: number): number =>
  0.5 * Math.log1p((balanced * loss) / squares) - (balanced * terms) / (2 * rows)

/**
 * What moves latents s = B u, beside noise: the covariances of the effects of the first `found` latents and of all actions.
 */
export const effectsOn = (
  codes: WhitenedCodes,
  basis: Float64Array,
  harmonics: Harmonics,
  rows: number,
  found: number
): SparseRowsProblem => {
  const d = codes.latents
  const past = codes.past.map((frame) => projected(frame, basis, d))
  const next = projected(codes.next, basis, d)
  const n = usableRows(rows)
  const { fit, latents, actions } = fitOn(codes, harmonics, past, next, 0, n)
  const theta = fit.coefficients()
  const left = fit.residuals(theta)
  const groups = [...latents.slice(0, found), ...actions]
  return { latents: d, noise: covarianceOf(left), effects: groups.map((group) => fit.effect(theta, [group])) }
}

/** Mean squares that lines alone leave on held-out rows. */
const linesOnly = (
  { latents: d, actions }: WhitenedCodes,
  past: readonly Float64Array[],
  next: Float64Array,
  n: number,
  m: number
): Float64Array => {
  const build = (from: number, rows: number): AdditiveFit => {
    const column =
      (frame: Float64Array, j: number): Variable =>
      (row) =>
        frame[(from + row) * d + j]
    const targets = Array.from({ length: d }, (_, j) => column(next, j))
    const fit = additiveFit(rows, past.length * d + actions.length, targets, { step: 1, count: 1 })
    fit.addLines([
      ...past.flatMap((frame) => Array.from({ length: d }, (_, j) => column(frame, j))),
      ...actions.map(
        ({ values }): Variable =>
          (row) =>
            values[from + row]
      )
    ])
    return fit
  }
  return meanSquares(build(n, m).residuals(build(0, n).coefficients()))
}

/**
 * Fits on the first `rows` rows and scores on the `heldOut` rows after them. `basis` [d, d] brings whitened codes to
 * latents.
 */
export const additiveTransitions = (
  codes: WhitenedCodes,
  basis: Float64Array,
  harmonics: Harmonics,
  rows: number,
  heldOut: number
): AdditiveTransitions => {
  const { latents: d, actions } = codes
  const past = codes.past.map((frame) => projected(frame, basis, d))
  const next = projected(codes.next, basis, d)
  const n = usableRows(rows)
  const m = usableRows(heldOut)
  const { fit, latents, actions: onActions } = fitOn(codes, harmonics, past, next, 0, n)
  const theta = fit.coefficients()
  const squares = meanSquares(fit.residuals(theta)).map((square) => square * n)
  const test = fitOn(codes, harmonics, past, next, n, m)
  const worth = (groups: readonly TermGroup[], balances?: readonly number[]): Float64Array => {
    const out = new Float64Array(d * groups.length)
    groups.forEach((group, j) => {
      if (group.count === 0) return
      fit.losses(theta, group).forEach((loss, i) => {
        out[i * groups.length + j] = worthOf(loss, squares[i], group.count, n, balances?.[j] ?? 1)
      })
    })
    return out
  }
  const size = 1 + 2 * harmonics.count
  const causes = past.length * d + actions.length
  const functions = new Float64Array(d * causes * size)
  const copy = (group: TermGroup, part: number, length: number, cause: number): void => {
    for (let k = 0; k < length; k++) {
      for (let i = 0; i < d; i++) {
        functions[(i * causes + cause) * size + k] = theta[(group.first + part * size + k) * d + i]
      }
    }
  }
  latents.forEach((group, j) => {
    for (let lag = 0; lag < past.length; lag++) copy(group, lag, size, lag * d + j)
  })
  onActions.forEach((group, l) => {
    copy(group, 0, group.count, past.length * d + l)
  })
  const onlyOffsets = new Float64Array(theta.length)
  const heldOutResiduals = test.fit.residuals(theta)
  const residualVariance = meanSquares(heldOutResiduals)
  const fitted = fit.residuals(theta)
  const lines = linesOnly(codes, past, next, n, m)
  return {
    harmonics,
    offsets: theta.slice(0, d),
    functions,
    causes,
    residualVariance,
    variance: meanSquares(test.fit.residuals(onlyOffsets)),
    curved: lines.map((square, i) => Math.max(0, square - residualVariance[i])),
    residuals: fitted.map((column, i) => {
      const all = new Float32Array(n + m)
      all.set(column)
      all.set(heldOutResiduals[i], n)
      return all
    }),
    latentWorth: worth(latents),
    actionWorth: worth(
      onActions,
      actions.map(({ values, binary }) => balance(values.subarray(0, n), binary))
    )
  }
}
