/** What every way to a witness works with, and how it is checked. */
import { type Kernel, logDensity, number } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import type { GraphBits } from '../../graph/graph-bits.js'
import { drawCondition, drawPoint } from '../../influence/conditions.js'
import type { InfluenceVerdict } from '../../influence/part.js'
import { type BinaryMatrix, isSubset } from '../../matrices/binary-matrix.js'
import { differenceResidual } from './differences.js'
import { type DensityMap, factorizationResidual, type Place, transformed } from './factorization.js'

export interface Search {
  readonly kernel: Kernel
  readonly graph: GraphBits
  readonly pattern: BinaryMatrix
  readonly influence: InfluenceVerdict
  /** What v stays within by those parts of the graph, actions or time, whose influence is sufficient, among `latents`. */
  readonly bound: BinaryMatrix
  /** What v may mix. */
  readonly latents: ReadonlyArray<number>
  readonly degree: number
  readonly places: number
  readonly random: Generator
}

export const names = (latents: ReadonlyArray<number>): string => latents.map((i) => `z${i}`).join(', ')

export const drawPlaces = (kernel: Kernel, count: number, random: Generator): Place[] =>
  Array.from({ length: count }, () => ({ z: drawPoint(kernel, random), ...drawCondition(kernel, random) }))

/** Relative; second derivatives by nested dual numbers are exact to rounding, flows to about 1e−8. */
export const RESIDUAL_TOLERANCE = 1e-5

/** Kernels of more inputs (z, past, actions) are not differentiated twice by all of them. */
export const MOST_INPUTS = 30

export const inputsOf = (kernel: Kernel): number => kernel.latents * (1 + kernel.lags) + kernel.actions

/** Largest relative difference between log densities of v's kernel and the transformed one; where both are undefined, none. */
export const densityGap = (
  kernel: Kernel,
  other: Kernel,
  map: DensityMap,
  places: ReadonlyArray<Place>
): number => {
  const density = transformed(kernel, map)
  return Math.max(
    ...places.map(({ z, past, a }) => {
      const [truth] = density(number, z, past, a)
      const own = logDensity(number, other, z, past, a)
      if (own === truth || (Number.isNaN(own) && Number.isNaN(truth))) return 0
      const gap = Math.abs(own - truth) / (1 + Math.abs(truth))
      // One density is 0 or undefined where the other is not.
      return Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap
    })
  )
}

/** How far the transformed kernel is from factorizing, by derivatives and by differences; the worse counts. */
export const residualOf = (
  { kernel, graph }: Search,
  map: DensityMap,
  latents: ReadonlyArray<number>,
  places: ReadonlyArray<Place>
): number => {
  const byDifferences = differenceResidual(kernel, graph, map, places, latents)
  return inputsOf(kernel) > MOST_INPUTS
    ? byDifferences
    : Math.max(byDifferences, factorizationResidual(kernel, graph, map, places))
}

/** To be added where influence does not bind v to the pattern. */
export const beyondPattern = ({ influence, bound, pattern }: Search): string =>
  isSubset(bound, pattern)
    ? ''
    : ` Influence is ${influence === 'lacking' ? 'lacking' : influence}, so v may leave the pattern.`
