/** Actions that are functions of others: no data can tell which of them acts. */
import { type Dense, leastSquares } from '@mechid/numerics'
import type { Channels } from './channels.js'
import { momentsOf, varying } from './moments.js'

/** Column `action` is constant + Σ_p factors[p] · column of[p]; those columns follow from no others. */
export interface LinearDependence {
  readonly action: number
  readonly of: readonly number[]
  readonly factors: readonly number[]
  readonly constant: number
}

/** A column that is a sum of multiples of columns before it, and a constant. */
export interface DependentAction {
  readonly action: string
  /** `a1 = 1 − a0`. */
  readonly formula: string
  /** The columns that it depends on. */
  readonly of: readonly string[]
  /** The same by numbers of columns, in the units of the recording. */
  readonly dependence: LinearDependence
}

/** A column counts as dependent if columns before it leave less than this share of its standard deviation. */
export const DEPENDENCE_TOLERANCE = 1e-6
const MOST_LINES = 5000
/** Multiples that count, in units of standard deviations. */
const COUNTS = 1e-5

const shown = (value: number): string => String(Number(value.toPrecision(4)))

const formulaOf = (
  action: string,
  constant: number,
  terms: readonly (readonly [number, string])[]
): string => {
  const parts = terms.map(([factor, name]) => ({
    sign: factor < 0 ? '−' : '+',
    text: Math.abs(Math.abs(factor) - 1) < COUNTS ? name : `${shown(Math.abs(factor))} ${name}`
  }))
  const first = Math.abs(constant) < COUNTS ? undefined : shown(constant)
  const sum = parts.reduce(
    (text, { sign, text: part }) =>
      text === '' ? (sign === '−' ? `−${part}` : part) : `${text} ${sign} ${part}`,
    first ?? ''
  )
  return `${action} = ${sum}`
}

/**
 * Columns of numbers that others before them determine linearly, judged on at most 5,000 evenly spread lines by least
 * squares on standardized columns. Columns that do not vary are not looked at.
 */
export const dependentActions = (a: Channels, lines: Int32Array): readonly DependentAction[] => {
  const rows = Math.min(lines.length, MOST_LINES)
  const some = Int32Array.from({ length: rows }, (_, k) => lines[Math.floor((k * lines.length) / rows)])
  const { mean, scale } = momentsOf(a, some)
  const varies = varying(a, some)
  const width = a.names.length
  const column = (j: number): Float64Array =>
    Float64Array.from(some, (line) => (a.data[line * width + j] - mean[j]) / scale[j])
  const independent: { readonly j: number; readonly values: Float64Array }[] = []
  const found: DependentAction[] = []
  for (let j = 0; j < width; j++) {
    if (a.labels?.has(j) || !varies[j]) continue
    const values = column(j)
    const fitted =
      independent.length === 0 || independent.length >= rows ? undefined : fit(independent, values, rows)
    if (fitted === undefined || fitted.left > DEPENDENCE_TOLERANCE) {
      independent.push({ j, values })
      continue
    }
    const terms = independent.flatMap(({ j: k }, p) =>
      Math.abs(fitted.factors[p]) < COUNTS ? [] : [[(fitted.factors[p] * scale[j]) / scale[k], k] as const]
    )
    const constant = terms.reduce((sum, [factor, k]) => sum - factor * mean[k], mean[j])
    const dependence: LinearDependence = {
      action: j,
      of: terms.map(([, k]) => k),
      factors: terms.map(([factor]) => factor),
      constant
    }
    const named = terms.map(([factor, k]) => [factor, a.names[k]] as const)
    found.push({
      action: a.names[j],
      formula: formulaOf(a.names[j], constant, named),
      of: named.map(([, name]) => name),
      dependence
    })
  }
  return found
}

const fit = (
  independent: readonly { readonly values: Float64Array }[],
  values: Float64Array,
  rows: number
): { readonly factors: Float64Array; readonly left: number } => {
  const count = independent.length
  const design: Dense = { data: new Float64Array(rows * count), shape: [rows, count] }
  for (const [p, { values: from }] of independent.entries())
    for (let i = 0; i < rows; i++) design.data[i * count + p] = from[i]
  const factors = leastSquares(design, { data: values, shape: [rows, 1] }).data
  let square = 0
  for (let i = 0; i < rows; i++) {
    let off = values[i]
    for (let p = 0; p < count; p++) off -= factors[p] * design.data[i * count + p]
    square += off * off
  }
  return { factors, left: Math.sqrt(square / rows) }
}
