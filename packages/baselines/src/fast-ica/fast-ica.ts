/** FastICA (A. Hyvärinen, Fast and Robust Fixed-Point Algorithms for Independent Component Analysis, IEEE TNN 1999). */
import { type Dense, multiply, randomRotation } from '@mechid/numerics'
import { generator } from '@mechid/random'
import {
  checkFinite,
  checkShape,
  type Degenerate,
  type InvalidOption,
  invalidOption,
  type NotFinite,
  type Samples,
  type ShapeMismatch,
  type TooFewRows,
  tooFewRows
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { contrastPass, contrasts, type FastIcaContrast } from './contrast.js'
import { deflation, type Iterated, symmetric } from './iterations.js'
import { whiten } from './whitening.js'

export type { FastIcaContrast } from './contrast.js'

export interface FastIcaOptions {
  /** How many components; rows are reduced to as many principal components first. Default: the number of columns. */
  readonly components?: number
  /** All directions at once (default), or one after the other. */
  readonly algorithm?: 'symmetric' | 'deflation'
  /** Default `logcosh`. */
  readonly contrast?: FastIcaContrast
  /** Stops when 1 − |cos| between a direction and itself a step ago is below this, for each. Default 1e-4. */
  readonly tolerance?: number
  /** Most steps. Default 200. */
  readonly iterations?: number
  /** Draws the first directions. Default 1. */
  readonly seed?: number
}

/** An affine map from rows to independent components. */
export interface IndependentComponents {
  /** Of the rows, [features]. */
  readonly mean: Float64Array
  /** Row x ↦ `unmixing` (x − mean), components of variance 1: [d, features]. */
  readonly unmixing: Dense
  /** Steps taken; of deflation, the most that a component took. */
  readonly iterations: number
  /** Whether directions had settled by then. Where not, the components are those of the last step. */
  readonly converged: boolean
}

export type FastIcaError = Degenerate | InvalidOption | NotFinite | ShapeMismatch | TooFewRows

const WHERE = 'fastIca'

const checkedOptions = (
  { shape: [rows, columns] }: Samples,
  { components, contrast, tolerance, iterations, algorithm }: Required<FastIcaOptions>
): E.Either<FastIcaError, void> => {
  const count = (n: number): boolean => Number.isInteger(n) && n > 0
  if (!(count(components) && components <= columns))
    return E.left(invalidOption(WHERE, 'components', components, `an integer from 1 to ${columns}`))
  if (!contrasts.includes(contrast))
    return E.left(invalidOption(WHERE, 'contrast', contrast, contrasts.join(', ')))
  if (algorithm !== 'symmetric' && algorithm !== 'deflation')
    return E.left(invalidOption(WHERE, 'algorithm', algorithm, 'symmetric or deflation'))
  if (!(tolerance > 0)) return E.left(invalidOption(WHERE, 'tolerance', tolerance, 'a positive number'))
  if (!count(iterations)) return E.left(invalidOption(WHERE, 'iterations', iterations, 'a positive integer'))
  return rows > components ? E.right(undefined) : E.left(tooFewRows(WHERE, rows, components + 1))
}

/**
 * Independent components of rows [n, features]: whitened by principal components, then turned until each is as far from
 * Gaussian as it can be.
 *
 * When to use it: as the linear rival of an identifiable encoder, on data or on the codes of any encoder; or where the mixing
 * is linear. It supposes that components are independent and at most one is Gaussian, and does not use time or actions.
 *
 * Covariances are divided by n, so components have variance 1 as scikit-learn's `whiten='unit-variance'`. Fixed points are
 * those of scikit-learn, up to order and sign. Where `converged` is false, raise `iterations`, or suspect Gaussian components.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `InvalidOption`, `TooFewRows`; `Degenerate` where rows vary in fewer directions than
 * `components`.
 *
 * @example
 * const ica = orThrow(fastIca(x, { components: 10 }))
 * const components = orThrow(componentsOf(ica, x))
 */
export const fastIca = (
  x: Samples,
  options: FastIcaOptions = {}
): E.Either<FastIcaError, IndependentComponents> =>
  pipe(
    checkShape(WHERE, 'x', x, [2]),
    E.flatMap((sound) => checkFinite(WHERE, 'x', sound)),
    E.flatMap(() => {
      const complete: Required<FastIcaOptions> = {
        components: x.shape[1],
        algorithm: 'symmetric',
        contrast: 'logcosh',
        tolerance: 1e-4,
        iterations: 200,
        seed: 1,
        ...options
      }
      return E.map(() => complete)(checkedOptions(x, complete))
    }),
    E.flatMap((complete) => E.map(unmixed(complete))(whiten(WHERE, x, complete.components)))
  )

const unmixed =
  ({ components: d, algorithm, contrast, tolerance, iterations, seed }: Required<FastIcaOptions>) =>
  ({
    mean,
    whitening,
    white
  }: {
    readonly mean: Float64Array
    readonly whitening: Dense
    readonly white: Dense
  }): IndependentComponents => {
    const random = generator(seed)
    const start = randomRotation(d, () => random.normal())
    const iterate = algorithm === 'symmetric' ? symmetric : deflation
    const found: Iterated = iterate(white, start, contrastPass[contrast], { tolerance, iterations })
    return {
      mean,
      unmixing: multiply(found.rotation, whitening),
      iterations: found.iterations,
      converged: found.converged
    }
  }
