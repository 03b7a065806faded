/** Scores of the latents found against the true ones of the file. */
import { type PointScores, pointScores } from '@mechid/evaluation'
import { orFail } from '@mechid/example-terminal'
import { mccChance } from '@mechid/metrics'
import type { Samples } from '@mechid/values'

export interface Scores extends Pick<PointScores, 'mcc' | 'r' | 'assignment'> {
  /** The MCC of unrelated latents. */
  readonly mccChance: number
}

export const scoresOf = (z: Samples, zHat: Samples): Scores => {
  const { mcc, r, assignment } = orFail(pointScores({ z, zHat }))
  return { mcc, mccChance: orFail(mccChance(z, zHat)).mean, r, assignment }
}
