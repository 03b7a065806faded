/** Random orders in which only a few groups of things are in use at a time, such as the chunks of a file. */
import type { Generator } from './generator.js'

const shuffle = (order: Int32Array, random: Generator): void => {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const moved = order[i]
    order[i] = order[j]
    order[j] = moved
  }
}

/** Things 0..count−1 by the group that each belongs to. */
export interface Grouping {
  readonly groups: number
  readonly count: number
  /** Calls `visit` with each member of a group. */
  readonly members: (group: number, visit: (member: number) => void) => void
}

/**
 * A random order of all things in which at most `window` groups are in use at a time: the groups in random order, cut into
 * windows of nearly one size, and the members of each window in an order drawn uniformly from all its orders. If one window
 * holds every group, it is `random.permutation`.
 *
 * @example
 * windowedPermutation(random, { groups: 4, count: 8, members: (g, visit) => [2 * g, 2 * g + 1].forEach(visit) }, 2)
 */
export const windowedPermutation = (
  random: Generator,
  { groups, count, members }: Grouping,
  window: number
): Int32Array => {
  if (groups <= window) return random.permutation(count)
  const turn = random.split('chunks').permutation(groups)
  const windows = Math.ceil(groups / window)
  const order = new Int32Array(count)
  let at = 0
  for (let w = 0; w < windows; w++) {
    const begin = at
    const [from, to] = [w, w + 1].map((edge) => Math.floor((edge * groups) / windows))
    for (const group of turn.subarray(from, to)) {
      members(group, (member) => {
        order[at++] = member
      })
    }
    shuffle(order.subarray(begin, at), random.split(w))
  }
  return order
}
