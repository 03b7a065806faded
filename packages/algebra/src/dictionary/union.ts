/** Several dictionaries as one, without what they have in common. */
import type { Dense } from '@mechid/numerics'
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Result } from '../errors.js'
import {
  type Dictionary,
  everyCoordinate,
  type FieldSpace,
  type Region,
  type ScalarFunctions
} from './dictionary.js'
import { pointsWithin } from './points-within.js'
import { dictionaryMatrix } from './vector-fields.js'

/** A column whose part outside the earlier ones is smaller than this part of it lies among them. */
const DEPENDENT = 1e-9

const norm = (x: Float64Array): number => {
  let sum = 0
  for (const value of x) sum += value * value
  return Math.sqrt(sum)
}

/** Of the columns, those that are not combinations of earlier ones (Gram–Schmidt, twice). */
const independentColumns = ({ data, shape: [rows, columns] }: Dense): number[] => {
  const kept: number[] = []
  const basis: Float64Array[] = []
  for (let j = 0; j < columns; j++) {
    const column = Float64Array.from({ length: rows }, (_, i) => data[i * columns + j])
    const before = norm(column)
    for (let pass = 0; pass < 2; pass++)
      for (const q of basis) {
        let dot = 0
        for (let i = 0; i < rows; i++) dot += q[i] * column[i]
        for (let i = 0; i < rows; i++) column[i] -= dot * q[i]
      }
    const after = norm(column)
    if (!(after > DEPENDENT * before)) continue
    kept.push(j)
    basis.push(column.map((x) => x / after))
  }
  return kept
}

/** One list of functions after the other. */
const joined = (parts: ReadonlyArray<ScalarFunctions>): ScalarFunctions => {
  const counts = parts.map(({ count }) => count)
  const count = counts.reduce((sum, n) => sum + n, 0)
  const at = counts.map((_, p) => counts.slice(0, p).reduce((sum, n) => sum + n, 0))
  const interleaved = (blocks: Float64Array[], rows: number, width: number): Float64Array => {
    const out = new Float64Array(rows * count * width)
    blocks.forEach((block, p) => {
      const own = counts[p] * width
      for (let s = 0; s < rows; s++)
        out.set(block.subarray(s * own, (s + 1) * own), (s * count + at[p]) * width)
    })
    return out
  }
  return {
    count,
    names: parts.flatMap(({ names }) => names),
    sizes: Float64Array.from(parts.flatMap(({ names, sizes }) => names.map((_, f) => sizes?.[f] ?? 1))),
    values: (points, rows) =>
      interleaved(
        parts.map((part) => part.values(points, rows)),
        rows,
        1
      ),
    gradients: (points, rows) => {
      if (rows === 0) return new Float64Array(0)
      const blocks = parts.map((part) => part.gradients(points, rows))
      return interleaved(blocks, rows, points.length / rows)
    },
    named: (coefficients) =>
      Float64Array.from(
        parts.flatMap((part, p) => Array.from(part.named(coefficients.subarray(at[p], at[p] + counts[p]))))
      )
  }
}

/** A list of functions with some left out. */
const only = (functions: ScalarFunctions, kept: ReadonlyArray<number>): ScalarFunctions => {
  const picked = (block: Float64Array, rows: number, width: number): Float64Array => {
    const out = new Float64Array(rows * kept.length * width)
    for (let s = 0; s < rows; s++)
      kept.forEach((f, k) => {
        const from = (s * functions.count + f) * width
        out.set(block.subarray(from, from + width), (s * kept.length + k) * width)
      })
    return out
  }
  return {
    count: kept.length,
    names: functions.names,
    ...(functions.sizes === undefined ? {} : { sizes: functions.sizes }),
    values: (points, rows) => picked(functions.values(points, rows), rows, 1),
    gradients: (points, rows) =>
      picked(functions.gradients(points, rows), rows, rows === 0 ? 1 : points.length / rows),
    named: (coefficients) => {
      const whole = new Float64Array(functions.count)
      kept.forEach((f, k) => {
        whole[f] = coefficients[k]
      })
      return functions.named(whole)
    }
  }
}

const fieldsOnly = (space: FieldSpace, kept: ReadonlyArray<number>): FieldSpace => {
  const terms = kept.map((j) =>
    Array.from({ length: space.starts[j + 1] - space.starts[j] }, (_, t) => space.starts[j] + t)
  )
  const starts = new Int32Array(kept.length + 1)
  terms.forEach((own, k) => {
    starts[k + 1] = starts[k] + own.length
  })
  const picked = terms.flat()
  return {
    ...space,
    size: kept.length,
    product: false,
    starts,
    functionOf: Int32Array.from(picked, (t) => space.functionOf[t]),
    coordinateOf: Int32Array.from(picked, (t) => space.coordinateOf[t])
  }
}

const ofProducts = (description: string, region: Region, functions: ScalarFunctions): FieldSpace => {
  const rows = 4 * functions.count
  const data = functions.values(pointsWithin(region, 1, rows).points, rows)
  const kept = independentColumns({ data, shape: [rows, functions.count] })
  return everyCoordinate(description, region.latents, only(functions, kept))
}

const ofFields = (
  description: string,
  region: Region,
  functions: ScalarFunctions,
  parts: ReadonlyArray<FieldSpace>
): FieldSpace => {
  const offsets = parts.map((_, p) =>
    parts.slice(0, p).reduce((sum, { functions: { count } }) => sum + count, 0)
  )
  const lengths = parts.flatMap(({ starts, size }) =>
    Array.from({ length: size }, (_, j) => starts[j + 1] - starts[j])
  )
  const starts = new Int32Array(lengths.length + 1)
  lengths.forEach((length, j) => {
    starts[j + 1] = starts[j] + length
  })
  const all: FieldSpace = {
    latents: region.latents,
    size: lengths.length,
    description,
    functions,
    product: false,
    starts,
    functionOf: Int32Array.from(
      parts.flatMap((part, p) => Array.from(part.functionOf, (f) => f + offsets[p]))
    ),
    coordinateOf: Int32Array.from(parts.flatMap(({ coordinateOf }) => Array.from(coordinateOf)))
  }
  const rows = Math.ceil((4 * all.size) / region.latents)
  const values = functions.values(pointsWithin(region, 1, rows).points, rows)
  const { data, shape } = dictionaryMatrix(all, values, rows)
  const measured = data.map((x, e) => x / region.halfWidth[Math.floor(e / shape[1]) % region.latents])
  return fieldsOnly(all, independentColumns({ data: measured, shape }))
}

/**
 * Every field of every part. What a part has in common with earlier ones counts once.
 *
 * Errors on use: those of the parts; `ShapeMismatch` without parts.
 *
 * @example
 * union([affineFields, orThrow(trigonometric(2))])
 */
export const union = (parts: ReadonlyArray<Dictionary>): Dictionary => {
  const description = parts.map((part) => part.description).join(' and ')
  return {
    description,
    on: (region): Result<FieldSpace> => {
      if (parts.length === 0)
        return E.left(shapeMismatch('union', 'the list of dictionaries', 'empty', 'one dictionary or more'))
      const spaces: FieldSpace[] = []
      for (const part of parts) {
        const space = part.on(region)
        if (E.isLeft(space)) return space
        spaces.push(space.right)
      }
      const functions = joined(spaces.map((space) => space.functions))
      return E.right(
        spaces.every(({ product }) => product)
          ? ofProducts(description, region, functions)
          : ofFields(description, region, functions, spaces)
      )
    }
  }
}
