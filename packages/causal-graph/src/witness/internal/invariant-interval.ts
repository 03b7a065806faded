/** Intervals of one latent on which neither past nor actions change the shape of its law. */
import { type Kernel, number } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import { drawCondition, drawPoint } from '../../influence/conditions.js'
import { type Condition, noiseDerivatives } from '../../influence/scores.js'

/** On [low, high] the density of latent `latent` is the same up to a factor under all conditions. */
export interface InvariantInterval {
  readonly latent: number
  readonly low: number
  readonly high: number
  /** Location and scale under one of them. */
  readonly location: number
  readonly scale: number
}

/** Location and scale of one latent under one condition. */
interface Law {
  readonly location: number
  readonly scale: number
}

/** As they come; with actions at the ends of their ranges; with far pasts. */
const conditionsOf = (kernel: Kernel, random: Generator): Condition[] =>
  Array.from({ length: 96 }, (_, draw) => {
    const { past, a } = drawCondition(kernel, random)
    return {
      past: draw % 3 === 2 ? past.map((x) => 10 * x) : past,
      a: a.map((x, l) => {
        const domain = kernel.actionDomains[l]
        if (domain._tag === 'Choice' || draw % 3 !== 1) return x
        return random.uniform() < 0.5 ? domain.low : domain.high
      })
    }
  })

const POINTS = 9

const TOLERANCE = 1e-9

/** Whether the score has the same finite value under all laws, at points across the interval. */
const isQuiet = (
  kernel: Kernel,
  latent: number,
  laws: ReadonlyArray<Law>,
  low: number,
  high: number
): boolean => {
  const noise = kernel.noise[latent]
  for (let p = 0; p < POINTS; p++) {
    const z = low + ((high - low) * p) / (POINTS - 1)
    let first: number | undefined
    for (const { location, scale } of laws) {
      const u = (z - location) / scale
      const score = noiseDerivatives(noise, u)[0] / scale
      if (!Number.isFinite(noise.logDensity(number, u)) || !Number.isFinite(score)) return false
      first ??= score
      if (Math.abs(score - first) > TOLERANCE * (1 + Math.abs(first))) return false
    }
  }
  return true
}

/** Where intervals may begin: among what the kernel draws, and beyond its ends. */
const beginnings = (sorted: ReadonlyArray<number>, width: number): number[] => {
  const [least, most] = [sorted[0], sorted[sorted.length - 1]]
  const within = Array.from({ length: 40 }, (_, q) => sorted[Math.floor((q * sorted.length) / 40)])
  const beyond = [0.25, 0.5, 1, 2].flatMap((step) => [most + step * width, least - (1 + step) * width])
  return [...within, most, ...beyond]
}

/** What all latents share: laws under random conditions, and draws of the kernel. */
interface Drawn {
  readonly locations: ReadonlyArray<ReadonlyArray<number>>
  readonly scales: ReadonlyArray<ReadonlyArray<number>>
  readonly points: ReadonlyArray<ReadonlyArray<number>>
}

const drawnFrom = (kernel: Kernel, random: Generator): Drawn => {
  const conditions = conditionsOf(kernel, random.split('conditions'))
  const own = random.split('points')
  return {
    locations: conditions.map(({ past, a }) => kernel.location(number, past, a)),
    scales: conditions.map(({ past, a }) => kernel.scale(number, past, a)),
    points: Array.from({ length: 200 }, () => drawPoint(kernel, own))
  }
}

const intervalOf = (
  kernel: Kernel,
  latent: number,
  { locations, scales, points }: Drawn
): InvariantInterval | undefined => {
  const laws = locations.map((location, c) => ({ location: location[latent], scale: scales[c][latent] }))
  const sorted = points.map((z) => z[latent]).sort((a, b) => a - b)
  let [best, most]: [InvariantInterval | undefined, number] = [undefined, -1]
  for (const share of [2, 1, 0.5])
    for (const low of beginnings(sorted, share * laws[0].scale)) {
      const high = low + share * laws[0].scale
      const count = sorted.filter((z) => z >= low && z <= high).length
      // The margin is for conditions that were not drawn.
      const margin = (high - low) / 4
      if (count > most && isQuiet(kernel, latent, laws, low - margin, high + margin))
        [best, most] = [{ latent, low, high, ...laws[0] }, count]
    }
  return best
}

/**
 * For each latent of those named, as far as there is one, the interval that most draws of the kernel fall in, of those
 * that show no change at random conditions. It is 1/2 to 2 scales long. Lazily, since few may be needed.
 */
export function* invariantIntervals(
  kernel: Kernel,
  latents: ReadonlyArray<number>,
  random: Generator
): Iterable<InvariantInterval> {
  const drawn = drawnFrom(kernel, random)
  for (const latent of latents) {
    const interval = intervalOf(kernel, latent, drawn)
    if (interval !== undefined) yield interval
  }
}
