/** A score of every true latent, and their mean. */

/** The mean of a score over true latents, and the score of each. */
export interface PerLatent {
  readonly value: number
  readonly perLatent: ReadonlyArray<number>
}

/** The mean beside its parts. */
export const meanOf = (perLatent: ReadonlyArray<number>): PerLatent => ({
  value: perLatent.reduce((sum, x) => sum + x, 0) / perLatent.length,
  perLatent
})
