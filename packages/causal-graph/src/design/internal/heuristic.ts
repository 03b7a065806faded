/** Good assignments of sets of actions where an exact search would take too long. */
import { rowSupport } from '../../matrices/binary-matrix.js'
import { binomial, cyclicSubsets, flatAntichain, leastVolume, mostSingletons, subsets } from '../antichain.js'
import type { Requirements } from './requirements.js'

const bitsOf = (mask: bigint): number[] => {
  const bits: number[] = []
  for (let rest = mask, q = 0; rest !== 0n; rest >>= 1n, q++) if ((rest & 1n) === 1n) bits.push(q)
  return bits
}

const within = (a: bigint, b: bigint): boolean => (a & ~b) === 0n

/** Sets of one size that are looked at, at most. */
const MOST_SETS = 6000

interface Assignment {
  readonly codes: bigint[]
  readonly loads: number[]
}

/** Picks `count` of the sets, each time one whose actions have fewest targets so far; undefined where they run out. */
const pickBalanced = (
  sets: ReadonlyArray<bigint>,
  count: number,
  loads: number[],
  most: number
): bigint[] | undefined => {
  const left = sets.map((mask) => ({ mask, bits: bitsOf(mask) }))
  const own = [...loads]
  const picked: bigint[] = []
  while (picked.length < count) {
    let [best, least] = [-1, Infinity]
    left.forEach(({ bits }, s) => {
      let [peak, sum] = [0, 0]
      for (const q of bits) {
        peak = Math.max(peak, own[q] + 1)
        sum += own[q]
      }
      const weight = peak * 1e6 + sum
      if (peak <= most && weight < least) [best, least] = [s, weight]
    })
    if (best < 0) return undefined
    const [{ mask, bits }] = left.splice(best, 1)
    for (const q of bits) own[q]++
    picked.push(mask)
  }
  own.forEach((load, q) => {
    loads[q] = load
  })
  return picked
}

/** All sets of one size if they are few, else some that use all actions evenly. */
const setsOf = (k: number, size: number, count: number): bigint[] =>
  binomial(k, size) <= MOST_SETS
    ? subsets(k, size, MOST_SETS)
    : cyclicSubsets(k, size, Math.min(MOST_SETS, 4 * count + 4 * k))

/** Lone actions for as many latents as may have one, pairs of the other actions for the rest. */
const singlesAndPairs = (count: number, k: number, most: number): bigint[] | undefined => {
  const singles = mostSingletons(count, k, most)
  if (most === Infinity || singles === 0 || singles === count) return undefined
  const pairs = setsOf(k - singles, 2, count).map((mask) => mask << BigInt(singles))
  return [...subsets(singles, 1, singles), ...pairs]
}

/** The families that may serve a class, from few targets to many; sizes that exceed what actions may reach are left out. */
function* families(count: number, k: number, most: number): Generator<bigint[]> {
  if (count > 1) {
    const flat = leastVolume(count, k)
    if (flat !== undefined && binomial(k, flat.level + 1) <= MOST_SETS && flat.volume <= most * k)
      yield flatAntichain(k, flat)
    const mixed = singlesAndPairs(count, k, most)
    if (mixed !== undefined) yield mixed
  }
  for (let size = 1; size <= k && size * count <= most * k; size++) yield setsOf(k, size, count)
}

const assignClass = (
  needs: Requirements,
  members: ReadonlyArray<number>,
  k: number,
  assignment: Assignment
): boolean => {
  const outside = needs.apartFrom[members[0]].filter((j) => !members.includes(j))
  const avoided = outside.map((j) => assignment.codes[j])
  for (const family of families(members.length, k, needs.maximumTargets)) {
    const valid = family.filter((mask) => avoided.every((other) => !within(mask, other)))
    const picked = pickBalanced(valid, members.length, assignment.loads, needs.maximumTargets)
    if (picked === undefined) continue
    // Dear latents get the small sets.
    const byCost = [...members].sort((a, b) => needs.costs[b] - needs.costs[a])
    const bySize = picked.sort((a, b) => bitsOf(a).length - bitsOf(b).length)
    byCost.forEach((i, at) => {
      assignment.codes[i] = bySize[at]
    })
    return true
  }
  return false
}

/** Leaves out targets as long as all stay apart, dear ones first. */
const thin = (needs: Requirements, codes: bigint[]): void => {
  const told = Array.from({ length: needs.size }, (): number[] => [])
  needs.apartFrom.forEach((list, i) => {
    for (const j of list) told[j].push(i)
  })
  const byCost = [...codes.keys()].sort((a, b) => needs.costs[b] - needs.costs[a])
  for (const i of byCost)
    for (const q of bitsOf(codes[i])) {
      const fewer = codes[i] & ~(1n << BigInt(q))
      if (needs.apartFrom[i].every((j) => !within(fewer, codes[j]))) codes[i] = fewer
    }
}

/**
 * Sets of k actions for all latents, class after class, each after those it must be told from: the antichain of least
 * volume if it fits, else sets of one size, spread evenly over the actions. Undefined where this finds none.
 */
export const heuristicCodes = (needs: Requirements, k: number): bigint[] | undefined => {
  const assignment: Assignment = { codes: new Array(needs.size).fill(0n), loads: new Array(k).fill(0) }
  const reach = (c: number): number => rowSupport(needs.above, c).length
  const order = [...needs.classes.keys()].sort((a, b) => reach(a) - reach(b))
  for (const c of order) {
    const members = needs.classes[c]
    if (needs.apartFrom[members[0]].length === 0) continue
    if (!assignClass(needs, members, k, assignment)) return undefined
  }
  thin(needs, assignment.codes)
  return assignment.codes
}

/** One action for each latent that must be told from another: always possible. */
export const singleTargets = (needs: Requirements): bigint[] => {
  let next = 0
  return needs.apartFrom.map((list) => (list.length === 0 ? 0n : 1n << BigInt(next++)))
}
