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

/** Among the first `width` columns. */
const largest = (rows: ReadonlyArray<Float64Array>, done: ReadonlySet<number>, width: number): Pivot => {
  let best: Pivot = { row: -1, column: 0 }
  let size = 0
  rows.forEach((row, k) => {
    if (done.has(k)) return
    for (let c = 0; c < width; c++)
      // A later entry must be clearly larger, so that equal ones give the first.
      if (Math.abs(row[c]) > size * (1 + 1e-6)) {
        size = Math.abs(row[c])
        best = { row: k, column: c }
      }
  })
  return best
}

interface Reduced {
  readonly row: Float64Array
  /** Where the row has a 1 and the others have 0. */
  readonly pivot: number
  /** The row as a combination of those that were given. */
  readonly combination: Float64Array
}

/** Gauss–Jordan elimination with complete pivoting: each field has a 1 where the others have 0. */
const reduced = (given: ReadonlyArray<Float64Array>): ReadonlyArray<Reduced> => {
  const width = given[0]?.length ?? 0
  // Beside each row a row of the identity, which becomes the combination.
  const rows = given.map((row, k) => {
    const wide = new Float64Array(width + given.length)
    wide.set(row)
    wide[width + k] = 1
    return wide
  })
  const pivots: Pivot[] = []
  const done = new Set<number>()
  while (done.size < rows.length) {
    const pivot = largest(rows, done, width)
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
  return pivots
    .sort((a, b) => a.column - b.column)
    .map(({ row, column }) => ({
      row: rows[row].subarray(0, width),
      pivot: column,
      combination: rows[row].subarray(width)
    }))
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

/** Rows over the named functions, each entry times what it weighs, and these weights. */
const weighedRows = (fields: VectorFields, { units, sizes }: TextOptions) => {
  const { names, sizes: own } = fields.space.functions
  const of = sizes ?? own
  const weight = (c: number): number =>
    (of?.[c % names.length] ?? 1) / (units?.[Math.floor(c / names.length)] ?? 1)
  return { rows: namedRows(fields).map((row) => row.map((x, c) => x * weight(c))), weight }
}

/**
 * Fields that span the same space, one text a coordinate of each. What is negligible in the given units is left out. The
 * fields themselves: `readableFields`.
 *
 * @example
 * fieldTexts(fields) // [['z_0', '0'], ['0', 'z_1'], ['0', 'z_0^2']] for what commutes with diag(2, 4)
 */
export const fieldTexts = (fields: VectorFields, options: TextOptions = {}): string[][] => {
  const { names } = fields.space.functions
  const { rows, weight } = weighedRows(fields, options)
  const { negligible = 0 } = options
  return reduced(rows).map(({ row, pivot }) => {
    const size = row.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    const plain = Array.from(row, (x, c) =>
      Math.abs(x) <= Math.max(NEGLIGIBLE, negligible) * size ? 0 : (x * weight(pivot)) / weight(c)
    )
    return Array.from({ length: fields.latents }, (_, i) =>
      sumOf(plain.slice(i * names.length, (i + 1) * names.length), names)
    )
  })
}

/**
 * The fields that `fieldTexts` writes, in the same order: they span the same space as those given, and have few and round
 * coefficients. What texts leave out as negligible is still in them. For pictures and flows of single fields; a basis of
 * `Ambiguity` itself is orthonormal instead.
 *
 * @example
 * evaluateFields(readableFields(answer.fields), points) // N × dimension × d, field k being fieldTexts(answer.fields)[k]
 */
export const readableFields = (fields: VectorFields, options: TextOptions = {}): VectorFields => {
  const { dimension, coefficients } = fields
  const { rows, weight } = weighedRows(fields, options)
  const wide = dimension === 0 ? 0 : coefficients.length / dimension
  const found = reduced(rows)
  const out = new Float64Array(found.length * wide)
  found.forEach(({ pivot, combination }, k) => {
    for (let l = 0; l < dimension; l++)
      for (let f = 0; f < wide; f++)
        out[k * wide + f] += combination[l] * weight(pivot) * coefficients[l * wide + f]
  })
  return { ...fields, dimension: found.length, coefficients: out }
}
