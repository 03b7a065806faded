/** Dictionaries of vector fields: among what fields one looks. */
import type { Result } from '../errors.js'

/** The box that the latents and their images range over; dictionaries centre and scale coordinates by it. */
export interface Region {
  readonly latents: number
  /** d entries. */
  readonly centre: Float64Array
  /** d entries, above 0. */
  readonly halfWidth: Float64Array
}

/** Scalar functions φ_0 … φ_{n−1} of d latents, evaluated at many points at once. */
export interface ScalarFunctions {
  /** n */
  readonly count: number
  /** N × d points to N × n values, both row-major. */
  readonly values: (points: Float64Array, rows: number) => Float64Array
  /** N × d points to N × n × d slopes: entry (s, f, j) is ∂φ_f/∂z_j at point s. */
  readonly gradients: (points: Float64Array, rows: number) => Float64Array
  /** What people read: names of functions that span the same space, `1`, `z_0^2`, `sin(2 z_1)`. */
  readonly names: ReadonlyArray<string>
  /** n coefficients over φ to as many as there are names over the named functions. */
  readonly named: (coefficients: Float64Array) => Float64Array
  /** How large the named functions are on the region (default 1 each): what is negligible in a text. */
  readonly sizes?: Float64Array
}

/**
 * A dictionary on a region: field j is the sum of φ_f e_i over its terms (f, i), which stand from `starts[j]` to
 * `starts[j + 1]`.
 */
export interface FieldSpace {
  readonly latents: number
  /** How many fields. */
  readonly size: number
  readonly description: string
  readonly functions: ScalarFunctions
  /** Whether the fields are φ_f e_i for every f and i, in the order i · n + f. */
  readonly product: boolean
  readonly starts: Int32Array
  readonly functionOf: Int32Array
  readonly coordinateOf: Int32Array
}

/** Vector fields among which ambiguities are looked for. Any value of this type will do. */
export interface Dictionary {
  readonly description: string
  /** Errors: what the dictionary cannot do on this region, as `ShapeMismatch` for a field of another number of latents. */
  readonly on: (region: Region) => Result<FieldSpace>
}

/** Every function in every coordinate: field i · n + f is φ_f e_i. */
export const everyCoordinate = (
  description: string,
  latents: number,
  functions: ScalarFunctions
): FieldSpace => {
  const n = functions.count
  const size = n * latents
  return {
    latents,
    size,
    description,
    functions,
    product: true,
    starts: Int32Array.from({ length: size + 1 }, (_, j) => j),
    functionOf: Int32Array.from({ length: size }, (_, j) => j % n),
    coordinateOf: Int32Array.from({ length: size }, (_, j) => Math.floor(j / n))
  }
}

/** The smallest box around points; a coordinate that does not vary gets half-width 1. */
export const regionAround = (points: ReadonlyArray<Float64Array>, latents: number): Region => {
  const low = new Float64Array(latents).fill(Number.POSITIVE_INFINITY)
  const high = new Float64Array(latents).fill(Number.NEGATIVE_INFINITY)
  for (const block of points)
    for (let e = 0; e < block.length; e++) {
      const j = e % latents
      if (block[e] < low[j]) low[j] = block[e]
      if (block[e] > high[j]) high[j] = block[e]
    }
  return {
    latents,
    centre: low.map((x, j) => (x + high[j]) / 2),
    halfWidth: low.map((x, j) => (high[j] > x ? (high[j] - x) / 2 : 1))
  }
}
