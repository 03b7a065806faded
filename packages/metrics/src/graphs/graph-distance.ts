/** The structural Hamming distance between causal graphs. Row = effect, column = cause. */
import { type CausalGraph, type EdgeTable, notBinary, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Assignment, checkAssignment } from '../correlation/assignment.js'
import { badAssignment, type MetricError } from '../errors.js'

export interface GraphDistance {
  /** falsePositives + falseNegatives. */
  readonly shd: number
  /** Predicted edges that are not in the target. */
  readonly falsePositives: number
  /** Edges of the target that are not predicted. */
  readonly falseNegatives: number
}

/** The graph itself if it is binary and has the given size. */
export const checkBinary = (
  where: string,
  what: string,
  graph: EdgeTable,
  rows: number,
  columns: number
): E.Either<MetricError, EdgeTable> => {
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
 * The structural Hamming distance: entries in which two tables of the same size differ, self-loops included.
 *
 * Use it where rows and columns of both mean the same variables. Learned latents have to be renamed first, which
 * `shdAfterAssignment` does; `shdChance` says what a random graph would score.
 *
 * Errors: `ShapeMismatch`, `NotBinary`.
 */
export const shd = (target: EdgeTable, predicted: EdgeTable): E.Either<MetricError, GraphDistance> =>
  distanceOf('shd', ['target', target], ['predicted', predicted])

type Named = readonly [name: string, graph: EdgeTable]

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

/** Columns are permuted within each lag alike. */
const renamedCauses = (row: ReadonlyArray<number>, size: number, assignment: Assignment): number[] =>
  Array.from({ length: Math.floor(row.length / size) }, (_, lag) =>
    assignment.map((j) => row[lag * size + j] ?? 0)
  ).flat()

/**
 * Renames learned latents as the true ones that they stand for (`assignment[i]` is the learned latent of true latent
 * i): rows of Ga, and rows and columns of Gz, lag by lag.
 *
 * @example
 * graphAfterAssignment({ latents: [[1, 1], [0, 1]] }, [1, 0]) // { latents: [[1, 0], [1, 1]] }
 */
export const graphAfterAssignment = (learned: CausalGraph, assignment: Assignment): CausalGraph => {
  const { latents, actions } = learned
  return {
    ...(latents === undefined
      ? {}
      : { latents: assignment.map((i) => renamedCauses(latents[i] ?? [], latents.length, assignment)) }),
    ...(actions === undefined ? {} : { actions: assignment.map((i) => actions[i] ?? []) })
  }
}

const withoutEdges = (table: EdgeTable): EdgeTable => table.map((row) => row.map(() => 0))

/**
 * The distance of a learned graph from the true one after learned latents are renamed by an assignment, such as that of
 * `mcc`. Gz and Ga are counted together. A part that one graph lacks counts as a part without edges.
 *
 * Use it where each latent is found by itself. Where latents are mixed, no renaming makes the graphs comparable, and
 * the distance says little.
 *
 * Errors: `ShapeMismatch`, `NotBinary`, `BadAssignment` (every true latent needs a learned one).
 */
export const shdAfterAssignment = (
  target: CausalGraph,
  learned: CausalGraph,
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
  const renamed = graphAfterAssignment(learned, assignment)
  let sum: GraphDistance = { shd: 0, falsePositives: 0, falseNegatives: 0 }
  for (const name of ['latents', 'actions'] as const) {
    const table = target[name] ?? renamed[name]
    if (table === undefined) continue
    const [graph, predicted] = [target[name], renamed[name]].map((part) => part ?? withoutEdges(table))
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
