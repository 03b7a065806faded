/** Names of latents and actions. */

/** Labels in place of `z0, z1, …` and `a0, a1, …`, which stand in for those missing. Any characters. */
export interface Labels {
  readonly latents?: ReadonlyArray<string>
  readonly actions?: ReadonlyArray<string>
}
