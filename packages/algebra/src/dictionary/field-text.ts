/** Vector fields in words that people read: a basis with few and round coefficients. */
import type { VectorFields } from './vector-fields.js'

/** Coefficients, times the sizes of what they are of, below this part of a field's largest are rounding. */
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
const reduced = (rows: Float64Array[]): ReadonlyArray<readonly [row: Float64Array, pivot: number]> => {
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
  return pivots.sort((a, b) => a.column - b.column).map(({ row, column }) => [rows[row], column] as const)
}

const MOST_PLAIN = 1e6

const term = (coefficient: number, name: string): string => {
  const rounded = Number(Math.abs(coefficient).toPrecision(4))
  const size = rounded < MOST_PLAIN ? String(rounded) : rounded.toExponential()
  if (name === '1') return size
  return size === '1' ? name : `${size} ${name}`
}

const sumOf = (row: ReadonlyArray<number>, names: ReadonlyArray<string>): string => {
  let text = ''
  row.forEach((c, f) => {
    if (c === 0) return
    const written = term(c, names[f])
    text += text === '' ? (c < 0 ? `-${written}` : written) : c < 0 ? ` - ${written}` : ` + ${written}`
  })
  return text === '' ? '0' : text
}

/** What fields and functions are measured in, by default 1 throughout, and what is left out. */
export interface TextOptions {
  /** One a latent. */
  readonly units?: ArrayLike<number>
  /** One a named function: how large it is. */
  readonly sizes?: ArrayLike<number>
  /** Up to this part of a field's largest coefficient (default 1e-7, which is also the least). */
  readonly negligible?: number
}

/**
 * Fields that span the same space, one text a coordinate of each. What is negligible in the given units is left out.
 *
 * @example
 * fieldTexts(fields) // [['z_0', '0'], ['0', 'z_1'], ['0', 'z_0^2']] for what commutes with diag(2, 4)
 */
export const fieldTexts = (
  fields: VectorFields,
  { units, sizes, negligible = 0 }: TextOptions = {}
): string[][] => {
  const { names } = fields.space.functions
  const of = sizes ?? fields.space.functions.sizes
  const weight = (c: number): number =>
    (of?.[c % names.length] ?? 1) / (units?.[Math.floor(c / names.length)] ?? 1)
  const weighed = namedRows(fields).map((row) => row.map((x, c) => x * weight(c)))
  return reduced(weighed).map(([row, pivot]) => {
    const size = row.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    const plain = Array.from(row, (x, c) =>
      Math.abs(x) <= Math.max(NEGLIGIBLE, negligible) * size ? 0 : (x * weight(pivot)) / weight(c)
    )
    return Array.from({ length: fields.latents }, (_, i) =>
      sumOf(plain.slice(i * names.length, (i + 1) * names.length), names)
    )
  })
}
