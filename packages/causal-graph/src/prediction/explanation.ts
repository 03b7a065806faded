/** The reasons behind a pattern, as data and in plain language. */
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { GraphError } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource, lagsOf } from '../graph/graph-bits.js'
import { type BinaryMatrix, blank, count, get, rowSupport, setBit } from '../matrices/binary-matrix.js'

/** A past latent (or an influenced one) and how many steps lie between, 1 for the step before. */
export interface LaggedLatent {
  readonly latent: number
  readonly lag: number
}

/** All that bears on one latent. */
export interface GraphEvidence {
  /** The actions that act on it. */
  readonly actions: number[]
  /** The past latents that influence it. */
  readonly causes: LaggedLatent[]
  /** The latents that it influences. */
  readonly effects: LaggedLatent[]
}

/** The rows that have 1 in column `column`, ascending. */
const columnSupport = (m: BinaryMatrix, column: number): number[] => {
  const support: number[] = []
  for (let i = 0; i < m.rows; i++) if (get(m, i, column)) support.push(i)
  return support
}

/** `evidenceOf` of bit sets. */
export const evidenceIn = (graph: GraphBits, i: number): GraphEvidence => {
  const lags = lagsOf(graph)
  const lagged = (latent: number, index: number): LaggedLatent => ({ latent, lag: index + 1 })
  return {
    actions: graph.actions === undefined ? [] : rowSupport(graph.actions, i),
    causes: lags.flatMap((gz, lag) => rowSupport(gz, i).map((j) => lagged(j, lag))),
    effects: lags.flatMap((gz, lag) => columnSupport(gz, i).map((j) => lagged(j, lag)))
  }
}

/** The graph as bit sets, if all `latents` are in 0..d−1. */
const withLatents = (
  where: string,
  graph: GraphSource,
  latents: ReadonlyArray<number>
): E.Either<GraphError, GraphBits> =>
  pipe(
    bitsOf(where, graph),
    E.flatMap((bits): E.Either<GraphError, GraphBits> => {
      const stray = latents.find((i) => !(Number.isInteger(i) && i >= 0 && i < bits.size))
      return stray === undefined
        ? E.right(bits)
        : E.left(invalidOption(where, 'a latent', stray, `a latent, 0..${bits.size - 1}`))
    })
  )

/** What bears on latent `i` (in 0..d−1). Errors: `NotBinary`, `ShapeMismatch`, `InvalidOption` (no such latent). */
export const evidenceOf = (graph: GraphSource, i: number): E.Either<GraphError, GraphEvidence> =>
  E.map((bits: GraphBits) => evidenceIn(bits, i))(withLatents('evidenceOf', graph, [i]))

const evidenceAgainst = (mine: GraphEvidence, other: GraphEvidence): GraphEvidence => {
  const absent = (list: LaggedLatent[]) => (a: LaggedLatent) =>
    !list.some((b) => b.latent === a.latent && b.lag === a.lag)
  return {
    actions: mine.actions.filter((l) => !other.actions.includes(l)),
    causes: mine.causes.filter(absent(other.causes)),
    effects: mine.effects.filter(absent(other.effects))
  }
}

/**
 * What bears on latent `i` and not on latent `j`: each rules out that z_i depends on the learned counterpart
 * of z_j. All lists are empty iff the pattern has 1 at (i, j). Errors: as `evidenceOf`.
 *
 * @example
 * orThrow(distinguishing(graph, 0, 1)).actions // the actions on latent 0 that spare latent 1
 */
export const distinguishing = (
  graph: GraphSource,
  i: number,
  j: number
): E.Either<GraphError, GraphEvidence> =>
  E.map((bits: GraphBits) => evidenceAgainst(evidenceIn(bits, i), evidenceIn(bits, j)))(
    withLatents('distinguishing', graph, [i, j])
  )

const SHOWN = 8

/** `a0, a1 and 3 more`. */
const list = <A>(items: ReadonlyArray<A>, name: (item: A) => string): string => {
  const names = items.slice(0, SHOWN).map(name).join(', ')
  return items.length <= SHOWN ? names : `${names} and ${items.length - SHOWN} more`
}

const latentNames = (latents: ReadonlyArray<number>): string => list(latents, (i) => `z${i}`)

const laggedNames = (graph: GraphBits, latents: ReadonlyArray<LaggedLatent>): string => {
  const several = graph.latents !== undefined && graph.latents.columns > graph.size
  return list(latents, ({ latent, lag }) => (several ? `z${latent} at lag ${lag}` : `z${latent}`))
}

/** The clauses of "whatever bears on z_i also bears on …", for the parts that the graph has. */
const shared = (graph: GraphBits, i: number): string => {
  const { actions, causes, effects } = evidenceIn(graph, i)
  const clauses: string[] = []
  if (graph.actions !== undefined)
    clauses.push(
      actions.length === 0
        ? 'no action'
        : `${actions.length === 1 ? 'action' : 'actions'} ${list(actions, (l) => `a${l}`)}`
    )
  if (graph.latents !== undefined) {
    clauses.push(
      causes.length === 0 ? 'no edge into it' : `the edges into it from past ${laggedNames(graph, causes)}`
    )
    clauses.push(
      effects.length === 0 ? 'no edge out of it' : `the edges out of it to ${laggedNames(graph, effects)}`
    )
  }
  return clauses.length === 0 ? 'nothing (neither actions nor edges)' : clauses.join('; ')
}

/** Whether a row shares a 1 with a set, which is a matrix of one row. */
const rowsMeet = (m: BinaryMatrix, row: number, { words }: BinaryMatrix): boolean => {
  for (let w = 0; w < m.stride; w++) if ((m.words[row * m.stride + w] & words[w]) !== 0) return true
  return false
}

/** Whether Gz has room for an edge into or out of some latent that each of `others` lacks. */
const edgeIsLacking = (graph: GraphBits, others: ReadonlyArray<number>): boolean => {
  if (graph.latents === undefined) return false
  const among = blank(1, graph.size)
  for (const j of others) setBit(among, 0, j)
  for (const gz of lagsOf(graph)) {
    const reached = blank(1, graph.size)
    for (const j of others)
      for (let w = 0; w < gz.stride; w++) reached.words[w] |= gz.words[j * gz.stride + w]
    if (count(reached) < graph.size) return true
    for (let k = 0; k < graph.size; k++) if (!rowsMeet(gz, k, among)) return true
  }
  return false
}

const remedy = (graph: GraphBits, one: string, other: string, others: ReadonlyArray<number>): string =>
  edgeIsLacking(graph, others)
    ? `an action on ${one} that spares ${other}, or an edge into or out of ${one} that ${other} lacks`
    : `an action on ${one} that spares ${other}`

/** Why the latents of one block of two or more are not told apart. */
export const explainBlock = (graph: GraphBits, block: ReadonlyArray<number>): string =>
  `${latentNames(block)} are not told apart: no action or edge distinguishes them, for the same bear on each ` +
  `(on z${block[0]}: ${shared(graph, block[0])}). What would help, one for each direction: ` +
  `${remedy(graph, 'one', 'the other', block.slice(0, 1))}.`

/** Why the latents of a block are not separated, one way, from latents outside it. */
export const explainOneWay = (
  graph: GraphBits,
  block: ReadonlyArray<number>,
  others: ReadonlyArray<number>
): string => {
  const [one, other] = [latentNames(block), latentNames(others)]
  const each = others.length > 1 ? `each of ${other}` : other
  const bound =
    block.length === 1
      ? ` An upper bound: where latents are independent given the past and the actions, with full connected support, factorization rules it out.`
      : ''
  return (
    `${one} ${block.length > 1 ? 'are' : 'is'} not separated from ${other} by the graph (one way): all that ` +
    `bears on z${block[0]} (${shared(graph, block[0])}) bears on ${each} as well. What would help: ` +
    `${remedy(graph, block.length > 1 ? 'these' : one, each, others)}.${bound}`
  )
}

/** The latents that are identified up to an element-wise map. */
export const explainComplete = (latents: ReadonlyArray<number>, size: number): string =>
  size === 1
    ? 'There is one latent, so there is nothing to tell it from: the graph says nothing of whether data have more.'
    : latents.length === size
      ? 'Every latent is identified up to a permutation and an element-wise map: each of any two latents has an action or an edge that the other lacks.'
      : `${latentNames(latents)} ${latents.length > 1 ? 'are' : 'is'} identified up to an element-wise map.`
