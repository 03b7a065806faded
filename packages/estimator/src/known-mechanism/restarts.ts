/** Several starts of one training, of which the best goes on. */
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
  /** Starts at most. */
  readonly starts: number
  /**
   * A run that ends at or below this is taken at once: its `dynamics` and `squaredError` together where dynamics are
   * deterministic (features then should have a variance of about 1), its `loss` where they are stochastic.
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
 * Trains from seed, seed + 1, … until latents move as the mechanism says and show all that is observed, or `starts`
 * runs are done; answers the run whose latents do so best. It looks at the training's own objective alone, never at the truth.
 *
 * An encoder can settle on the wrong side of a singular map, such as a reflected plane for a rotation, and no
 * small step leads out of there; another start is the remedy.
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
