/** Where nodes of a causal graph stand, and where its arrows start and end. */

import { shortened, wordWidth } from './elements.js'
import { fewCrossings, type Link } from './graph-order.js'

/** What acts: latents of the step before, or actions. */
export type CausePart = 'past' | 'actions'

export interface NodeColumn {
  readonly caption: string
  readonly names: ReadonlyArray<string>
  readonly left: number
  readonly width: number
  /** Middle of each node. */
  readonly middles: ReadonlyArray<number>
}

export interface GraphLayout {
  readonly latents: NodeColumn
  readonly past?: NodeColumn
  readonly actions?: NodeColumn
  readonly nodeHeight: number
  readonly width: number
  readonly height: number
}

export const NAME_SIZE = 11
export const MOST_NAME = 22
const LEAST_WIDTH = 34

/** Pixels from one node to the next: closer where there are many. */
const spacingOf = (tallest: number): number => (tallest <= 12 ? 34 : tallest <= 30 ? 25 : 19)

/** Room for arrows: more where columns are tall, so that they do not get steep. */
const gapOf = (tallest: number): number => Math.min(420, 150 + 5 * tallest)

const MOST_STRETCHED = 2.2

const columnOf = (
  caption: string,
  names: ReadonlyArray<string>,
  placeOf: ArrayLike<number>,
  spacing: number,
  height: number,
  left: number
): NodeColumn => {
  // Short columns are stretched, so that arrows are less steep.
  const own = Math.min(MOST_STRETCHED * spacing, height / names.length)
  return {
    caption,
    names,
    left,
    width: Math.max(
      LEAST_WIDTH,
      wordWidth(caption, NAME_SIZE),
      ...names.map((name) => wordWidth(shortened(name, MOST_NAME), NAME_SIZE) + 16)
    ),
    middles: names.map((_, i) => (height - own * names.length) / 2 + own * (placeOf[i] + 0.5))
  }
}

const inOrder = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

/** Past at the left, latents in the middle, actions at the right; without a past, actions at the left. */
export const graphLayout = (
  latents: ReadonlyArray<string>,
  past: ReadonlyArray<string> | undefined,
  actions: ReadonlyArray<string> | undefined,
  actionLinks: ReadonlyArray<Link>
): GraphLayout => {
  const tallest = Math.max(latents.length, past?.length ?? 0, actions?.length ?? 0)
  const [spacing, gap] = [spacingOf(tallest), gapOf(tallest)]
  const height = spacing * tallest
  const places =
    actions === undefined
      ? { causeAt: [], effectAt: inOrder(latents.length) }
      : fewCrossings(actionLinks, actions.length, latents.length)
  let left = 0
  const next = (caption: string, names: ReadonlyArray<string>, at: ArrayLike<number>): NodeColumn => {
    const column = columnOf(caption, names, at, spacing, height, left)
    left += column.width + gap
    return column
  }
  const before =
    past === undefined
      ? actions === undefined
        ? {}
        : { actions: next('actions', actions, places.causeAt) }
      : { past: next('one step before', past, places.effectAt) }
  const middle = next('latents', latents, places.effectAt)
  const after =
    past === undefined || actions === undefined ? {} : { actions: next('actions', actions, places.causeAt) }
  return {
    ...before,
    latents: middle,
    ...after,
    nodeHeight: Math.min(22, spacing - 3),
    width: left - gap,
    height
  }
}

/** Ends of arrows at one node, apart from each other: offsets from its middle, in the order of their other ends. */
export const spreadEnds = (
  count: number,
  nodeOf: (arrow: number) => number,
  otherEnd: (arrow: number) => number,
  nodeHeight: number
): number[] => {
  const byNode = new Map<number, number[]>()
  for (let arrow = 0; arrow < count; arrow++) {
    const node = nodeOf(arrow)
    const there = byNode.get(node)
    if (there === undefined) byNode.set(node, [arrow])
    else there.push(arrow)
  }
  const offsets = new Array<number>(count).fill(0)
  for (const arrows of byNode.values()) {
    arrows.sort((p, q) => otherEnd(p) - otherEnd(q))
    const step = Math.min(5, (nodeHeight - 6) / Math.max(1, arrows.length - 1))
    arrows.forEach((arrow, k) => {
      offsets[arrow] = (k - (arrows.length - 1) / 2) * step
    })
  }
  return offsets
}
