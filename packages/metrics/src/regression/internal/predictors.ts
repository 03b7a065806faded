/** Which learned latents a true one may be explained by. */
import type { Assignment } from '../../correlation/assignment.js'

/** The learned latents j with (C P)_ij = 1, for one row of the pattern C; in ascending order. */
export const allowedPredictors = (patternRow: ReadonlyArray<number>, assignment: Assignment): number[] =>
  assignment.filter((j, l) => j >= 0 && patternRow[l] === 1).sort((p, q) => p - q)
