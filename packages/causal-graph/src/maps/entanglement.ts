/** Entanglement graphs of maps, from their definition and from their Jacobians. */
import { jacobian, mechanismGraph, number } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type EdgeTable, invalidOption, notFinite, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { GraphError } from '../errors.js'
import { get } from '../matrices/binary-matrix.js'
import { sizedBits, type TableSource } from '../matrices/edge-table.js'
import type { LatentMap } from './transformation.js'

const SEED = 20240104

/** Standard normal points, always the same ones. */
export const scatteredPoints = (d: number, count: number): number[][] => {
  const random = generator(SEED).split('points')
  return Array.from({ length: count }, () => Array.from({ length: d }, () => random.normal()))
}

/** `∂v_i/∂z_j` at one point, by dual numbers. */
export const jacobianAt = (map: LatentMap, point: ReadonlyArray<number>): number[][] =>
  jacobian<number>(number, (F, z) => map.apply(F, z), point)

/**
 * The entanglement graph that a map's definition admits: which coordinates each output reads ([MS] section 2).
 * An upper bound, which is attained where the definition reads nothing in vain.
 */
export const entanglementBySupport = (map: LatentMap): EdgeTable =>
  mechanismGraph({ latents: map.latents, actions: 0, step: (F, z) => map.apply(F, z) }).latents ?? []

/**
 * The entanglement graph from exact Jacobians: entry (i, j) iff `|∂v_i/∂z_j| > tolerance · max_j' |∂v_i/∂z_j'|` at
 * one of the points at least. A lower bound: an influence that vanishes at all points is not seen.
 *
 * @param points where to differentiate, each of d numbers; `undefined` takes 16 standard normal ones
 * @param tolerance relative to the row's largest slope; exact derivatives allow 1e−9, the default
 *
 * Errors: `ShapeMismatch` (no point, a point of another length), `NotFinite` (a slope), `InvalidOption` (the tolerance).
 */
export const entanglementByJacobian = (
  map: LatentMap,
  points: ReadonlyArray<ReadonlyArray<number>> = scatteredPoints(map.latents, 16),
  tolerance = 1e-9
): E.Either<GraphError, EdgeTable> => {
  const where = 'entanglementByJacobian'
  const d = map.latents
  if (points.length === 0) return E.left(shapeMismatch(where, 'the number of points', 0, 'at least 1'))
  if (!(tolerance >= 0)) return E.left(invalidOption(where, 'tolerance', tolerance, 'a number of at least 0'))
  const largest = Array.from({ length: d }, () => new Float64Array(d))
  for (const [p, point] of points.entries()) {
    if (point.length !== d)
      return E.left(shapeMismatch(where, `the length of point ${p}`, point.length, String(d)))
    const slopes = jacobianAt(map, point)
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) {
        if (!Number.isFinite(slopes[i][j]))
          return E.left(notFinite(where, `the Jacobian at point ${p}`, slopes[i][j], { row: i, column: j }))
        largest[i][j] = Math.max(largest[i][j], Math.abs(slopes[i][j]))
      }
  }
  return E.right(
    largest.map((row) => {
      const least = tolerance * Math.max(...row)
      return Array.from(row, (slope) => (slope > least ? 1 : 0))
    })
  )
}

/**
 * Whether a map preserves the graph of this pattern as far as Jacobians show: its entanglement graph at the points lies
 * within the pattern ([MS] section 2). One point can refute it; no number of points can prove it.
 *
 * Errors: as `entanglementByJacobian`; `NotBinary`, `ShapeMismatch` (a pattern of another size).
 *
 * @example
 * isPreservingMap({ latents: 2, apply: (F, [x, y]) => [F.add(x, y), y] }, orThrow(graphPattern(graph)))
 */
export const isPreservingMap = (
  map: LatentMap,
  pattern: TableSource,
  points?: ReadonlyArray<ReadonlyArray<number>>,
  tolerance?: number
): E.Either<GraphError, boolean> =>
  pipe(
    sizedBits('isPreservingMap', 'the pattern', pattern, map.latents),
    E.flatMap((allowed) =>
      E.map((graph: EdgeTable) =>
        graph.every((row, i) => row.every((entry, j) => entry === 0 || get(allowed, i, j)))
      )(entanglementByJacobian(map, points, tolerance))
    )
  )
