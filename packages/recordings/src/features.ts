/** Features that tell nothing, or the same as others. */
import type { Channels } from './channels.js'
import { momentsOf } from './moments.js'

/** Two features of which one is a copy or, up to rounding, a multiple of the other. */
export interface Duplicate {
  readonly feature: string
  readonly of: string
  readonly exact: boolean
}

/** Correlations this near to ±1 leave less than float32 keeps. */
const NEAR = 1e-7
/** Products that looking for duplicates may take. */
const MOST_PRODUCTS = 1e9
/** Lines that features are compared on: a copy of each feature of theirs is held for it. */
const MOST_LINES = 100_000

const columnsApart = ({ names, data }: Channels, lines: Int32Array): readonly Float64Array[] => {
  const width = names.length
  return names.map((_, j) => Float64Array.from(lines, (line) => data[line * width + j]))
}

const scaledToUnit = (column: Float64Array, mean: number, scale: number): Float64Array =>
  column.map((value) => (value - mean) / (scale * Math.sqrt(column.length)))

const product = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** Duplicates among varying features, judged on evenly spread lines, 100,000 at most and as many as a second allows. */
export const duplicatesAmong = (x: Channels, lines: Int32Array): readonly Duplicate[] => {
  const width = x.names.length
  const rows = Math.min(lines.length, MOST_LINES, Math.floor(MOST_PRODUCTS / width ** 2))
  if (rows < 2) return []
  const some = Int32Array.from({ length: rows }, (_, k) => lines[Math.floor((k * lines.length) / rows)])
  const { mean, scale } = momentsOf(x, some)
  const columns = columnsApart(x, some)
  const units = columns.map((column, j) => scaledToUnit(column, mean[j], scale[j]))
  const found: Duplicate[] = []
  for (let j = 0; j < width; j++) {
    if (scale[j] === 0) continue
    for (let i = 0; i < j; i++) {
      if (scale[i] === 0 || 1 - Math.abs(product(units[i], units[j])) > NEAR) continue
      const exact = columns[i].every((value, k) => value === columns[j][k])
      found.push({ feature: x.names[j], of: x.names[i], exact })
      break
    }
  }
  return found
}
