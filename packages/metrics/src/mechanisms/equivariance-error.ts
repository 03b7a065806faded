/** Whether a learned map commutes with a mechanism. */
import { degenerate, type Samples, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { checkSamples } from '../internal/samples.js'

/** The three sets of rows that the error is made of, each [n, k], row by row from the same true latents z. */
export interface Commutation {
  /** a(z): where the learned latents start. */
  readonly start: Samples
  /** a(m(z)): where the true mechanism takes them. */
  readonly moved: Samples
  /** m̂(a(z)): where the learned mechanism takes them; m̂ = m if the mechanism is known. */
  readonly predicted: Samples
}

export interface EquivarianceError {
  /** 0: equivariant on every row; 1: no better than a mechanism that moves nothing; there is no upper bound. */
  readonly value: number
  /** The same with root mean squares in place of means. */
  readonly rootMeanSquare: number
}

interface Lengths {
  readonly mean: number
  readonly rootMeanSquare: number
}

/** Mean and root mean square of ‖x_i − y_i‖. */
const lengths = (x: Samples, y: Samples): Lengths => {
  const [rows, columns] = x.shape
  let sum = 0
  let squares = 0
  for (let i = 0, at = 0; i < rows; i++) {
    let square = 0
    for (let j = 0; j < columns; j++, at++) {
      const difference = x.data[at] - y.data[at]
      square += difference * difference
    }
    sum += Math.sqrt(square)
    squares += square
  }
  return { mean: sum / rows, rootMeanSquare: Math.sqrt(squares / rows) }
}

/**
 * The equivariance error of a learned map a ([PfM]: solutions commute with the mechanisms):
 *
 *   E‖a(m(z)) − m̂(a(z))‖ / E‖a(m(z)) − a(z)‖,
 *
 * Euclidean norms, means over rows. Scaling, shifting or rotating the learned space changes nothing.
 *
 * Use it where a mechanism is known or learned, on rows that the map was not trained on. A small error does not mean
 * that the truth was found: every map that commutes with the mechanism has error 0.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `Degenerate` (a(m(z)) = a(z) on every row: the mechanism
 * moves nothing that the learned latents see).
 */
export const equivarianceError = (commutation: Commutation): E.Either<MetricError, EquivarianceError> =>
  errorOf('equivarianceError', commutation)

/** `equivarianceError` on behalf of the function that errors shall name. */
const errorOf = (
  where: string,
  { start, moved, predicted }: Commutation
): E.Either<MetricError, EquivarianceError> => {
  const named = { 'start = a(z)': start, 'moved = a(m(z))': moved, 'predicted = m̂(a(z))': predicted }
  for (const [what, samples] of Object.entries(named)) {
    const sound = checkSamples(where, what, samples)
    if (E.isLeft(sound)) return sound
    if (samples.shape[0] !== start.shape[0] || samples.shape[1] !== start.shape[1]) {
      const expected = `${showShape(start.shape)}, as a(z) has`
      return E.left(shapeMismatch(where, what, showShape(samples.shape), expected))
    }
  }
  const error = lengths(moved, predicted)
  const step = lengths(moved, start)
  if (step.mean === 0) {
    const expected = 'a(m(z)) to differ from a(z) on some row'
    return E.left(degenerate(where, 'a(m(z)) − a(z)', '0 on every row', expected))
  }
  return E.right({
    value: error.mean / step.mean,
    rootMeanSquare: error.rootMeanSquare / step.rootMeanSquare
  })
}

/** Maps n rows to n rows. */
export type RowMap = (rows: Samples) => Samples

/**
 * `equivarianceError` of functions: the learned map a, the mechanism m, and the learned mechanism m̂ on learned latents
 * (default: m itself).
 *
 * Use it where all of them can be called; `equivarianceError` takes rows that were computed elsewhere.
 *
 * Errors: those of `equivarianceError`.
 *
 * @example
 * equivarianceErrorOf(z, { learned: encodeAfterMixing, mechanism: rotate })
 */
export const equivarianceErrorOf = (
  z: Samples,
  {
    learned,
    mechanism,
    learnedMechanism = mechanism
  }: { readonly learned: RowMap; readonly mechanism: RowMap; readonly learnedMechanism?: RowMap }
): E.Either<MetricError, EquivarianceError> => {
  const sound = checkSamples('equivarianceErrorOf', 'z', z)
  if (E.isLeft(sound)) return sound
  const start = learned(z)
  const moved = learned(mechanism(z))
  return errorOf('equivarianceErrorOf', { start, moved, predicted: learnedMechanism(start) })
}
