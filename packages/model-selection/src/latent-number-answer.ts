/** What trainings with several numbers of latents say of the right one. */
import { type Behind, behind, ties } from './held-out-comparison.js'

/** What a training with one number of latents came to. */
export interface TriedNumber {
  readonly latents: number
  /** Latents that held something. */
  readonly used: number
  /** Bound on −log p of held-out examples, in nats an example. */
  readonly heldOut: number
  /** How far it is behind the likeliest number. */
  readonly behind: Behind
  /**
   * How straight the path is along which decoded observations move when one latent moves, of the latent where it is least: the
   * distance that it spans over its length. 1: straight. Absent where observations are images.
   */
  readonly straightness?: number
}

export interface LatentNumber {
  /** The fewest latents that explain held-out examples as well as any number does, or that the likeliest training used. */
  readonly latents: number
  /**
   * Whether the trainings agree: with one latent fewer, examples are less likely by more than chance and `margin`; with more,
   * from either start, the others stay unused; and no latent is folded. Absent evidence, such as `least` being enough already, leaves
   * it open.
   */
  readonly decided: boolean
  /**
   * Whether a latent of a training that uses so many is folded: decoded observations move along a path that spans less than .77 of
   * its length. So does a latent that winds through the place of two, of which no start has found the second.
   */
  readonly folded: boolean
  /** In the order of `latents`; the largest number twice, from two starts. */
  readonly tried: ReadonlyArray<TriedNumber>
}

/** A training with one number of latents: how many it used, and −log p of held-out examples, overall and block by block. */
export interface Trial {
  readonly latents: number
  readonly used: number
  readonly heldOut: number
  readonly blocks: Float64Array
  /** See `TriedNumber`. */
  readonly straightness?: number
}

/** Published problems, seeds 1 to 3, 3,000 steps: trainings that use all ten latents have .80 and more, those that miss one .74 and less. */
const FOLDED = 0.77

/** Whether a training that uses so many latents has one that is folded: all that speak for a number have to be free of it. */
const isFolded = (trials: readonly Trial[], latents: number): boolean =>
  trials.some(({ used, straightness = 1 }) => used === latents && straightness < FOLDED)

/**
 * The fewest latents that are enough, and how far each number is behind the likeliest one. Two things show that some are
 * enough: a training with so many ties with the likeliest one; or the likeliest one, of however many, uses so many. Trainings
 * with room to spare can be likelier by nothing but luck, and then only the second shows it.
 */
export const latentNumber = (given: ReadonlyArray<Trial>, least: number, margin: number): LatentNumber => {
  const trials = [...given].sort((p, q) => p.latents - q.latents)
  const best = trials.reduce((least, trial) => (trial.heldOut < least.heldOut ? trial : least))
  const apart = (trial: Trial): Behind => behind(trial.blocks, best.blocks)
  const enough = trials.filter((trial) => ties(apart(trial), margin))
  const latents = Math.max(least, Math.min(best.used, ...enough.map((trial) => trial.latents)))
  const fewer = trials.some((trial) => trial.latents === latents - 1)
  const spare = trials.filter((trial) => trial.latents > latents)
  const folded = isFolded(trials, latents)
  return {
    latents,
    decided: fewer && spare.length > 0 && spare.every(({ used }) => used === latents) && !folded,
    folded,
    tried: trials.map(({ blocks, ...trial }) => ({ ...trial, behind: behind(blocks, best.blocks) }))
  }
}

/** The number to try next, after the largest one: one fewer than the present answer, until that is too few. undefined: none is left to try. */
export const nextNumber = (
  trials: ReadonlyArray<Trial>,
  answer: number,
  least: number
): number | undefined =>
  answer - 1 >= least && trials.every(({ latents }) => latents !== answer - 1) ? answer - 1 : undefined
