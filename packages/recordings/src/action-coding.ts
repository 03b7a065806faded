/** What each column of an action becomes: a standardized number, a 0/1 column a value, or the 0/1 column that it is. */
import type { Channels } from './channels.js'
import type { LinearDependence } from './dependent-actions.js'
import { momentsOf, varying } from './moments.js'

export type ActionColumn =
  /** (a − mean) / scale. */
  | { readonly _tag: 'Number'; readonly name: string; readonly mean: number; readonly scale: number }
  /** A column of 0 and 1 for each value, which is a number or a label. */
  | { readonly _tag: 'Values'; readonly name: string; readonly values: readonly (number | string)[] }
  /** One of several columns of 0 and 1 of which at most one is 1 in each line. */
  | { readonly _tag: 'Indicator'; readonly name: string }
  /** The same in every line that training sees: left out. */
  | { readonly _tag: 'Constant'; readonly name: string }

/** Discrete columns may take so many values. */
export const MOST_VALUES = 1000

/** Few values of a column of numbers, so that someone may have meant names: worth a question. */
const FEW_VALUES = 12

const valuesOf = ({ names, data }: Channels, j: number, lines: Int32Array): readonly number[] => {
  const found = new Set<number>()
  for (const line of lines) {
    found.add(data[line * names.length + j])
    if (found.size > MOST_VALUES) break
  }
  return [...found].sort((p, q) => p - q)
}

/** Whether the columns are 0 and 1 with at most one 1 in each line: a line of zeros has a value without a column, such as a control. */
const isOneHot = ({ names, data, labels }: Channels, lines: Int32Array): boolean => {
  const width = names.length
  if (width < 2 || labels !== undefined) return false
  for (const line of lines) {
    let ones = 0
    for (let j = 0; j < width; j++) {
      const value = data[line * width + j]
      if (value !== 0 && value !== 1) return false
      ones += value
    }
    if (ones > 1) return false
  }
  return true
}

export interface ActionCoding {
  readonly columns: readonly ActionColumn[]
  readonly notes: readonly string[]
  /** Columns of numbers with more values than `discrete` allows. */
  readonly tooMany: readonly string[]
}

/**
 * Chooses the coding by the lines of the training. Text is always discrete; numbers are if `discrete`, but for columns
 * of 0 and 1 of which at most one is 1 in each line, which stay as they are.
 */
export const codeActions = (a: Channels, lines: Int32Array, discrete: boolean): ActionCoding => {
  const varies = varying(a, lines)
  const oneHot = isOneHot(a, lines)
  const { mean, scale } = momentsOf(a, lines)
  const notes: string[] = []
  const tooMany: string[] = []
  if (oneHot)
    notes.push(
      `The action columns ${a.names[0]} to ${a.names.at(-1)} are one discrete action, one column a value.`
    )
  const columns = a.names.map((name, j): ActionColumn => {
    if (!varies[j]) return { _tag: 'Constant', name }
    if (oneHot) return { _tag: 'Indicator', name }
    const labels = a.labels?.get(j)
    const values = labels === undefined && !discrete ? [] : valuesOf(a, j, lines)
    if (values.length > MOST_VALUES) tooMany.push(name)
    if (labels !== undefined) return { _tag: 'Values', name, values: values.map((code) => labels[code]) }
    if (discrete) return { _tag: 'Values', name, values }
    const few = valuesOf(a, j, lines)
    if (few.length > 2 && few.length <= FEW_VALUES && few.every(Number.isInteger))
      notes.push(
        `Action ${name} takes ${few.length} values only (${few.join(', ')}); if they are names, take them as discrete.`
      )
    return { _tag: 'Number', name, mean: mean[j], scale: scale[j] }
  })
  const constant = columns.filter(({ _tag }) => _tag === 'Constant').map(({ name }) => name)
  if (constant.length > 0)
    notes.push(`Left out, since the same in every row of the training: action ${constant.join(', ')}.`)
  return { columns, notes, tooMany }
}

/** The names of the columns that a coding makes: `dose`, `cell=wild`. */
export const codedNames = (columns: readonly ActionColumn[]): readonly string[] =>
  columns.flatMap((column) => {
    if (column._tag === 'Constant') return []
    return column._tag === 'Values' ? column.values.map((value) => `${column.name}=${value}`) : [column.name]
  })

/** The first column that each column of a recording becomes; −1 of those that are left out. */
const firstCoded = (columns: readonly ActionColumn[]): readonly number[] => {
  let next = 0
  return columns.map((column) => {
    const width = codedNames([column]).length
    next += width
    return width === 0 ? -1 : next - width
  })
}

/** Dependences among columns of numbers of a recording, as dependences among the columns that they become. */
export const codedDependences = (
  dependences: readonly LinearDependence[],
  columns: readonly ActionColumn[]
): readonly LinearDependence[] => {
  const first = firstCoded(columns)
  const unit = (j: number): { readonly mean: number; readonly scale: number } => {
    const column = columns[j]
    return column._tag === 'Number' ? column : { mean: 0, scale: 1 }
  }
  return dependences.map(({ action, of, factors, constant }) => {
    const own = unit(action)
    const atMeans = of.reduce((sum, k, p) => sum + factors[p] * unit(k).mean, constant)
    return {
      action: first[action],
      of: of.map((k) => first[k]),
      factors: factors.map((factor, p) => (factor * unit(of[p]).scale) / own.scale),
      constant: (atMeans - own.mean) / own.scale
    }
  })
}

/** All lines coded, [lines, coded columns]; a value that training did not see is a line of zeros. */
export const applyActionCoding = (a: Channels, columns: readonly ActionColumn[]): Float32Array => {
  const width = a.names.length
  const total = codedNames(columns).length
  const out = new Float32Array(a.lines * total)
  let to = 0
  for (const [j, column] of columns.entries()) {
    if (column._tag === 'Constant') continue
    if (column._tag === 'Values') {
      const labels = a.labels?.get(j)
      const place = new Map(column.values.map((value, k) => [value, k]))
      for (let i = 0; i < a.lines; i++) {
        const value = a.data[i * width + j]
        const k = place.get(labels === undefined ? value : labels[value])
        if (k !== undefined) out[i * total + to + k] = 1
      }
      to += column.values.length
      continue
    }
    const { mean, scale } = column._tag === 'Number' ? column : { mean: 0, scale: 1 }
    for (let i = 0; i < a.lines; i++) out[i * total + to] = (a.data[i * width + j] - mean) / scale
    to++
  }
  return out
}
