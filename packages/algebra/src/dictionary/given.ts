/** Dictionaries of a user's own functions and fields, written once for every kind of number. */
import { type Elementary, jacobian, number, symbol, text } from '@mechid/mechanisms'
import { definitionThrew, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Result, sizeMismatch } from '../errors.js'
import { type Dictionary, everyCoordinate, type Region, type ScalarFunctions } from './dictionary.js'
import { pointsWithin } from './points-within.js'

/** Several values of z at once; pure, and nothing but `F` on its numbers. */
export type Functions = <A>(F: Elementary<A>, z: ReadonlyArray<A>) => ReadonlyArray<A>

/** The number of values that a definition returns for d latents, and their formulas. */
const trial = (where: string, definition: Functions, latents: number): Result<string[]> => {
  try {
    const symbols = Array.from({ length: latents }, (_, j) => symbol(`z_${j}`))
    return E.right(definition(text, symbols).map((f) => f.text))
  } catch (cause) {
    return E.left(definitionThrew(where, cause))
  }
}

/** Largest values at points of the region; 1 for functions that are 0 or not defined there. */
const sizesOn = (values: ScalarFunctions['values'], region: Region, n: number): Float64Array => {
  const rows = 16
  const out = new Float64Array(n)
  values(pointsWithin(region, 1, rows).points, rows).forEach((x, e) => {
    if (Number.isFinite(x)) out[e % n] = Math.max(out[e % n], Math.abs(x))
  })
  return out.map((x) => (x > 0 ? x : 1))
}

const evaluated = (region: Region, names: ReadonlyArray<string>, definition: Functions): ScalarFunctions => {
  const { latents } = region
  const n = names.length
  const point = (points: Float64Array, s: number): number[] =>
    Array.from(points.subarray(s * latents, (s + 1) * latents))
  const values: ScalarFunctions['values'] = (points, rows) => {
    const out = new Float64Array(rows * n)
    for (let s = 0; s < rows; s++) out.set(definition(number, point(points, s)), s * n)
    return out
  }
  return {
    count: n,
    names,
    sizes: sizesOn(values, region, n),
    named: (coefficients) => coefficients,
    values,
    gradients: (points, rows) => {
      const out = new Float64Array(rows * n * latents)
      for (let s = 0; s < rows; s++)
        jacobian<number>(number, (F, z) => definition(F, z), point(points, s)).forEach((row, f) => {
          out.set(row, (s * n + f) * latents)
        })
      return out
    }
  }
}

/**
 * Given scalar functions in every coordinate: with n functions, n · d fields. Slopes come by dual numbers.
 *
 * Errors on use: `DefinitionThrew`, `ShapeMismatch` (no functions).
 *
 * @example
 * functionFields('exponentials', (F, z) => z.map((x) => F.exp(x)))
 */
export const functionFields = (description: string, functions: Functions): Dictionary => ({
  description,
  on: (region) =>
    E.flatMap((names: string[]) =>
      names.length === 0
        ? E.left(shapeMismatch(description, 'the list of functions', 'empty', 'one function or more'))
        : E.right(everyCoordinate(description, region.latents, evaluated(region, names, functions)))
    )(trial(description, functions, region.latents))
})

/**
 * Given vector fields, each with one value a latent.
 *
 * Errors on use: `DefinitionThrew`, `ShapeMismatch` (no fields, or one with another number of values).
 *
 * @example
 * givenFields('turning', [(F, [x, y]) => [F.neg(y), x]])
 */
export const givenFields = (description: string, fields: ReadonlyArray<Functions>): Dictionary => ({
  description,
  on: (region) => {
    const { latents } = region
    if (fields.length === 0)
      return E.left(shapeMismatch(description, 'the list of fields', 'empty', 'one field or more'))
    const names: string[] = []
    for (const [k, field] of fields.entries()) {
      const own = trial(description, field, latents)
      if (E.isLeft(own)) return own
      if (own.right.length !== latents)
        return E.left(
          sizeMismatch(description, `the number of values of field ${k}`, latents, own.right.length)
        )
      names.push(...own.right)
    }
    const size = fields.length
    return E.right({
      latents,
      size,
      description,
      functions: evaluated(region, names, (F, z) => fields.flatMap((field) => field(F, z))),
      product: false,
      starts: Int32Array.from({ length: size + 1 }, (_, j) => j * latents),
      functionOf: Int32Array.from({ length: size * latents }, (_, t) => t),
      coordinateOf: Int32Array.from({ length: size * latents }, (_, t) => t % latents)
    })
  }
})
