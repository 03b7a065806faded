/** The graphs of the literature by name. */
import { type CausalGraph, invalidOption, unknownName } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { type BinaryMatrix, binaryIdentity, binaryRows, tabulate } from '../matrices/binary-matrix.js'

/** Which sizes a named graph has, and the graph of such a size. */
interface NamedGraph {
  readonly admits: (d: number) => boolean
  readonly sizes: string
  readonly build: (d: number) => CausalGraph
}

const isSize = (d: number): boolean => Number.isInteger(d) && d >= 1
const anySize = { admits: isSize, sizes: 'a whole number of latents, at least 1' }
const evenSize = { admits: (d: number) => isSize(d) && d % 2 === 0, sizes: 'an even number of latents' }
const threePairs = {
  admits: (d: number) => evenSize.admits(d) && d >= 6,
  sizes: 'an even number of at least 6'
}

const action = (actions: BinaryMatrix): CausalGraph => ({ actions: binaryRows(actions) })
const time = (latents: BinaryMatrix): CausalGraph => ({ latents: binaryRows(latents) })

/** Pairs (2b, 2b+1) of latents are blocks. */
const pairOf = (i: number): number => i >> 1

const chain = (d: number, bothWays: boolean): BinaryMatrix =>
  tabulate(d, d, (i, j) => i === j || i === j + 1 || (bothWays && j === i + 1))

const ring = (d: number, bothWays: boolean): BinaryMatrix =>
  tabulate(d, d, (i, j) => i === j || i === (j + 1) % d || (bothWays && j === (i + 1) % d))

/** Blocks of two with self-blocks; the first and the last influence each other, the middle one the last. */
const timeBlockNonDiag = (d: number): BinaryMatrix => {
  const last = d / 2 - 1
  const middle = last >> 1
  return tabulate(d, d, (i, j) => {
    const [effect, cause] = [pairOf(i), pairOf(j)]
    return (
      effect === cause ||
      (effect === 0 && cause === last) ||
      (effect === last && (cause === 0 || cause === middle))
    )
  })
}

const table = {
  /** Ga = I. */
  ActionDiag: { ...anySize, build: (d: number) => action(binaryIdentity(d)) },
  /** Action l acts on latents l and l + 1, cyclically: `Ga[i]` = {i, i − 1}. */
  ActionNonDiag: { ...anySize, build: (d: number) => action(ring(d, false)) },
  /** d / 2 actions, each on two latents. */
  ActionBlockDiag: {
    ...evenSize,
    build: (d: number) => action(tabulate(d, d / 2, (i, l) => pairOf(i) === l))
  },
  /** The same, action 0 also on the last two latents. */
  ActionBlockNonDiag: {
    ...evenSize,
    build: (d: number) => action(tabulate(d, d / 2, (i, l) => pairOf(i) === l || (l === 0 && i >= d - 2)))
  },
  /** One action on every latent. */
  ActionSingle: { ...anySize, build: (d: number) => action(tabulate(d, 1, () => true)) },
  /** Action l acts on latents l, l + 1, …: nested targets. */
  ActionLowerTriangular: { ...anySize, build: (d: number) => action(tabulate(d, d, (i, l) => i >= l)) },
  /** Gz = I. */
  TimeDiag: { ...anySize, build: (d: number) => time(binaryIdentity(d)) },
  /** Gz lower triangular, with ones. */
  TimeNonDiag: { ...anySize, build: (d: number) => time(tabulate(d, d, (i, j) => i >= j)) },
  /** Gz block diagonal, blocks of two. */
  TimeBlockDiag: {
    ...evenSize,
    build: (d: number) => time(tabulate(d, d, (i, j) => pairOf(i) === pairOf(j)))
  },
  /** Blocks of two, besides first ← last, last ← first, last ← middle; at 10 latents 0 ← 4, 4 ← 0, 4 ← 2. */
  TimeBlockNonDiag: { ...threePairs, build: (d: number) => time(timeBlockNonDiag(d)) },
  /** Every latent influences every latent. */
  TimeAllOnes: { ...anySize, build: (d: number) => time(tabulate(d, d, () => true)) },
  /** Self-loops and i → i + 1. */
  TimeDirectedChain: { ...anySize, build: (d: number) => time(chain(d, false)) },
  /** Self-loops and i ↔ i + 1. */
  TimeBidirectionalChain: { ...anySize, build: (d: number) => time(chain(d, true)) },
  /** Self-loops and i → i + 1, cyclically. */
  TimeDirectedRing: { ...anySize, build: (d: number) => time(ring(d, false)) },
  /** Self-loops and i ↔ i + 1, cyclically. */
  TimeBidirectionalRing: { ...anySize, build: (d: number) => time(ring(d, true)) }
} satisfies Record<string, NamedGraph>

export type GraphName = keyof typeof table

/** All names that `namedGraph` knows. */
export const graphNames: ReadonlyArray<GraphName> = Object.keys(table) as GraphName[]

/**
 * A graph by its published name ([MS], section on experiments; chains and rings: appendix examples), for `d`
 * latents. The sparse graphs of the problems of the same names.
 *
 * Errors: `UnknownName`, `InvalidOption` (a size that the graph does not have).
 *
 * @example
 * namedGraph('ActionNonDiag', 6)
 */
export const namedGraph = (name: GraphName, d: number): E.Either<GraphError, CausalGraph> => {
  const where = 'namedGraph'
  if (!Object.hasOwn(table, name)) return E.left(unknownName(where, name, graphNames))
  const entry: NamedGraph = table[name]
  return entry.admits(d)
    ? E.right(entry.build(d))
    : E.left(invalidOption(where, `the size of ${name}`, d, entry.sizes))
}
