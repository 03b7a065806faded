/** The structural Hamming distance between causal graphs. Row = effect, column = cause. */
import { shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Assignment, checkAssignment } from './assignment.js'
import { badAssignment, type MetricError, notBinary } from './errors.js'

/** A binary matrix: rows of 0 and 1. */
export type Graph = ReadonlyArray<ReadonlyArray<number>>

export interface GraphDistance {
  /** falsePositives + falseNegatives. */
  readonly shd: number
  /** Edges predicted that are not there. */
  readonly falsePositives: number
  /** Edges there that are not predicted. */
  readonly falseNegatives: number
}

/** The graph itself if it is binary and has the given size. */
export const checkBinary = (
  where: string,
  what: string,
  graph: Graph,
  rows: number,
  columns: number
): E.Either<MetricError, Graph> => {
  const mismatch = (part: string, actual: number, expected: number): E.Either<MetricError, never> =>
    E.left(shapeMismatch(where, `the length of ${part}`, actual, String(expected)))
  if (graph.length !== rows) return mismatch(what, graph.length, rows)
  for (const [i, row] of graph.entries()) {
    if (row.length !== columns) return mismatch(`${what}[${i}]`, row.length, columns)
    const odd = row.findIndex((entry) => entry !== 0 && entry !== 1)
    if (odd >= 0) return E.left(notBinary(where, what, i, odd, row[odd]))
  }
  return E.right(graph)
}

/**
 * Plain Hamming distance, self-loops counted. Both graphs must have the same size.
 *
 * Errors: `ShapeMismatch`, `NotBinary`.
 */
export const shd = (target: Graph, predicted: Graph): E.Either<MetricError, GraphDistance> =>
  distanceOf('shd', ['target', target], ['predicted', predicted])

type Named = readonly [name: string, graph: Graph]

/** `shd` on behalf of the function that errors shall name. */
const distanceOf = (
  where: string,
  [targetName, target]: Named,
  [predictedName, predicted]: Named
): E.Either<MetricError, GraphDistance> => {
  const [rows, columns] = [target.length, target[0]?.length ?? 0]
  const first = checkBinary(where, targetName, target, rows, columns)
  if (E.isLeft(first)) return first
  const second = checkBinary(where, predictedName, predicted, rows, columns)
  if (E.isLeft(second)) return second
  let [falsePositives, falseNegatives] = [0, 0]
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (predicted[i][j] > target[i][j]) falsePositives++
      if (predicted[i][j] < target[i][j]) falseNegatives++
    }
  }
  return E.right({ shd: falsePositives + falseNegatives, falsePositives, falseNegatives })
}

/** Gz (d × d) and Ga (d × k), where there are any. */
export interface Graphs {
  readonly latents?: Graph
  readonly actions?: Graph
}

/** Renames learned latents as the true ones they are assigned to: rows of Ga, rows and columns of Gz. */
export const permuteGraphs = (learned: Graphs, assignment: Assignment): Graphs => ({
  ...(learned.latents === undefined
    ? {}
    : { latents: assignment.map((i) => assignment.map((j) => learned.latents?.[i][j] ?? 0)) }),
  ...(learned.actions === undefined ? {} : { actions: assignment.map((i) => learned.actions?.[i] ?? []) })
})

/**
 * The distance of learned graphs from true ones after the learned latents are renamed by the assignment of MCC;
 * Gz and Ga are counted together.
 *
 * Errors: `ShapeMismatch`, `NotBinary`, `BadAssignment` (every true latent needs a learned one).
 */
export const shdAfterAssignment = (
  target: Graphs,
  learned: Graphs,
  assignment: Assignment
): E.Either<MetricError, GraphDistance> => {
  const where = 'shdAfterAssignment'
  const count = (learned.latents ?? learned.actions)?.length ?? 0
  const assigned = checkAssignment(where, assignment, assignment.length, count)
  if (E.isLeft(assigned)) return assigned
  if (assignment.includes(-1)) {
    const expected = 'a learned latent for each true one'
    return E.left(badAssignment(where, 'assignment', showShape(assignment), expected))
  }
  const renamed = permuteGraphs(learned, assignment)
  let sum: GraphDistance = { shd: 0, falsePositives: 0, falseNegatives: 0 }
  for (const name of ['latents', 'actions'] as const) {
    const graph = target[name]
    if (graph === undefined) continue
    const predicted = renamed[name] ?? graph.map((row) => row.map(() => 0))
    const distance = distanceOf(where, [`target.${name}`, graph], [`learned.${name} (renamed)`, predicted])
    if (E.isLeft(distance)) return distance
    const { falsePositives, falseNegatives } = distance.right
    sum = {
      shd: sum.shd + distance.right.shd,
      falsePositives: sum.falsePositives + falsePositives,
      falseNegatives: sum.falseNegatives + falseNegatives
    }
  }
  return E.right(sum)
}
