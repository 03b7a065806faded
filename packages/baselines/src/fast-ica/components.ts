/** Independent components of further rows. */
import { type Samples, type ShapeMismatch, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { IndependentComponents } from './fast-ica.js'

/** Rows [n, features] ↦ components [n, d]. Error: `ShapeMismatch`. */
export const componentsOf = (
  { mean, unmixing }: IndependentComponents,
  x: Samples
): E.Either<ShapeMismatch, Samples<Float64Array>> => {
  const [rows, columns] = x.shape
  const [d, features] = unmixing.shape
  if (columns !== features) {
    return E.left(shapeMismatch('componentsOf', 'x', showShape(x.shape), `[rows, ${features}]`))
  }
  const data = new Float64Array(rows * d)
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let j = 0; j < features; j++)
        sum += unmixing.data[i * features + j] * (x.data[r * columns + j] - mean[j])
      data[r * d + i] = sum
    }
  }
  return E.right({ data, shape: [rows, d] })
}
