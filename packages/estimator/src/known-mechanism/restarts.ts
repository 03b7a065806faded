/** Several starts of one training, of which the best goes on. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import { type KnownMechanismOptions, type KnownMechanismResult, trainKnownMechanism } from './train.js'

export interface RestartOptions {
  /** Starts at most. */
  readonly starts: number
  /** A run whose last `dynamics` is at most this is taken at once. */
  readonly enough: number
}

const lastDynamics = ({ history }: KnownMechanismResult): number => history.terms.dynamics[history.steps - 1]

/**
 * Trains from seed, seed + 1, … until latents move as the mechanism says, or `starts` runs are done; answers
 * the run whose latents do so best. It looks at the training's own objective alone, never at the truth.
 *
 * An encoder can settle on the wrong side of a singular map, such as a reflected plane for a rotation, and no
 * small step leads out of there; another start is the remedy.
 *
 * Errors: those of `trainKnownMechanism`.
 */
export const trainWithRestarts =
  (
    options: Omit<KnownMechanismOptions, 'checkpoint' | 'resume'>,
    { starts, enough }: RestartOptions = { starts: 8, enough: 1e-3 }
  ): TaskEither<EstimatorError, KnownMechanismResult> =>
  async () => {
    let best: KnownMechanismResult | undefined
    for (let start = 0; start < Math.max(1, starts); start++) {
      const done = await trainKnownMechanism({ ...options, seed: options.seed + start })()
      if (E.isLeft(done)) return done
      if (best === undefined || lastDynamics(done.right) < lastDynamics(best)) best = done.right
      if (lastDynamics(best) <= enough || done.right.aborted) break
    }
    return E.right(best as KnownMechanismResult)
  }
