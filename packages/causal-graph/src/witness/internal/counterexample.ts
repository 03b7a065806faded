/** A search for places where a witness fails, which knows nothing of how the witness was found. */
import { type Kernel, number } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import type { GraphBits } from '../../graph/graph-bits.js'
import { drawCondition, drawPoint } from '../../influence/conditions.js'
import type { Condition } from '../../influence/scores.js'
import type { Interval } from '../../intervals/interval.js'
import { type BinaryMatrix, rowSupport } from '../../matrices/binary-matrix.js'
import { type Axis, climb } from './coordinate-search.js'
import type { DensityMap, Place } from './factorization.js'
import { densityGap } from './search.js'

/** One side of the box in which a witness moves anything. */
export interface BoxSide extends Interval {
  readonly latent: number
}

export interface Counterexample {
  /** The largest relative difference between the witness's log density and the one it has to have. */
  readonly gap: number
  readonly places: number
}

const RANDOM_CONDITIONS = 240

/** Random actions, some at the ends of their ranges; pasts of ordinary size, ten and a hundred times that. */
const randomConditions = (kernel: Kernel, random: Generator): Condition[] =>
  Array.from({ length: RANDOM_CONDITIONS }, (_, draw) => {
    const { past, a } = drawCondition(kernel, random)
    const ends = a.map((x, l) => {
      const domain = kernel.actionDomains[l]
      if (domain._tag === 'Choice' || draw % 2 === 0) return x
      return random.uniform() < 0.5 ? domain.low : domain.high
    })
    return { past: past.map((x) => 10 ** (draw % 3) * x), a: ends }
  })

const flat = ({ past, a }: Condition): number[] => [...past, ...a]

const conditionOf = (kernel: Kernel, x: ReadonlyArray<number>): Condition => {
  const cut = kernel.lags * kernel.latents
  return { past: x.slice(0, cut), a: x.slice(cut) }
}

/** More coordinates are not moved. */
const MOST_AXES = 30

const supportOf = (m: BinaryMatrix | undefined, latent: number, from: number): number[] =>
  m === undefined ? [] : rowSupport(m, latent).map((j) => from + j)

/** What bears on one of the latents, in a condition's flat list. */
const axesOf = (kernel: Kernel, graph: GraphBits, latents: ReadonlyArray<number>): Axis[] => {
  const cut = kernel.lags * kernel.latents
  const read = latents.flatMap((i) => [
    ...supportOf(graph.latents, i, 0),
    ...supportOf(graph.actions, i, cut)
  ])
  return [...new Set(read)].slice(0, MOST_AXES).map((at): Axis => {
    if (at < cut) return { at, low: -Infinity, high: Infinity, step: 1, whole: false }
    const domain = kernel.actionDomains[at - cut]
    return domain._tag === 'Choice'
      ? { at, low: 0, high: domain.values - 1, step: 1, whole: true }
      : { at, low: domain.low, high: domain.high, step: (domain.high - domain.low) / 8, whole: false }
  })
}

const CLIMBS = 3

/** From the few conditions at which `f` is largest to where it is larger. */
const climbed = (
  kernel: Kernel,
  conditions: ReadonlyArray<Condition>,
  axes: ReadonlyArray<Axis>,
  f: (condition: Condition) => number
): Condition[] =>
  conditions
    .map((condition) => ({ condition, value: f(condition) }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => b.value - a.value)
    .slice(0, CLIMBS)
    .map(({ condition }) =>
      conditionOf(
        kernel,
        climb(flat(condition), axes, (x) => f(conditionOf(kernel, x)))
      )
    )

/** The conditions that bring a side's law nearest to it, and those that take it furthest away. */
const extremes = (
  kernel: Kernel,
  graph: GraphBits,
  conditions: ReadonlyArray<Condition>,
  { latent, low, high }: BoxSide
): Condition[] => {
  const axes = axesOf(kernel, graph, [latent])
  const scale = ({ past, a }: Condition): number => kernel.scale(number, past, a)[latent]
  const distance = (condition: Condition): number =>
    (kernel.location(number, condition.past, condition.a)[latent] - (low + high) / 2) / scale(condition)
  const aims = [distance, (c: Condition) => -distance(c), (c: Condition) => -Math.abs(distance(c)), scale]
  return aims.flatMap((aim) => climbed(kernel, conditions, axes, aim))
}

/** Every other place has its coordinates, past ones too, within the box. */
const placesAt = (
  kernel: Kernel,
  conditions: ReadonlyArray<Condition>,
  box: ReadonlyArray<BoxSide>,
  random: Generator
): Place[] => {
  const within = (x: ReadonlyArray<number>): number[] =>
    x.map((value, m) => {
      const side = box.find(({ latent }) => latent === m % kernel.latents)
      return side === undefined ? value : side.low + (side.high - side.low) * random.uniform()
    })
  return conditions.flatMap(({ past, a }, at) => [
    { z: within(drawPoint(kernel, random)), past, a },
    { z: within(drawPoint(kernel, random)), past: at % 2 === 0 ? past : within(past), a }
  ])
}

/**
 * The worst place that is found, by the densities themselves: at random conditions; at those which move the law of a side of
 * the box nearest, furthest and widest, found by coordinate search; and from the worst of all these uphill.
 */
export const findCounterexample = (
  kernel: Kernel,
  graph: GraphBits,
  other: Kernel,
  map: DensityMap,
  latents: ReadonlyArray<number>,
  box: ReadonlyArray<BoxSide>,
  random: Generator
): Counterexample => {
  const conditions = randomConditions(kernel, random)
  const extreme = box.flatMap((side) => extremes(kernel, graph, conditions, side))
  const places = placesAt(kernel, [...conditions, ...extreme], box, random)
  const gapAt = (place: Place): number => densityGap(kernel, other, map, [place])
  const worst = places
    .map((place) => ({ place, gap: gapAt(place) }))
    .sort((a, b) => b.gap - a.gap)
    .slice(0, CLIMBS)
  const axes = axesOf(kernel, graph, latents)
  const gaps = worst.map(({ place }) => {
    const at = (x: ReadonlyArray<number>): number => gapAt({ ...place, ...conditionOf(kernel, x) })
    return at(climb(flat(place), axes, at))
  })
  return { gap: Math.max(...gaps), places: places.length }
}
