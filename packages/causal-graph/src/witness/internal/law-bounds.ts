/** Between what bounds location and scale of a latent stay under all pasts and all actions. */
import type { ActionDomain, Kernel } from '@mechid/mechanisms'
import { hull, type Interval, middle, pieces, point, WHOLE, width } from '../../intervals/interval.js'
import { intervals } from '../../intervals/interval-reading.js'
import { type BinaryMatrix, rowSupport } from '../../matrices/binary-matrix.js'

export interface LawBounds {
  readonly location: Interval
  readonly scale: Interval
}

/** So many boxes of actions, at most, are bounded for one latent. */
const MOST_BOXES = 512

/** An action's values in about so many intervals. */
const split = (domain: ActionDomain, count: number): Interval[] => {
  if (domain._tag === 'Interval') return pieces({ low: domain.low, high: domain.high }, count)
  return domain.values <= count
    ? Array.from({ length: domain.values }, (_, value) => point(value))
    : [{ low: 0, high: domain.values - 1 }]
}

/** The domains of all actions, those named cut into so many intervals each: every combination. */
const boxesOf = (kernel: Kernel, cut: ReadonlyArray<number>): Interval[][] => {
  const count = Math.floor(MOST_BOXES ** (1 / Math.max(1, cut.length)))
  let boxes: Interval[][] = [[]]
  kernel.actionDomains.forEach((domain, l) => {
    const parts = split(domain, cut.includes(l) ? count : 1)
    boxes = boxes.flatMap((box) => parts.map((part) => [...box, part]))
  })
  return boxes
}

/**
 * Bounds by interval arithmetic: the whole line for each past latent, and the domains of the actions that the latent reads
 * (in `actions`, Ga) cut into up to 512 boxes. They hold for every past and action; they need not be attained.
 */
export const lawBounds = (kernel: Kernel, latent: number, actions: BinaryMatrix | undefined): LawBounds => {
  const past = new Array<Interval>(kernel.lags * kernel.latents).fill(WHOLE)
  const read = actions === undefined ? [] : rowSupport(actions, latent)
  return boxesOf(kernel, read)
    .map((a) => ({
      location: kernel.location(intervals, past, a)[latent],
      scale: kernel.scale(intervals, past, a)[latent]
    }))
    .reduce((x, y) => ({ location: hull(x.location, y.location), scale: hull(x.scale, y.scale) }))
}

/** Equal up to the rounding of a few operations: relative. */
const ROUNDING = 1e-12

/** Whether an interval is one number, but for rounding; `size`: what to compare with where it is near 0. */
export const isOneNumber = (x: Interval, size: number): boolean =>
  width(x) <= ROUNDING * Math.max(size, Math.abs(middle(x)))
