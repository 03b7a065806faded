/** Rows with their true latents, as a source of examples. */
import { type ExampleSource, type Samples, type ShapeMismatch, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/**
 * Observations [n, features] and their true latents [n, d], which stand in the place of actions: the data of `supervised`.
 *
 * Error: `ShapeMismatch`.
 */
export const labelledRows = (x: Samples, z: Samples): E.Either<ShapeMismatch, ExampleSource> => {
  const [examples, features] = x.shape
  const [rows, latents] = z.shape
  if (rows !== examples)
    return E.left(shapeMismatch('labelledRows', 'z', `${rows} rows`, `${examples}, as x has`))
  return E.right({
    examples,
    features,
    actions: latents,
    temporal: false,
    order: (random) => random.permutation(examples),
    gather: (indices, toX, toZ) => {
      indices.forEach((row, i) => {
        for (let f = 0; f < features; f++) toX[i * features + f] = x.data[row * features + f]
        for (let j = 0; j < latents; j++) toZ[i * latents + j] = z.data[row * latents + j]
      })
    }
  })
}
