/** Values and exact slopes of a definition at many points: dual numbers over columns of samples. */
import { type Column, columns, type Dual, dual, type Elementary } from '@mechid/mechanisms'
import { definitionThrew, notFinite } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Result, wrongOutputs } from '../errors.js'

/** Some values of some inputs, for every kind of number. */
export type Definition = <A>(F: Elementary<A>, inputs: ReadonlyArray<A>) => ReadonlyArray<A>

/** N × outputs values, and N × outputs × along slopes, along the first `along` inputs. */
export interface Derivatives {
  readonly values: Float64Array
  readonly slopes: Float64Array
}

export interface Asked {
  readonly where: string
  readonly definition: Definition
  readonly outputs: number
  /** Along how many of the first inputs. */
  readonly along: number
}

const BLOCK = 512

const at = (x: Column, r: number): number => (typeof x === 'number' ? x : x[r])

/** A block's inputs with a tangent of their own each. */
const inputsOf = (
  inputs: Float64Array,
  width: number,
  from: number,
  rows: number,
  along: number
): Dual<Column>[] =>
  Array.from({ length: width }, (_, j) => ({
    value: Float64Array.from({ length: rows }, (_, r) => inputs[(from + r) * width + j]),
    tangents: j < along ? Array.from({ length: along }, (_, k): Column => (k === j ? 1 : 0)) : []
  }))

const oddOutput = (where: string, output: number, inputs: Float64Array, value: number): Result<never> => {
  const place = Array.from(inputs, (x) => x.toPrecision(3)).join(', ')
  return E.left(notFinite(where, `output ${output} (or its slope) at (${place})`, value))
}

const firstOdd = (
  { where, outputs, along }: Asked,
  inputs: Float64Array,
  width: number,
  { values, slopes }: Derivatives
): Result<Derivatives> => {
  const at = (s: number): Float64Array => inputs.subarray(s * width, (s + 1) * width)
  const value = values.findIndex((x) => !Number.isFinite(x))
  if (value >= 0) return oddOutput(where, value % outputs, at(Math.floor(value / outputs)), values[value])
  const slope = slopes.findIndex((x) => !Number.isFinite(x))
  if (slope < 0) return E.right({ values, slopes })
  const output = Math.floor(slope / along)
  return oddOutput(where, output % outputs, at(Math.floor(output / outputs)), slopes[slope])
}

/**
 * `inputs`: N × width, row-major.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `DefinitionThrew`.
 */
export const derivativesOf = (asked: Asked, inputs: Float64Array, width: number): Result<Derivatives> => {
  const { where, definition, outputs, along } = asked
  const rows = width === 0 ? 0 : inputs.length / width
  const values = new Float64Array(rows * outputs)
  const slopes = new Float64Array(rows * outputs * along)
  const F = columns(Math.min(BLOCK, rows))
  const D = dual<Column>(F)
  try {
    for (let from = 0; from < rows; from += BLOCK) {
      F.reset()
      const size = Math.min(BLOCK, rows - from)
      const results = definition(D, inputsOf(inputs, width, from, size, along))
      if (results.length !== outputs) return E.left(wrongOutputs(where, outputs, results.length))
      results.forEach(({ value, tangents }, i) => {
        for (let r = 0; r < size; r++) values[(from + r) * outputs + i] = at(value, r)
        tangents.forEach((tangent, j) => {
          for (let r = 0; r < size; r++) slopes[((from + r) * outputs + i) * along + j] = at(tangent, r)
        })
      })
    }
  } catch (cause) {
    return E.left(definitionThrew(where, cause))
  }
  return firstOdd(asked, inputs, width, { values, slopes })
}

/** Columns of several row-major arrays side by side; widths as given. */
export const beside = (
  parts: ReadonlyArray<readonly [data: Float64Array, width: number]>,
  rows: number
): Float64Array => {
  const width = parts.reduce((sum, [, w]) => sum + w, 0)
  const out = new Float64Array(rows * width)
  let from = 0
  for (const [data, w] of parts) {
    for (let s = 0; s < rows; s++) out.set(data.subarray(s * w, (s + 1) * w), s * width + from)
    from += w
  }
  return out
}
