/** Which models sparsity cannot tell apart: consistency as a decidable relation. */
import { invalidOption, searchLimit, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { GraphError } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource, lagsOf } from '../graph/graph-bits.js'
import { type BinaryMatrix, count, dimensions, rowIsSubset } from '../matrices/binary-matrix.js'
import { transpose } from '../matrices/columns.js'
import { sizedBits, type TableSource } from '../matrices/edge-table.js'
import type { Permutation } from '../matrices/permutation.js'
import { patternOf } from '../pattern/pattern.js'
import { type Budget, isomorphisms } from './internal/isomorphisms.js'

/** `actions`: Ga alone (a-consistency); `time`: Gz alone (z-consistency); `joint`: whatever the graphs have. */
export type ConsistencyKind = 'actions' | 'time' | 'joint'

export interface ConsistencyOptions {
  /** Default: `joint`. */
  readonly kind?: ConsistencyKind
  /** The entanglement graph of v, d × d: true latents in rows, learned in columns. Without it graphs alone count. */
  readonly entanglement?: TableSource
  /** Most branches of the search. Default: 1,000,000. */
  readonly limit?: number
}

/** A permutation that shows two models to be consistent, or the reason why none does. */
export type Consistency =
  | { readonly consistent: true; readonly permutation: Permutation }
  | { readonly consistent: false; readonly fault: 'graph' | 'entanglement'; readonly reason: string }

const LIMIT = 1_000_000

const partOf = (graph: GraphBits, kind: ConsistencyKind): GraphBits => ({
  size: graph.size,
  ...(kind !== 'actions' && graph.latents !== undefined ? { latents: graph.latents } : {}),
  ...(kind !== 'time' && graph.actions !== undefined ? { actions: graph.actions } : {})
})

const sizeOf = (m: BinaryMatrix | undefined): string => (m === undefined ? 'absent' : dimensions(m))

interface Comparable {
  readonly truth: GraphBits
  readonly learned: GraphBits
  readonly entanglement: BinaryMatrix | undefined
  readonly budget: Budget
}

const comparable = (
  where: string,
  truth: GraphSource,
  learned: GraphSource,
  { kind = 'joint', entanglement, limit = LIMIT }: ConsistencyOptions
): E.Either<GraphError, Comparable> => {
  if (!(limit >= 1)) return E.left(invalidOption(where, 'limit', limit, 'a number of at least 1'))
  const [one, other] = [bitsOf(`${where}, the truth`, truth), bitsOf(`${where}, the learned graph`, learned)]
  if (E.isLeft(one)) return one
  if (E.isLeft(other)) return other
  const [a, b] = [partOf(one.right, kind), partOf(other.right, kind)]
  for (const [name, part] of [
    ['latents (Gz)', 'latents'],
    ['actions (Ga)', 'actions']
  ] as const)
    if (sizeOf(a[part]) !== sizeOf(b[part]))
      return E.left(shapeMismatch(where, `${name} of the learned graph`, sizeOf(b[part]), sizeOf(a[part])))
  if (a.size !== b.size)
    return E.left(shapeMismatch(where, 'the number of learned latents', b.size, String(a.size)))
  const budget = { limit, spent: 0 }
  return entanglement === undefined
    ? E.right({ truth: a, learned: b, entanglement, budget })
    : E.map((bits: BinaryMatrix): Comparable => ({ truth: a, learned: b, entanglement: bits, budget }))(
        sizedBits(where, 'the entanglement graph', entanglement, a.size)
      )
}

/** Column π(j) of V lies within column j of the pattern: a condition on each pair (j, π(j)) by itself. */
const search = ({
  truth,
  learned,
  entanglement,
  budget
}: Comparable): Generator<Permutation, void, undefined> => {
  if (entanglement === undefined) return isomorphisms(truth, learned, () => true, budget)
  const columns = transpose(entanglement)
  const allowed = transpose(patternOf(truth))
  return isomorphisms(truth, learned, (j, y) => rowIsSubset(columns, y, allowed, j), budget)
}

const differences = (truth: GraphBits, learned: GraphBits): string => {
  const edges = (graph: GraphBits): string =>
    [
      ...lagsOf(graph).map(
        (gz, lag) => `${count(gz)} edges between latents${lag > 0 ? ` at lag ${lag + 1}` : ''}`
      ),
      ...(graph.actions === undefined ? [] : [`${count(graph.actions)} from actions`])
    ].join(', ')
  const [one, other] = [edges(truth), edges(learned)]
  return one === other
    ? `they have equally many edges (${one}), arranged differently`
    : `${one} against ${other}`
}

/**
 * All permutations π that show two models to be consistent, lazily: `Ĝz[π(i)][π(j)] = Gz[i][j]`, `Ĝa[π(i)] = Ga[i]` and
 * `V[i][π(j)] ≤ pattern[i][j]` ([MS] section 2). There may be d! of them: iterate as far as you need. The iteration also
 * ends when the limit on branches is reached.
 *
 * Errors: `NotBinary`, `ShapeMismatch` (of a graph itself, sizes, or a part that only one graph has), `InvalidOption`.
 *
 * @example
 * E.map((all: Iterable<Permutation>) => [...all].length)(relabellings(graph, graph)) // its symmetries
 */
export const relabellings = (
  truth: GraphSource,
  learned: GraphSource,
  options: ConsistencyOptions = {}
): E.Either<GraphError, Iterable<Permutation>> =>
  E.map(search)(comparable('relabellings', truth, learned, options))

/**
 * All relabellings in a list, none left out.
 *
 * Errors: as `relabellings`; `SearchLimit` where there may be more than the search reached (symmetric graphs have up to d!).
 *
 * @example
 * allRelabellings(graph, graph) // E.right([{ image: [0, 1, 2] }, { image: [2, 1, 0] }])
 */
export const allRelabellings = (
  truth: GraphSource,
  learned: GraphSource,
  options: ConsistencyOptions = {}
): E.Either<GraphError, Permutation[]> => {
  const where = 'allRelabellings'
  return E.flatMap((models: Comparable): E.Either<GraphError, Permutation[]> => {
    const found = [...search(models)]
    const { spent, limit } = models.budget
    return spent > limit ? E.left(searchLimit(where, 'the list of all permutations', limit)) : E.right(found)
  })(comparable(where, truth, learned, options))
}

/**
 * Whether the learned model is consistent with the true one, and a permutation that shows it. Consistency is an
 * equivalence relation: reflexive (V = I), symmetric (V of v⁻¹), transitive (V of a composition).
 *
 * When to use it: the true graph is known, and you want to know whether a learned graph, with an entanglement graph if you
 * have one, is as good as sparsity can make it. To count wrong edges instead, use `shd` of `@mechid/metrics`.
 *
 * Errors: as `relabellings`; `SearchLimit` where the search ended without an answer.
 *
 * @example
 * consistency(truth, learned, { kind: 'actions', entanglement })
 */
export const consistency = (
  truth: GraphSource,
  learned: GraphSource,
  options: ConsistencyOptions = {}
): E.Either<GraphError, Consistency> =>
  pipe(
    comparable('consistency', truth, learned, options),
    E.flatMap((models): E.Either<GraphError, Consistency> => {
      const { limit } = models.budget
      const undecided = E.left(searchLimit('consistency', 'whether the graphs agree', limit))
      for (const permutation of search(models)) return E.right({ consistent: true, permutation })
      if (models.budget.spent > limit) return undecided
      const budget = { limit, spent: 0 }
      for (const _ of search({ ...models, entanglement: undefined, budget }))
        return E.right({
          consistent: false,
          fault: 'entanglement',
          reason:
            'The graphs agree after a relabelling, but under none does the entanglement graph lie within the pattern.'
        })
      if (budget.spent > limit) return undecided
      const reason = `No relabelling of latents makes the graphs equal: ${differences(models.truth, models.learned)}.`
      return E.right({ consistent: false, fault: 'graph', reason })
    })
  )

const decided =
  (kind: ConsistencyKind) =>
  (truth: GraphSource, learned: GraphSource, entanglement?: TableSource): E.Either<GraphError, boolean> =>
    E.map(({ consistent }: Consistency) => consistent)(
      consistency(truth, learned, { kind, ...(entanglement === undefined ? {} : { entanglement }) })
    )

/** a-consistency ([MS] section 2): by the actions alone. Errors: as `consistency`. */
export const isActionConsistent = decided('actions')

/** z-consistency ([MS] section 2): by the past latents alone. Errors: as `consistency`. */
export const isTimeConsistent = decided('time')

/** Both at once, with one permutation. Errors: as `consistency`. */
export const isConsistent = decided('joint')
