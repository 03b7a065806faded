/** A forecast of training: which rows a random start cannot find, in which order to look, and from how many starts. */
import type { Kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { interactionsOf } from '../additivity/interactions.js'
import { lookAtMeans } from '../additivity/places.js'
import { type GraphError, invalidParameter } from '../errors.js'
import { RANK_TOLERANCE } from '../influence/rank.js'
import { chanceOfOverlap, startsFor, typicalOverlap } from './direction-law.js'
import { explainTrainability } from './explanation.js'
import { hermiteShare, sampledShare, type VisibleShare } from './visible-share.js'

export interface TrainabilityOptions {
  /** A row is found from where at least this share of it is visible. Default: 0.05, which published runs suggest. */
  readonly threshold?: number
  /** More starts than this are out of reach. Default: 100. */
  readonly mostStarts?: number
  /** How sure one wants to be that some start is good enough. Default: 0.95. */
  readonly sure?: number
  /** Standard deviations of past latents; 1 each unless told otherwise. */
  readonly spread?: ReadonlyArray<number>
  /** Seed of the draws, where means are not additive. Default: 0. */
  readonly seed?: number
}

/**
 * `one start`: a typical random start sees enough of the row; `more starts`: one of affordably many does;
 * `out of reach`: none of them does; `nothing`: the row has no signal of its own, since it moves like all others do.
 */
export type Reach = 'one start' | 'more starts' | 'out of reach' | 'nothing'

export interface RowForecast {
  readonly row: number
  readonly reach: Reach
  /** The share of what the row's mean does that is visible from a typical random start, 0 to 1. */
  readonly visible: number
  /** The overlap at which the threshold is reached. */
  readonly overlapNeeded: number
  /** Starts until one of them has it; 0 where there is nothing to find. */
  readonly starts: number
  /** The share of order two and more in what past latents do to it; undefined where they do nothing, or it was sampled. */
  readonly nonlinear?: number
}

/** One step of a search that goes row by row, orthogonally to what was found. */
export interface SearchStep {
  readonly row: number
  /** How many directions are left to search in. */
  readonly dimensions: number
  readonly visible: number
  /** Until one of them sees enough of some row that is left. */
  readonly starts: number
}

export interface Trainability {
  readonly rows: ReadonlyArray<RowForecast>
  /** The rows that not even `mostStarts` random starts are likely to find when all directions are searched at once. */
  readonly outOfReach: ReadonlyArray<number>
  /** Easy ones first: each row once, with what is left to search after those before it. */
  readonly order: ReadonlyArray<SearchStep>
  /** Suggested number of starts for each step of such a search: the most that one needs, at most `mostStarts`. */
  readonly starts: number
  /** The typical overlap of a random start with a row: 1/√d. */
  readonly overlap: number
  /** `hermite`: exact, for additive means; `sampled`: from draws. */
  readonly method: VisibleShare['method']
  readonly threshold: number
  readonly explanation: ReadonlyArray<string>
}

type Checked = Required<TrainabilityOptions>

const checked = (kernel: Kernel, options: TrainabilityOptions): E.Either<GraphError, Checked> => {
  const where = 'trainability'
  const {
    threshold = 0.05,
    mostStarts = 100,
    sure = 0.95,
    seed = 0,
    spread = kernel.noise.map(() => 1)
  } = options
  for (const [name, value] of [
    ['threshold', threshold],
    ['sure', sure]
  ] as const)
    if (!(value > 0 && value < 1)) return invalidParameter(where, name, value, 'a number between 0 and 1')
  if (!(Number.isInteger(mostStarts) && mostStarts >= 1))
    return invalidParameter(where, 'mostStarts', mostStarts, 'a whole number of at least 1')
  if (spread.length !== kernel.latents || !spread.every((s) => s > 0 && s < Infinity))
    return invalidParameter(where, 'spread', spread.join(', '), `${kernel.latents} finite numbers above 0`)
  return E.right({ threshold, mostStarts, sure, spread, seed })
}

/** The least overlap at which a share that grows with it reaches the threshold. */
const neededOverlap = (visible: (overlap: number) => number, threshold: number, steps: number): number => {
  let [low, high] = [0, 1]
  if (visible(0) >= threshold) return 0
  for (let step = 0; step < steps; step++) {
    const middle = (low + high) / 2
    if (visible(middle) >= threshold) high = middle
    else low = middle
  }
  return high
}

interface Look {
  readonly visible: number
  readonly overlapNeeded: number
  /** That one random start sees enough. */
  readonly chance: number
}

const look = (
  share: VisibleShare,
  row: number,
  dimensions: number,
  found: ReadonlySet<number>,
  { threshold }: Checked
): Look => {
  const at = (overlap: number): number => share.visible(row, overlap, found)
  const visible = at(typicalOverlap(dimensions))
  const overlapNeeded = neededOverlap(at, threshold, share.method === 'hermite' ? 30 : 7)
  // What a typical start sees needs no more starts, though some starts overlap less.
  const chance = visible >= threshold ? 1 : chanceOfOverlap(overlapNeeded, dimensions)
  return { visible, overlapNeeded, chance }
}

/** Greedy: whatever is most visible in the directions that are left. */
const orderOf = (
  share: VisibleShare,
  rows: ReadonlyArray<number>,
  d: number,
  settings: Checked
): SearchStep[] => {
  const left = new Set(rows)
  const found = new Set<number>()
  const steps: SearchStep[] = []
  while (left.size > 0) {
    const dimensions = d - found.size
    const looks = [...left].map((row) => ({ row, ...look(share, row, dimensions, found, settings) }))
    const { row, visible } = looks.reduce((best, other) => (other.visible > best.visible ? other : best))
    // Whichever row is found is a step on.
    const missed = looks.reduce((product, { chance }) => product * (1 - chance), 1)
    steps.push({ row, dimensions, visible, starts: startsFor(1 - missed, settings.sure) })
    left.delete(row)
    found.add(row)
  }
  return steps
}

/**
 * Before any training: what a random start sees of each row of a kernel. Learned latents start as random directions v
 * of the true ones; a row's mean, as a function of them, keeps of order n of its Hermite expansion a correlation of ρⁿ,
 * ρ the overlap, about 1/√d. So means of high order (for sines: of high frequency) give no gradient. What multiplies
 * all latents alike looks the same in every direction and is left out; what actions do is visible in every direction. A forecast,
 * not a theorem: the threshold is what published runs of one problem suggest.
 *
 * The order is for a search row by row (as peeling is): later rows have fewer directions to search, and inputs that were
 * found no longer hide anything.
 *
 * Errors: `InvalidParameter` (options; a kernel without finite means).
 *
 * @example
 * trainability(kernel) // E.right({ rows: [{ reach: 'one start', visible: 0.28, … }, …], outOfReach: [9], starts: 12, … })
 */
export const trainability = (
  kernel: Kernel,
  options: TrainabilityOptions = {}
): E.Either<GraphError, Trainability> =>
  E.flatMap((settings: Checked): E.Either<GraphError, Trainability> => {
    const random = generator(settings.seed).split('trainability')
    const means = lookAtMeans(kernel, settings.spread, random.split('conditions'))
    if (means.draws.length < 16)
      return invalidParameter(
        'trainability',
        'the kernel',
        'without finite means',
        'finite means at most pasts'
      )
    const { found: interactions } = interactionsOf(means, RANK_TOLERANCE)
    const share = (interactions.length === 0 ? hermiteShare : sampledShare)(means, random.split('share'))
    const d = kernel.latents
    const rows = kernel.noise.map((_, row): RowForecast => {
      const bent = share.bent(row)
      const nonlinear = bent === undefined ? {} : { nonlinear: bent }
      if (share.informative(row) === 0)
        return { row, reach: 'nothing', visible: 0, overlapNeeded: 0, starts: 0, ...nonlinear }
      const { visible, overlapNeeded, chance } = look(share, row, d, new Set(), settings)
      const starts = startsFor(chance, settings.sure)
      const reach =
        starts === 1 ? 'one start' : starts <= settings.mostStarts ? 'more starts' : 'out of reach'
      return { row, reach, visible, overlapNeeded, starts, ...nonlinear }
    })
    const order = orderOf(
      share,
      rows.filter(({ reach }) => reach !== 'nothing').map(({ row }) => row),
      d,
      settings
    )
    const answer = {
      rows,
      outOfReach: rows.filter(({ reach }) => reach === 'out of reach').map(({ row }) => row),
      order,
      starts: Math.min(settings.mostStarts, Math.max(1, ...order.map(({ starts }) => starts))),
      overlap: typicalOverlap(d),
      method: share.method,
      threshold: settings.threshold
    }
    return E.right({ ...answer, explanation: explainTrainability(answer, settings.mostStarts) })
  })(checked(kernel, options))
