/** A forecast of training: which rows a random start cannot find, in which order to look, and from how many starts. */
import type { Kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { interactionsOf } from '../additivity/interactions.js'
import { checkSpread, lookAtMeans } from '../additivity/places.js'
import type { GraphError } from '../errors.js'
import { RANK_TOLERANCE } from '../influence/rank.js'
import type { RowForecast, SearchStep, Trainability } from './answer.js'
import { chanceOfOverlap, startsFor, typicalOverlap } from './internal/direction-law.js'
import { explainTrainability } from './internal/explanation.js'
import { hermiteShare, sampledShare, type VisibleShare } from './visible-share.js'

export interface TrainabilityOptions {
  /** A row is found where at least this share of it is visible. Default: 0.05, as published runs suggest. */
  readonly threshold?: number
  /** More starts than this are out of reach. Default: 100. */
  readonly mostStarts?: number
  /** The probability that some start is good enough. Default: 0.95. */
  readonly sure?: number
  /** Standard deviations of past latents (default: 1 each). */
  readonly spread?: ReadonlyArray<number>
  /** Seed of the draws, where means are not additive. Default: 0. */
  readonly seed?: number
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
    if (!(value > 0 && value < 1))
      return E.left(invalidOption(where, name, value, 'a number between 0 and 1'))
  if (!(Number.isInteger(mostStarts) && mostStarts >= 1))
    return E.left(invalidOption(where, 'mostStarts', mostStarts, 'a whole number of at least 1'))
  return E.map((sound: ReadonlyArray<number>) => ({ threshold, mostStarts, sure, spread: sound, seed }))(
    checkSpread(where, kernel, spread)
  )
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
 * What a random start sees of each row of a kernel, before any training. Learned latents start as random directions of the
 * true ones, with an overlap ρ of about 1/√d. Of order n in the Hermite expansion of a row's mean, a share ρⁿ is visible in
 * such a direction. So means of high order (for sines: of high frequency) give no gradient. What multiplies all latents
 * alike looks the same in every direction and is left out; what actions do is visible in every direction.
 *
 * When to use it: to choose the number of starts, and to know beforehand which rows a training will hardly find. It is a
 * forecast, not a theorem: its threshold is a calibration on the published runs of one problem.
 *
 * The order is for a search row by row, such as peeling: later rows have fewer directions to search, and inputs that were
 * found no longer hide anything.
 *
 * Errors: `InvalidOption` (options; a kernel without finite means), `ShapeMismatch` (spreads).
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
      return E.left(
        invalidOption('trainability', 'the kernel', 'without finite means', 'finite means at most pasts')
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
