/** Functions of one input each: what additive mechanisms are made of, and what affine maps turn them into. */
import { dual, type Mechanism, number } from '@mechid/mechanisms'
import type { Region } from '../dictionary/dictionary.js'

/** n functions of one number: at each number, n values. */
export type Univariate = (x: number) => Float64Array

/** A mechanism along latent j, all else in the middle: its images and their slopes by z_j. */
export const alongLatent = (
  { step }: Mechanism,
  { centre }: Region,
  actions: ReadonlyArray<number>,
  j: number
): ((x: number) => { readonly value: number; readonly slope: number }[]) => {
  const D = dual(number)
  const lit = actions.map(D.lit)
  return (x) =>
    step(
      D,
      Array.from(centre, (c, k) => (k === j ? { value: x, tangents: [1] } : D.lit(c))),
      lit
    ).map(({ value, tangents }) => ({ value, slope: tangents[0] ?? 0 }))
}

/** A mechanism along action l, all else in the middle: its images. */
export const alongAction =
  ({ step }: Mechanism, { centre }: Region, actions: ReadonlyArray<number>, l: number): Univariate =>
  (x) =>
    Float64Array.from(
      step(
        number,
        Array.from(centre),
        actions.map((y, k) => (k === l ? x : y))
      )
    )

/** Points of a Chebyshev grid on [centre − halfWidth, centre + halfWidth]. */
const grid = (centre: number, halfWidth: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => centre + halfWidth * Math.cos((Math.PI * (k + 0.5)) / count))

/** What remains of a function's size once others are taken out, below which it is no direction of its own. */
const INDEPENDENT = 1e-8

/** Variation below this part of the values is rounding. */
const ROUNDING = 1e-11

const subtract = (x: Float64Array, y: Float64Array, factor: number): void => {
  for (let k = 0; k < x.length; k++) x[k] -= factor * y[k]
}

const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, k) => sum + value * y[k], 0)

/**
 * The same span, constants left out, as functions that are orthonormal on the interval: pivoted Gram–Schmidt on a grid,
 * which drops what others make up. Independent of the points at which it is used.
 */
export const orthonormal = (functions: Univariate, centre: number, halfWidth: number): Univariate => {
  const nodes = grid(centre, halfWidth, 32 + 4 * functions(centre).length)
  const rows = nodes.map(functions)
  const count = rows[0].length
  // Columns on the grid, each followed by its coefficients over 1 and the given functions.
  const columns = Array.from({ length: count }, (_, f) => {
    const values = Float64Array.from(rows, (row) => row[f])
    const coefficients = new Float64Array(count + 1)
    coefficients[f + 1] = 1
    const most = values.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0)
    const mean = values.reduce((sum, x) => sum + x, 0) / nodes.length
    for (let k = 0; k < values.length; k++) values[k] -= mean
    coefficients[0] = -mean
    return { values, coefficients, most, size: Math.sqrt(dot(values, values)) }
    // A function that does not vary is a constant and rounding.
  }).filter(({ size, most }) => size > ROUNDING * most)
  const basis: Float64Array[] = []
  for (const column of columns)
    for (const part of [column.values, column.coefficients])
      part.forEach((x, k) => {
        part[k] = x / column.size
      })
  const left = [...columns]
  while (left.length > 0) {
    left.sort((a, b) => dot(b.values, b.values) - dot(a.values, a.values))
    const [next] = left.splice(0, 1)
    const size = Math.sqrt(dot(next.values, next.values))
    if (!(size > INDEPENDENT)) break
    for (const part of [next.values, next.coefficients])
      part.forEach((x, k) => {
        part[k] = x / size
      })
    basis.push(next.coefficients)
    for (const other of left)
      for (let twice = 0; twice < 2; twice++) {
        const share = dot(other.values, next.values)
        subtract(other.values, next.values, share)
        subtract(other.coefficients, next.coefficients, share)
      }
  }
  return (x) => {
    const values = functions(x)
    return Float64Array.from(basis, (c) => c[0] + values.reduce((sum, value, f) => sum + c[f + 1] * value, 0))
  }
}
