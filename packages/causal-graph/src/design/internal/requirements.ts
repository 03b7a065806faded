/** What new actions have to achieve, and bounds on how few can. */

import type { GraphBits } from '../../graph/graph-bits.js'
import { type BinaryMatrix, othersInRow, rowSupport } from '../../matrices/binary-matrix.js'
import { orderOf } from '../../pattern/blocks.js'
import { patternOf } from '../../pattern/pattern.js'
import { binomial, leastDistinctVolume, leastVolume, mostSingletons } from '../antichain.js'

/** Each latent gets a set of new actions; that of i must not lie within that of any j in `apartFrom[i]`. */
export interface Requirements {
  readonly size: number
  readonly apartFrom: ReadonlyArray<ReadonlyArray<number>>
  /** Mutually entangled latents: their sets form an antichain. */
  readonly classes: ReadonlyArray<ReadonlyArray<number>>
  /** For each class the others that it must be told from; always classes of fewer such. */
  readonly above: BinaryMatrix
  readonly costs: ReadonlyArray<number>
  readonly maximumTargets: number
}

export const requirementsOf = (
  graph: GraphBits,
  costs: ReadonlyArray<number>,
  maximumTargets: number
): Requirements => {
  const pattern = patternOf(graph)
  const { blocks, order } = orderOf(pattern)
  return {
    size: graph.size,
    apartFrom: Array.from({ length: graph.size }, (_, i) => othersInRow(pattern, i)),
    classes: blocks,
    above: order,
    costs,
    maximumTargets
  }
}

/** The most latents in one chain of classes: their sets of actions all differ. */
const longestChain = ({ classes, above }: Requirements): number => {
  const weight = new Array<number>(classes.length).fill(0)
  const byReach = [...classes.keys()].sort(
    (a, b) => rowSupport(above, a).length - rowSupport(above, b).length
  )
  for (const c of byReach) {
    const others = rowSupport(above, c).filter((o) => o !== c)
    weight[c] = classes[c].length + Math.max(0, ...others.map((o) => weight[o]))
  }
  return Math.max(...weight)
}

/** Least sum of targets of one class of two or more with k actions; undefined where k are too few. */
const classVolume = (size: number, k: number, maximumTargets: number): number | undefined => {
  const flat = leastVolume(size, k)
  if (flat === undefined || maximumTargets === Infinity) return flat?.volume
  return Math.max(flat.volume, 2 * size - mostSingletons(size, k, maximumTargets))
}

/** Least sum of targets with k actions, as far as classes by themselves ask; undefined where k are too few. */
const leastTargets = (needs: Requirements, k: number): number | undefined => {
  let total = 0
  for (const members of needs.classes) {
    if (members.length === 1) total += needs.apartFrom[members[0]].length > 0 ? 1 : 0
    else {
      const volume = classVolume(members.length, k, needs.maximumTargets)
      if (volume === undefined) return undefined
      total += volume
    }
  }
  // The sets along a chain all differ.
  const distinct = leastDistinctVolume(longestChain(needs), k)
  return distinct === undefined ? undefined : Math.max(total, distinct)
}

/** Why fewer than this many actions do not suffice. */
export interface ActionBound {
  readonly actions: number
  readonly reason: string
}

const sperner = ({ classes }: Requirements): ActionBound => {
  const size = Math.max(...classes.map((members) => members.length))
  let k = size > 1 ? 1 : 0
  while (size > 1 && binomial(k, k >> 1) < size) k++
  const most = binomial(k - 1, (k - 1) >> 1)
  const fewer = k === 2 ? '1 action has' : `${k - 1} actions have`
  return {
    actions: k,
    reason: `${size} latents that nothing tells apart need sets of actions none within another, and ${fewer} at most ${most} such ${most === 1 ? 'set' : 'sets'} (Sperner)`
  }
}

/** A lone action of one latent is no other's in its class; whoever has no lone one needs two. */
const crowded = ({ classes, maximumTargets }: Requirements): ActionBound => {
  const size = Math.max(...classes.map((members) => (members.length > 1 ? members.length : 0)))
  const actions = Math.min(size, Math.ceil((2 * size) / maximumTargets))
  return {
    actions,
    reason: `each of ${size} latents that nothing tells apart needs an action of its own or two, of at most ${maximumTargets} targets each`
  }
}

/** The best of the lower bounds on the number of actions. */
export const actionBound = (needs: Requirements): ActionBound => {
  const chain = longestChain(needs)
  const distinct = {
    actions: Math.ceil(Math.log2(chain)),
    reason: `${chain} latents need different sets of actions`
  }
  const best = [sperner(needs), crowded(needs), distinct].reduce((a, b) => (b.actions > a.actions ? b : a))
  for (let k = best.actions; ; k++) {
    const targets = leastTargets(needs, k)
    if (targets !== undefined && targets <= k * needs.maximumTargets)
      return k === best.actions
        ? best
        : {
            actions: k,
            reason: `at least ${leastTargets(needs, k - 1)} targets are needed in all, and ${k - 1} actions have at most ${(k - 1) * needs.maximumTargets}`
          }
  }
}

/** A lower bound on the cost with k actions: class by class, the least volume at the class's least cost, or one target each; or along a chain. */
export const costBound = (needs: Requirements, k: number): number => {
  let total = 0
  for (const members of needs.classes) {
    const own = members.map((i) => needs.costs[i])
    if (members.length === 1) total += needs.apartFrom[members[0]].length > 0 ? own[0] : 0
    else {
      const volume = classVolume(members.length, k, needs.maximumTargets) ?? members.length
      const each = own.reduce((sum, c) => sum + c, 0)
      total += Math.max(each, each + (volume - members.length) * Math.min(...own))
    }
  }
  return Math.max(total, (leastDistinctVolume(longestChain(needs), k) ?? 0) * Math.min(...needs.costs))
}
