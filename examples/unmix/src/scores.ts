/** Latents of a file held against the true ones that it has. */
import { orFail } from '@mechid/example-terminal'
import { linearR, type Mcc, mcc, mccChance } from '@mechid/metrics'
import type { Samples } from '@mechid/values'

export interface Scores {
  readonly mcc: number
  /** The MCC of latents that have nothing to do with the true ones. */
  readonly mccChance: number
  readonly r: number
  readonly assignment: Mcc['assignment']
}

const SHUFFLES = 20

export const scoresOf = (z: Samples, zHat: Samples): Scores => {
  const { value, assignment } = orFail(mcc(z, zHat))
  const r = orFail(linearR(z, zHat)).value
  const chance = orFail(mccChance(z, zHat, { permutations: SHUFFLES })).mean
  return { mcc: value, mccChance: chance, r, assignment }
}
