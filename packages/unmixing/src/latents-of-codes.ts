/** Latents of codes, by a map that unmixing found. */
import { checkShape, type RealArray, type ShapeMismatch, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Unmixed } from './unmixed.js'

/** matrix (h − centre) for each of the rows of width d in `data`. */
const mapped = (data: RealArray['data'], { matrix, centre }: Unmixed['map']): Float64Array => {
  const d = centre.length
  const out = new Float64Array(data.length)
  for (let at = 0; at < data.length; at += d) {
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += matrix[i * d + j] * (data[at + j] - centre[j])
      out[at + i] = sum
    }
  }
  return out
}

/**
 * Latents ẑ = matrix (h − centre) of codes h, [n, d] or [n, t, d], in the same shape: of the codes that were unmixed, or of
 * new ones from the same encoder.
 *
 * Errors: `ShapeMismatch` (another rank; an empty side; codes of another width than the map).
 *
 * @example
 * latentsOfCodes(codes, unmixed.map) // E.right({ data: Float64Array […], shape: [3000, 2, 2] })
 */
export const latentsOfCodes = (
  codes: RealArray,
  map: Unmixed['map']
): E.Either<ShapeMismatch, RealArray<Float64Array>> =>
  E.flatMap(({ data, shape }: RealArray): E.Either<ShapeMismatch, RealArray<Float64Array>> => {
    const [width, d] = [shape[shape.length - 1], map.centre.length]
    return width === d
      ? E.right({ data: mapped(data, map), shape })
      : E.left(shapeMismatch('latentsOfCodes', 'the width of the codes', width, `${d}, as the map has`))
  })(checkShape('latentsOfCodes', 'codes', codes, [2, 3]))
