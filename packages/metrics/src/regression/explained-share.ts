/** How much of observed features a model reconstructs. */
import { type Samples, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { MetricError } from '../errors.js'
import { checkSamples } from '../internal/samples.js'

const shareOf = (x: Samples, reconstructed: Samples): number => {
  const [rows, width] = x.shape
  let [error, total] = [0, 0]
  for (let j = 0; j < width; j++) {
    let mean = 0
    for (let at = j; at < rows * width; at += width) mean += x.data[at] / rows
    for (let at = j; at < rows * width; at += width) {
      error += (x.data[at] - reconstructed.data[at]) ** 2
      total += (x.data[at] - mean) ** 2
    }
  }
  return total === 0 ? 0 : 1 - error / total
}

/**
 * The share of the features' variance that reconstructions explain: 1 − Σ (x − x̂)² / Σ (x − x̄)², over all features
 * together; x and `reconstructed` are [n, features]. 1: perfect; 0: no better than the means, or no feature varies; it
 * can be negative. For features of variance 1 it is 1 − MSE.
 *
 * Use it to see whether an autoencoder has been trained long enough. It says nothing about latents.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`.
 */
export const explainedShare = (x: Samples, reconstructed: Samples): E.Either<MetricError, number> => {
  const [where, what] = ['explainedShare', 'reconstructed']
  return pipe(
    checkSamples(where, 'x', x),
    E.flatMap(() => checkSamples(where, what, reconstructed)),
    E.flatMap(({ shape }) =>
      showShape(shape) === showShape(x.shape)
        ? E.right(shareOf(x, reconstructed))
        : E.left(shapeMismatch(where, what, showShape(shape), `${showShape(x.shape)}, as x has`))
    )
  )
}
