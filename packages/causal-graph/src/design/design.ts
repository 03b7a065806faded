/** Which actions to add so that disentanglement becomes complete. */
import { type CausalGraph, invalidOption, orThrow, searchLimit, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type GraphError, impossible } from '../errors.js'
import { addActionBits } from '../graph/causal-graph.js'
import { bitsOf, type GraphBits, type GraphSource, plainGraph } from '../graph/graph-bits.js'
import { tabulate } from '../matrices/binary-matrix.js'
import { exactCodes } from './internal/exact.js'
import { heuristicCodes, singleTargets } from './internal/heuristic.js'
import {
  type ActionBound,
  actionBound,
  costBound,
  type Requirements,
  requirementsOf
} from './internal/requirements.js'

export interface DesignOptions {
  /** Most latents that one new action may reach. Default: no limit. */
  readonly maximumTargets?: number
  /** Latents that no new action may reach. */
  readonly forbidden?: ReadonlyArray<number>
  /** Cost of reaching each latent once, at least 0. Default: 1 each, so that the cost counts targets. */
  readonly costs?: ReadonlyArray<number>
  /** Most new actions. Default: no limit. */
  readonly maximumActions?: number
  /** Most steps of the exact search. Default: 300,000. */
  readonly limit?: number
}

export interface Design {
  /** The latents that each new action reaches. */
  readonly actions: number[][]
  /** The graph with the new actions: its pattern is the identity. */
  readonly graph: CausalGraph
  readonly targets: number
  readonly cost: number
  /** Whether it is proved that no design has fewer actions, and none with as few costs less. */
  readonly optimal: boolean
  readonly lowerBounds: { readonly actions: number; readonly cost: number }
  /** How far it is from the bounds: 0 and 0 where optimal. The bound on the cost is for this number of actions. */
  readonly gaps: { readonly actions: number; readonly cost: number }
  readonly method: 'none needed' | 'exact' | 'construction' | 'heuristic'
  readonly explanation: string
}

interface Codes {
  readonly codes: ReadonlyArray<bigint>
  readonly actions: number
  readonly method: Design['method']
  readonly bounds: Design['lowerBounds']
}

const LIMIT = 300_000

/** Masks of more bits than this are not enumerated. */
const MOST_EXACT_ACTIONS = 12

const checkOptions = (
  size: number,
  options: DesignOptions
): E.Either<GraphError, Required<DesignOptions>> => {
  const where = 'design'
  const { maximumTargets = Infinity, forbidden = [], maximumActions = Infinity, limit = LIMIT } = options
  const costs = options.costs ?? new Array<number>(size).fill(1)
  if (maximumTargets !== Infinity && !(Number.isInteger(maximumTargets) && maximumTargets >= 1))
    return E.left(invalidOption(where, 'maximumTargets', maximumTargets, 'a whole number of at least 1'))
  if (maximumActions !== Infinity && !(Number.isInteger(maximumActions) && maximumActions >= 0))
    return E.left(invalidOption(where, 'maximumActions', maximumActions, 'a whole number of at least 0'))
  for (const i of forbidden)
    if (!(Number.isInteger(i) && i >= 0 && i < size))
      return E.left(invalidOption(where, 'a forbidden target', i, `a latent, 0..${size - 1}`))
  if (costs.length !== size)
    return E.left(shapeMismatch(where, 'the number of costs', costs.length, `${size}, one a latent`))
  for (const cost of costs)
    if (!(cost >= 0 && Number.isFinite(cost)))
      return E.left(invalidOption(where, 'a cost', cost, 'a number of at least 0'))
  if (!(limit >= 0)) return E.left(invalidOption(where, 'limit', limit, 'a number of at least 0'))
  return E.right({ maximumTargets, forbidden, maximumActions, costs, limit })
}

/** Latents that no action may reach, though only an action on them could tell them from others. */
const unreachable = (needs: Requirements, forbidden: ReadonlyArray<number>): string[] =>
  forbidden
    .filter((i) => needs.apartFrom[i].length > 0)
    .map((i) => {
      const others = needs.apartFrom[i].map((j) => `z${j}`).join(', ')
      return `all that bears on z${i} bears on ${others} as well, only an action on z${i} could tell it apart, and none may reach it`
    })

const costOf = (needs: Requirements, codes: ReadonlyArray<bigint>): number =>
  codes.reduce((sum, code, i) => sum + code.toString(2).replaceAll('0', '').length * needs.costs[i], 0)

const reversed = (code: number, k: number): bigint => {
  let mask = 0n
  for (let q = 0; q < k; q++) if ((code >> (k - 1 - q)) & 1) mask |= 1n << BigInt(q)
  return mask
}

/** Number by number of actions: a construction that meets the bounds, else the exact search as far as it goes. */
const search = (needs: Requirements, bound: ActionBound, limit: number): Codes => {
  const budget = { left: limit }
  let proved = bound.actions
  for (let k = bound.actions; ; k++) {
    const least = costBound(needs, k)
    const quick = heuristicCodes(needs, k)
    const bounds = { actions: proved, cost: least }
    if (quick !== undefined && k === proved && costOf(needs, quick) <= least + 1e-9)
      return { codes: quick, actions: k, method: 'construction', bounds }
    const within = k === proved && k <= MOST_EXACT_ACTIONS && needs.size <= 64
    const { codes, complete } = within ? exactCodes(needs, k, budget) : { codes: undefined, complete: false }
    if (complete && codes === undefined) {
      proved = k + 1
      continue
    }
    const masks = codes?.map((code) => reversed(code, k))
    if (complete && masks !== undefined)
      return { codes: masks, actions: k, method: 'exact', bounds: { actions: k, cost: costOf(needs, masks) } }
    const candidates = [quick, masks, ...(k >= needs.size ? [singleTargets(needs)] : [])].filter(
      (c) => c !== undefined
    )
    if (candidates.length > 0) {
      const best = candidates.reduce((a, b) => (costOf(needs, b) < costOf(needs, a) ? b : a))
      return { codes: best, actions: k, method: 'heuristic', bounds }
    }
  }
}

const explain = ({ method, bounds }: Codes, actions: number, cost: number, bound: ActionBound): string => {
  const told = `${actions} ${actions === 1 ? 'action' : 'actions'} at cost ${cost}`
  const why = bounds.actions === bound.actions ? `: ${bound.reason}` : ', as the exact search shows'
  if (actions === bounds.actions && cost <= bounds.cost + 1e-9)
    return `${told}, proved best (${method}). Fewer actions do not suffice${why}.`
  return `${told}, by ${method}. At least ${bounds.actions} actions are needed${why}; with ${actions} actions the cost is at least ${bounds.cost}.`
}

const assemble = (graph: GraphBits, needs: Requirements, found: Codes, bound: ActionBound): Design => {
  const lists = Array.from({ length: found.actions }, (_, q) =>
    [...found.codes.keys()].filter((i) => ((found.codes[i] >> BigInt(q)) & 1n) === 1n)
  )
  // The thinning of a heuristic may leave an action without targets.
  const actions = lists.filter((targets) => targets.length > 0)
  const cost = costOf(needs, found.codes)
  const gaps = {
    actions: actions.length - found.bounds.actions,
    cost: Math.max(0, cost - found.bounds.cost)
  }
  const added = tabulate(graph.size, actions.length, (i, q) => actions[q].includes(i))
  return {
    actions,
    graph: plainGraph(orThrow(addActionBits('design', graph, added))),
    targets: actions.reduce((sum, targets) => sum + targets.length, 0),
    cost,
    optimal: gaps.actions === 0 && gaps.cost <= 1e-9,
    lowerBounds: found.bounds,
    gaps,
    method: found.method,
    explanation: explain(found, actions.length, cost, bound)
  }
}

const designOf = (graph: GraphBits, options: DesignOptions): E.Either<GraphError, Design> => {
  const checked = checkOptions(graph.size, options)
  if (E.isLeft(checked)) return checked
  const { maximumTargets, forbidden, maximumActions, costs, limit } = checked.right
  const needs = requirementsOf(graph, costs, maximumTargets)
  const reasons = unreachable(needs, forbidden)
  if (reasons.length > 0) return E.left(impossible('design', reasons))
  if (needs.apartFrom.every((list) => list.length === 0))
    return E.right({
      ...assemble(
        graph,
        needs,
        { codes: costs.map(() => 0n), actions: 0, method: 'none needed', bounds: { actions: 0, cost: 0 } },
        { actions: 0, reason: '' }
      ),
      explanation: 'No action is needed: disentanglement is complete already.'
    })
  const bound = actionBound(needs)
  if (bound.actions > maximumActions)
    return E.left(
      impossible('design', [
        `${maximumActions} actions are too few: ${bound.reason}; ${bound.actions} or more are needed`
      ])
    )
  const found = search(needs, bound, limit)
  if (found.bounds.actions > maximumActions)
    return E.left(
      impossible('design', [
        `${maximumActions} actions are too few: the exact search went through without a design`
      ])
    )
  const made = assemble(graph, needs, found, bound)
  return made.actions.length > maximumActions
    ? E.left(searchLimit('design', `whether ${maximumActions} actions suffice`, limit))
    : E.right(made)
}

/**
 * New actions that make disentanglement complete, given the edges that the graph has: as few actions as possible, then at
 * least cost (by default, with fewest targets). The new actions on a latent must not all be among those on a latent that it
 * is not told from yet. Without other evidence these sets are an antichain, so Sperner's bound holds ([MS] section 2). The
 * answer is optimal where it meets the bounds or the exact search ends; else it is a heuristic one, and says how far it is
 * from the bounds.
 *
 * When to use it: `predict` leaves latents mixed, and you can choose further actions or interventions. It plans by the graph
 * alone: that the new actions have sufficient influence is up to the experiment.
 *
 * Errors: `NotBinary`, `InvalidOption`, `ShapeMismatch` (of the graph, costs), `Impossible` (with reasons), `SearchLimit`
 * (a design within `maximumActions` was neither found nor excluded).
 *
 * @example
 * design(graph, { maximumTargets: 3, forbidden: [4] }) // E.right({ actions: [[0, 1], [0, 2]], optimal: true, … })
 */
export const design = (graph: GraphSource, options: DesignOptions = {}): E.Either<GraphError, Design> =>
  E.flatMap((bits: GraphBits) => designOf(bits, options))(bitsOf('design', graph))
