/** Which learned latent stands for which true one. */
import { shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { linearSumAssignment } from 'linear-sum-assignment'
import { badAssignment, type MetricError } from '../errors.js'

/** `assignment[i]` is the learned latent matched to true latent i, or −1 where there are too few. */
export type Assignment = ReadonlyArray<number>

/**
 * The one-to-one assignment with the greatest sum of weights. `weights` is [true, learned], and the two numbers may
 * differ (Jonker–Volgenant, as in D. Crouse 2016).
 */
export const bestAssignment = (weights: ReadonlyArray<ReadonlyArray<number>>): number[] => {
  const rows = weights.length
  const columns = weights[0].length
  // The library wants at least as many columns as rows in some of its paths; the transpose says the same.
  const wide = rows <= columns
  const input = wide
    ? weights.map((row) => [...row])
    : Array.from({ length: columns }, (_, j) => weights.map((row) => row[j]))
  const { rowAssignments } = linearSumAssignment(input, { maximaze: true })
  if (wide) return Array.from(rowAssignments)
  const assignment = new Array<number>(rows).fill(-1)
  rowAssignments.forEach((i, j) => {
    assignment[i] = j
  })
  return assignment
}

/** The assignment itself if it has an entry for each true latent and names each learned one at most once. */
export const checkAssignment = (
  where: string,
  assignment: Assignment,
  trueCount: number,
  learnedCount: number
): E.Either<MetricError, Assignment> => {
  if (assignment.length !== trueCount) {
    const expected = `${trueCount}, one for each true latent`
    return E.left(shapeMismatch(where, 'the length of assignment', assignment.length, expected))
  }
  const named = assignment.filter((j) => j !== -1)
  const sound =
    new Set(named).size === named.length &&
    named.every((j) => Number.isInteger(j) && j >= 0 && j < learnedCount)
  const expected = `each of 0 to ${learnedCount - 1} at most once, −1 for none`
  return sound
    ? E.right(assignment)
    : E.left(badAssignment(where, 'assignment', showShape(assignment), expected))
}
