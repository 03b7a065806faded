/** The cheapest assignment of sets of k actions, by branch and bound. */
import { costBound, type Requirements } from './requirements.js'

/** Sets of actions as masks of k bits, action 0 the highest; one for each latent. */
export interface ExactAnswer {
  readonly codes: ReadonlyArray<number> | undefined
  /** Whether the search went through: then `codes` are optimal, or there are none. */
  readonly complete: boolean
}

export interface StepBudget {
  left: number
}

interface State {
  readonly codes: number[]
  readonly loads: number[]
  best: number[] | undefined
  bestCost: number
}

const popCount = (code: number): number => {
  let ones = 0
  for (let rest = code; rest !== 0; rest &= rest - 1) ones++
  return ones
}

/** Latents in the order of assignment: classes together, large ones first; equal costs side by side. */
const orderOf = (needs: Requirements): number[] =>
  [...needs.classes]
    .sort((a, b) => b.length - a.length)
    .flatMap((members) => [...members].sort((a, b) => needs.costs[a] - needs.costs[b]))

/** Whether columns stay in descending order: among columns equal so far, ones come first. */
const keepsColumnOrder = (code: number, ties: ReadonlyArray<boolean>, k: number): boolean => {
  for (let q = 1; q < k; q++) {
    const [before, here] = [(code >> (k - q)) & 1, (code >> (k - 1 - q)) & 1]
    if (ties[q] && here > before) return false
  }
  return true
}

/**
 * The codes of least cost with k ≤ 12 actions, none of them on more than the maximum of targets. Symmetry is broken
 * by asking columns, and rows of latents alike, to be in lexicographic order; a branch ends where its cost and one
 * target for each latent left cannot beat the best.
 */
export const exactCodes = (needs: Requirements, k: number, budget: StepBudget): ExactAnswer => {
  const order = orderOf(needs)
  const classOf = new Array<number>(needs.size)
  needs.classes.forEach((members, c) => {
    for (const i of members) classOf[i] = c
  })
  const apart = needs.apartFrom.map((list) => new Set(list))
  const all = Array.from({ length: 1 << k }, (_, code) => code).sort(
    (a, b) => popCount(a) - popCount(b) || b - a
  )
  const rest = new Array<number>(order.length + 1).fill(0)
  for (let p = order.length - 1; p >= 0; p--)
    rest[p] = rest[p + 1] + (apart[order[p]].size > 0 ? needs.costs[order[p]] : 0)
  const floor = costBound(needs, k)
  const state: State = {
    codes: new Array(needs.size).fill(0),
    loads: new Array(k).fill(0),
    best: undefined,
    bestCost: Infinity
  }

  const fits = (p: number, code: number): boolean => {
    const i = order[p]
    for (let before = 0; before < p; before++) {
      const j = order[before]
      if (apart[i].has(j) && (code & ~state.codes[j]) === 0) return false
      if (apart[j].has(i) && (state.codes[j] & ~code) === 0) return false
    }
    for (let q = 0; q < k; q++)
      if (((code >> (k - 1 - q)) & 1) === 1 && state.loads[q] >= needs.maximumTargets) return false
    const last = p > 0 ? order[p - 1] : -1
    const alike = last >= 0 && classOf[last] === classOf[i] && needs.costs[last] === needs.costs[i]
    return !alike || code < state.codes[last]
  }
  const load = (code: number, by: number): void => {
    for (let q = 0; q < k; q++) state.loads[q] += ((code >> (k - 1 - q)) & 1) * by
  }
  /** False where the budget ran out. */
  const assign = (p: number, cost: number, ties: ReadonlyArray<boolean>): boolean => {
    if (p === order.length) {
      state.best = [...state.codes]
      state.bestCost = cost
      return true
    }
    const i = order[p]
    // What need not be told from any other is best left alone.
    for (const code of apart[i].size === 0 ? [0] : all) {
      const next = cost + popCount(code) * needs.costs[i]
      if (next + rest[p + 1] >= state.bestCost - 1e-9) {
        if (needs.costs[i] > 0) break
        continue
      }
      if (budget.left-- <= 0) return false
      if (!keepsColumnOrder(code, ties, k) || !fits(p, code)) continue
      state.codes[i] = code
      load(code, 1)
      const bits = (q: number): number => (code >> (k - 1 - q)) & 1
      const through = assign(
        p + 1,
        next,
        ties.map((tie, q) => tie && q > 0 && bits(q) === bits(q - 1))
      )
      load(code, -1)
      if (!through) return false
      if (state.bestCost <= floor + 1e-9) return true
    }
    return true
  }
  const complete = assign(
    0,
    0,
    Array.from({ length: k }, (_, q) => q > 0)
  )
  return { codes: state.best, complete }
}
