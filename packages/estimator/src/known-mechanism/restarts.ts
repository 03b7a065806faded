/** One training from several seeds, of which the best is taken. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import type { Dynamics } from './dynamics.js'
import {
  type KnownMechanismOptions,
  type KnownMechanismResult,
  type KnownMechanismTerm,
  trainKnownMechanism
} from './train.js'

export interface RestartOptions {
  /** Number of starts, at most. */
  readonly starts: number
  /**
   * A run that ends at or below this is taken at once. It is compared with `dynamics` plus `squaredError` where dynamics
   * are deterministic (give features a variance of about 1), with `loss` where they are stochastic.
   */
  readonly threshold: number
}

const LAST = 0.05

/** What runs are judged by: a mean over their last steps, since a single batch is a matter of luck. */
const ending = ({ history }: KnownMechanismResult, { _tag }: Dynamics): number => {
  const { terms, steps } = history
  const mean = (term: KnownMechanismTerm): number => {
    const last = terms[term].subarray(Math.min(steps - 1, Math.floor((1 - LAST) * steps)), steps)
    return last.reduce((sum, value) => sum + value, 0) / last.length
  }
  // Latents that follow the mechanism because they dropped what does not are no solution.
  return _tag === 'Deterministic' ? mean('dynamics') + mean('squaredError') : mean('loss')
}

/**
 * Trains from seed, seed + 1, … until a run ends at `threshold`, or `starts` runs are done, and answers the best run. Runs
 * are judged by their own objective, never by true latents.
 *
 * When to use it: where one run can get stuck. An encoder can settle on the wrong side of a singular map, such as a
 * reflected plane for a rotation, and no small step leads out of there. Not for long trainings: runs keep no checkpoints.
 *
 * Errors: those of `trainKnownMechanism`.
 */
export const trainWithRestarts =
  (
    options: Omit<KnownMechanismOptions, 'checkpoint' | 'resume'>,
    { starts, threshold }: RestartOptions = { starts: 8, threshold: 1e-3 }
  ): TaskEither<EstimatorError, KnownMechanismResult> =>
  async () => {
    let best: { readonly run: KnownMechanismResult; readonly value: number } | undefined
    for (let start = 0; start < Math.max(1, starts); start++) {
      const done = await trainKnownMechanism({ ...options, seed: options.seed + start })()
      if (E.isLeft(done)) return done
      const value = ending(done.right, options.dynamics)
      if (best === undefined || value < best.value) best = { run: done.right, value }
      if (best.value <= threshold || done.right.aborted) break
    }
    return E.right(best?.run as KnownMechanismResult)
  }
