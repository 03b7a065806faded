/** Columns of numbers as classes, for scores that count. */
import { columnOf, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { positiveInteger } from '../internal/options.js'
import { quantile } from '../internal/order-statistics.js'

export interface Binning {
  /**
   * A column with at most this many distinct values keeps them as its classes; any other is cut into this many bins.
   */
  readonly bins?: number
  /** Bins of equal width from the least to the greatest value, or of (nearly) equal numbers of rows. */
  readonly cut?: 'equal-width' | 'equal-count'
}

/** One column's classes, numbered from 0 in ascending order of value. */
export interface Classes {
  /** One label a row. */
  readonly labels: Int32Array
  readonly count: number
}

/** The distinct values in ascending order, or undefined where there are more than `most`. */
const fewValues = (values: Float64Array, most: number): number[] | undefined => {
  const distinct = new Set<number>()
  for (let i = 0; i < values.length; i++) {
    distinct.add(values[i])
    if (distinct.size > most) return undefined
  }
  return [...distinct].sort((x, y) => x - y)
}

/** Ascending inner edges; a value's class is the number of edges that it reaches. */
export const innerEdges = (values: Float64Array, bins: number, cut: Binning['cut']): number[] => {
  const sorted = Float64Array.from(values).sort()
  const [low, high] = [sorted[0], sorted[sorted.length - 1]]
  const edges = Array.from({ length: bins - 1 }, (_, b) => {
    const share = (b + 1) / bins
    return cut === 'equal-count' ? quantile(sorted, share) : low + share * (high - low)
  })
  return edges.filter((edge, b) => b === 0 || edge > edges[b - 1])
}

/** How many of the ascending edges are at most x. */
export const reached = (edges: ArrayLike<number>, x: number): number => {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle] <= x) low = middle + 1
    else high = middle
  }
  return low
}

const classesOfColumn = (values: Float64Array, bins: number, cut: Binning['cut']): Classes => {
  const distinct = fewValues(values, bins)
  const edges = distinct === undefined ? innerEdges(values, bins, cut) : distinct.slice(1)
  const labels = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) labels[i] = reached(edges, values[i])
  return { labels, count: edges.length + 1 }
}

/** Each column's classes. The samples are sound. Errors: `InvalidOption` (fewer than two bins), of `where`. */
export const classesOf = (
  where: string,
  samples: Samples,
  { bins = 20, cut = 'equal-width' }: Binning = {}
): E.Either<MetricError, Classes[]> =>
  E.map(() =>
    Array.from({ length: samples.shape[1] }, (_, j) => classesOfColumn(columnOf(samples, j), bins, cut))
  )(positiveInteger(where, 'bins', bins, 2))
