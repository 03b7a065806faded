/** Vector fields in words that people read: a basis with few and round coefficients. */
import type { VectorFields } from './vector-fields.js'

/** Coefficients below this part of a field's largest are rounding. */
const NEGLIGIBLE = 1e-7

/** dimension × (d · named) rows over the named functions. */
const namedRows = ({ latents, dimension, space, coefficients }: VectorFields): Float64Array[] => {
  const n = space.functions.count
  const wide = space.functions.names.length
  return Array.from({ length: dimension }, (_, k) => {
    const row = new Float64Array(latents * wide)
    for (let i = 0; i < latents; i++) {
      const at = (k * latents + i) * n
      row.set(space.functions.named(coefficients.subarray(at, at + n)), i * wide)
    }
    return row
  })
}

interface Pivot {
  readonly row: number
  readonly column: number
}

const largest = (rows: ReadonlyArray<Float64Array>, done: ReadonlySet<number>): Pivot => {
  let best: Pivot = { row: -1, column: 0 }
  let size = 0
  rows.forEach((row, k) => {
    if (done.has(k)) return
    for (let c = 0; c < row.length; c++)
      // A later entry must be clearly larger, so that equal ones give the first.
      if (Math.abs(row[c]) > size * (1 + 1e-6)) {
        size = Math.abs(row[c])
        best = { row: k, column: c }
      }
  })
  return best
}

/** Gauss–Jordan elimination with complete pivoting: each field has a 1 where the others have 0. */
const reduced = (rows: Float64Array[]): Float64Array[] => {
  const pivots: Pivot[] = []
  const done = new Set<number>()
  while (done.size < rows.length) {
    const pivot = largest(rows, done)
    if (pivot.row < 0) break
    const own = rows[pivot.row]
    const head = own[pivot.column]
    for (let c = 0; c < own.length; c++) own[c] /= head
    rows.forEach((row, k) => {
      if (k === pivot.row) return
      const factor = row[pivot.column]
      for (let c = 0; c < row.length; c++) row[c] -= factor * own[c]
    })
    pivots.push(pivot)
    done.add(pivot.row)
  }
  return pivots.sort((a, b) => a.column - b.column).map(({ row }) => rows[row])
}

const term = (coefficient: number, name: string): string => {
  const size = String(Number(Math.abs(coefficient).toPrecision(4)))
  if (name === '1') return size
  return size === '1' ? name : `${size} ${name}`
}

const sumOf = (row: Float64Array, names: ReadonlyArray<string>, least: number): string => {
  let text = ''
  row.forEach((c, f) => {
    if (Math.abs(c) <= least) return
    const written = term(c, names[f])
    text += text === '' ? (c < 0 ? `-${written}` : written) : c < 0 ? ` - ${written}` : ` + ${written}`
  })
  return text === '' ? '0' : text
}

/**
 * Fields that span the same space, one text a coordinate of each.
 *
 * @example
 * fieldTexts(fields) // [['z_0', '0'], ['0', 'z_1'], ['0', 'z_0^2']] for what commutes with diag(2, 4)
 */
export const fieldTexts = (fields: VectorFields): string[][] => {
  const { names } = fields.space.functions
  return reduced(namedRows(fields)).map((row) => {
    let size = 0
    for (const c of row) size = Math.max(size, Math.abs(c))
    return Array.from({ length: fields.latents }, (_, i) =>
      sumOf(row.subarray(i * names.length, (i + 1) * names.length), names, NEGLIGIBLE * size)
    )
  })
}
