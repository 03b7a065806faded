/** Witnesses that twist a box where past and actions leave the shape of the density alone. */
import { jacobian, type Kernel, number } from '@mechid/mechanisms'
import { bitsOfKernel, equalBits, type GraphBits, lagsOf } from '../../graph/graph-bits.js'
import { columnIsSubset } from '../../matrices/binary-matrix.js'
import type { WitnessAnswer } from '../answer.js'
import { findCounterexample } from './counterexample.js'
import { applyToPast, type DensityMap, type Place } from './factorization.js'
import { type InvariantInterval, invariantIntervals } from './invariant-interval.js'
import {
  beyondPattern,
  densityGap,
  drawPlaces,
  names,
  RESIDUAL_TOLERANCE,
  residualOf,
  type Search
} from './search.js'
import { type Side, twistMap } from './twist.js'

/** Whether two latents influence the same ones, so that mixing their past adds no edge. */
const haveSameEffects = (graph: GraphBits, i: number, j: number): boolean =>
  lagsOf(graph).every((gz) => columnIsSubset(gz, i, j) && columnIsSubset(gz, j, i))

/** The first pair of latents that may be twisted together. */
const quietPair = ({
  kernel,
  graph,
  latents,
  random
}: Search): readonly [InvariantInterval, InvariantInterval] | undefined => {
  const found: InvariantInterval[] = []
  for (const interval of invariantIntervals(kernel, graph, latents, random.split('quiet'))) {
    const partner = found.find(({ latent }) => haveSameEffects(graph, latent, interval.latent))
    if (partner !== undefined) return [partner, interval]
    found.push(interval)
  }
  return undefined
}

/** Every second place has its two coordinates, past ones too, within the box. */
const placesInBox = ({ kernel, places, random }: Search, sides: ReadonlyArray<Side>): Place[] => {
  const own = random.split('box')
  const moved = (x: ReadonlyArray<number>): number[] =>
    x.map((value, m) => {
      const side = sides.find(({ latent }) => latent === m % kernel.latents)
      return side === undefined ? value : side.low + (side.high - side.low) * (0.2 + 0.6 * own.uniform())
    })
  return drawPlaces(kernel, 2 * places, own).map((place, at) =>
    at % 2 === 0 ? place : { ...place, z: moved(place.z), past: moved(place.past) }
  )
}

/** The kernel of ẑ: its own law of the present, since the twist keeps it, given the twisted past. */
const twistedKernel = (kernel: Kernel, { apply }: DensityMap): Kernel => ({
  ...kernel,
  location: (F, past, a) => kernel.location(F, applyToPast(F, apply, kernel.latents, past), a),
  scale: (F, past, a) => kernel.scale(F, applyToPast(F, apply, kernel.latents, past), a)
})

const determinant = ([[a, b], [c, d]]: ReadonlyArray<ReadonlyArray<number>>): number => a * d - b * c

/** How far log |det Dv| is from that of the exact Jacobian. */
const determinantGap = (
  map: DensityMap,
  [i, j]: ReadonlyArray<number>,
  places: ReadonlyArray<Place>
): number =>
  Math.max(
    ...places.map(({ z }) => {
      const rows = jacobian<number>(number, (F, x) => map.apply(F, x), z)
      const block = [i, j].map((r) => [rows[r][i], rows[r][j]])
      return Math.abs(Math.log(Math.abs(determinant(block))) - map.logDet(number, z))
    })
  )

const ends = ({ latent, low, high }: Side): string => {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(high - low)))
  return `z${latent} from ${low.toFixed(digits)} to ${high.toFixed(digits)}`
}

/** A twist of two latents; undefined where no pair allows it. */
export const twistWitness = (search: Search): WitnessAnswer | undefined => {
  const { kernel, graph, random } = search
  const pair = quietPair(search)
  if (pair === undefined) return undefined
  const [one, other] = pair.map((interval): Side => ({ ...interval, noise: kernel.noise[interval.latent] }))
  const latents = [one.latent, other.latent]
  const map = twistMap(one, other)
  const twisted = twistedKernel(kernel, map)
  const places = placesInBox(search, [one, other])
  const doubt = findCounterexample(kernel, graph, twisted, map, latents, [one, other], random.split('doubt'))
  const residual = Math.max(
    residualOf(search, map, latents, places),
    densityGap(kernel, twisted, map, places),
    determinantGap(map, latents, places),
    doubt.gap
  )
  if (!(residual <= RESIDUAL_TOLERANCE) || !equalBits(bitsOfKernel(twisted), graph)) return undefined
  return {
    _tag: 'Found',
    kind: 'twist',
    latents,
    apply: map.apply,
    invert: map.invert,
    kernel: twisted,
    box: [one, other].map(({ latent, low, high }) => ({ latent, low, high })),
    evidence: 'rigorous',
    residual,
    places: places.length,
    explanation:
      `Another model: ${names(latents)}, twisted within a box (${ends(one)}, ${ends(other)}). There no past and no action ` +
      `changes the shape of their densities, as bounds in interval arithmetic show; the twist keeps the measure, so the law ` +
      `and the graph stay. Checked at ${places.length} places, and by a search for a counterexample among ${doubt.places} more: ` +
      `the largest forbidden mixed derivative or difference is ${residual.toExponential(1)}, relative.${beyondPattern(search)}`
  }
}
