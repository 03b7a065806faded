/** Factorization by double differences: needs no derivative, so densities with kinks cannot deceive it. */
import { type Kernel, number } from '@mechid/mechanisms'
import type { GraphBits } from '../../graph/graph-bits.js'
import { get } from '../../matrices/binary-matrix.js'
import { type DensityMap, type Place, transformed } from './factorization.js'

/** All of a place in one list: z, past, a. */
const flat = ({ z, past, a }: Place): number[] => [...z, ...past, ...a]

type Pair = readonly [latent: number, input: number]

/** The pairs (latent i, input m) whose double differences vanish; inputs are numbered through z, past, a. */
const independentPairs = (kernel: Kernel, graph: GraphBits): Pair[] => {
  const d = kernel.latents
  const pairs: Pair[] = []
  for (let i = 0; i < d; i++) {
    for (let j = i + 1; j < d; j++) pairs.push([i, j])
    for (let m = 0; m < d * kernel.lags; m++)
      if (graph.latents === undefined || !get(graph.latents, i, m)) pairs.push([i, d + m])
    for (let l = 0; l < kernel.actions; l++)
      if (graph.actions === undefined || !get(graph.actions, i, l)) pairs.push([i, d + d * kernel.lags + l])
  }
  return pairs
}

/** More pairs than this are not tried at each place. */
const MOST_PAIRS = 1500

/** All pairs if they are few, else first those that the map has moved, then others spread evenly. */
const triedPairs = (kernel: Kernel, graph: GraphBits, moved: ReadonlyArray<number>): ReadonlyArray<Pair> => {
  const all = independentPairs(kernel, graph)
  if (all.length <= MOST_PAIRS) return all
  const d = kernel.latents
  const isMoved = (m: number): boolean => m < d * (1 + kernel.lags) && moved.includes(m % d)
  const spread = (pairs: ReadonlyArray<Pair>, count: number): Pair[] =>
    Array.from(
      { length: Math.min(count, pairs.length) },
      (_, q) => pairs[Math.floor((q * pairs.length) / count)]
    )
  const touched = spread(
    all.filter(([i, m]) => isMoved(i) || isMoved(m)),
    MOST_PAIRS
  )
  return [...touched, ...spread(all, MOST_PAIRS - touched.length)]
}

/** Of `f(x, y) + f(x', y')` and `f(x', y) + f(x, y')`; both −∞, densities of 0, agree. */
const relativeDifference = (xy: number, x2y: number, xy2: number, x2y2: number): number => {
  const [one, other] = [xy + x2y2, x2y + xy2]
  if (one === other) return 0
  return (
    Math.abs(one - other) / (1 + Math.max(...[xy, x2y, xy2, x2y2].filter(Number.isFinite).map(Math.abs), 0))
  )
}

/**
 * The largest `f(x, y) − f(x', y) − f(x, y') + f(x', y')` of the transformed log density f over latents x and other
 * inputs y that have no edge, between consecutive places, relative to 1 + the largest of its four values. Of very many
 * pairs 1,500 are tried, those first that involve the `latents` which the map moves.
 */
export const differenceResidual = (
  kernel: Kernel,
  graph: GraphBits,
  map: DensityMap,
  places: ReadonlyArray<Place>,
  latents: ReadonlyArray<number> = []
): number => {
  const d = kernel.latents
  const cut = d + d * kernel.lags
  const density = transformed(kernel, map)
  const f = (x: ReadonlyArray<number>): number =>
    density(number, x.slice(0, d), x.slice(d, cut), x.slice(cut))[0]
  const pairs = triedPairs(kernel, graph, latents)
  let residual = 0
  places.slice(1).forEach((place, at) => {
    const [base, other] = [flat(place), flat(places[at])]
    const moved = (...from: number[]): number => f(base.map((x, m) => (from.includes(m) ? other[m] : x)))
    for (const [i, m] of pairs) {
      residual = Math.max(residual, relativeDifference(moved(), moved(i), moved(m), moved(i, m)))
    }
  })
  return residual
}
