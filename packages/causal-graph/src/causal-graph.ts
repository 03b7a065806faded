/** The causal graph of a mechanism: which past latents and which actions influence each latent. */
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Show } from 'fp-ts/lib/Show.js'
import {
  type BinaryMatrix,
  beside,
  columnSlice,
  eqBinaryMatrix,
  fromRows,
  showBinaryMatrix,
  toRows
} from './binary-matrix.js'
import type { GraphError } from './errors.js'
import { type Permutation, permuteRows, permuteRowsAndColumns } from './permutation.js'

/**
 * Row = effect, column = cause, as in [MS] section 2. A part that is absent is no evidence: a static problem
 * has no `latents`, one that nobody acts upon no `actions`.
 */
export interface CausalGraph {
  /** Number of latents d. */
  readonly size: number
  /** Gz, d × (lags · d), the most recent past first: entry (i, j) iff past latent j influences latent i. */
  readonly latents?: BinaryMatrix
  /** Ga, d × k: entry (i, l) iff action l influences latent i. */
  readonly actions?: BinaryMatrix
}

/** The same as plain rows of 0 and 1: how graphs cross package borders. */
export interface PlainGraph {
  readonly latents?: ReadonlyArray<ReadonlyArray<number>>
  readonly actions?: ReadonlyArray<ReadonlyArray<number>>
}

const part = (
  plain: ReadonlyArray<ReadonlyArray<number>> | undefined,
  where: string
): E.Either<GraphError, BinaryMatrix | undefined> =>
  plain === undefined ? E.right(undefined) : fromRows(plain, where)

const assemble = (
  where: string,
  latents: BinaryMatrix | undefined,
  actions: BinaryMatrix | undefined
): E.Either<GraphError, CausalGraph> => {
  const size = latents?.rows ?? actions?.rows
  if (size === undefined)
    return E.left(shapeMismatch(where, 'the graph', 'empty', 'latents (Gz), actions (Ga) or both'))
  if (latents !== undefined && latents.columns % size !== 0)
    return E.left(
      shapeMismatch(
        where,
        'the number of columns of latents (Gz)',
        latents.columns,
        `${size}, one for each row, or a multiple of it for several lags`
      )
    )
  if (actions !== undefined && actions.rows !== size)
    return E.left(
      shapeMismatch(where, 'the number of rows of actions (Ga)', actions.rows, `${size}, as latents (Gz) has`)
    )
  return E.right({
    size,
    ...(latents !== undefined && latents.columns > 0 ? { latents } : {}),
    ...(actions !== undefined && actions.columns > 0 ? { actions } : {})
  })
}

/**
 * Reads a graph from plain rows. Parts without columns (the Gz of a static kernel) count as absent.
 *
 * Errors: `NotBinary`, `ShapeMismatch` (neither part, a part without rows, ragged rows, Gz not d × a multiple of d, or
 * Gz and Ga of different d).
 *
 * @example
 * graphFromRows({ actions: [[1, 0], [1, 1]] })
 */
export const graphFromRows = (plain: PlainGraph): E.Either<GraphError, CausalGraph> =>
  pipe(
    part(plain.latents, 'latents (Gz)'),
    E.flatMap((latents) =>
      pipe(
        part(plain.actions, 'actions (Ga)'),
        E.flatMap((actions) => assemble('graphFromRows', latents, actions))
      )
    )
  )

/** Plain rows of the parts that are present. */
export const graphToRows = (graph: CausalGraph): { latents?: number[][]; actions?: number[][] } => ({
  ...(graph.latents === undefined ? {} : { latents: toRows(graph.latents) }),
  ...(graph.actions === undefined ? {} : { actions: toRows(graph.actions) })
})

/** Gz lag by lag, each d × d, the most recent first; none for a static graph. */
export const lagMatrices = (graph: CausalGraph): BinaryMatrix[] => {
  const { latents, size } = graph
  if (latents === undefined) return []
  return Array.from({ length: latents.columns / size }, (_, lag) => columnSlice(latents, lag * size, size))
}

/** The graph with more actions, as further columns of Ga (d × any number). Error: `ShapeMismatch`. */
export const addActions = (graph: CausalGraph, extra: BinaryMatrix): E.Either<GraphError, CausalGraph> =>
  pipe(
    graph.actions === undefined ? E.right(extra) : beside(graph.actions, extra),
    E.flatMap((actions) =>
      actions.rows === graph.size
        ? E.right(actions.columns === 0 ? graph : { ...graph, actions })
        : E.left(shapeMismatch('addActions', 'the number of rows', actions.rows, String(graph.size)))
    )
  )

/** Latent i becomes latent π(i): rows and columns of Gz, rows of Ga. Error: `ShapeMismatch`. */
export const permuteGraph = (p: Permutation, graph: CausalGraph): E.Either<GraphError, CausalGraph> => {
  const none: E.Either<GraphError, BinaryMatrix | undefined> = E.right(undefined)
  return pipe(
    graph.latents === undefined ? none : permuteRowsAndColumns(p, graph.latents),
    E.flatMap((latents) =>
      pipe(
        graph.actions === undefined ? none : permuteRows(p, graph.actions),
        E.map((actions) => ({
          size: graph.size,
          ...(latents === undefined ? {} : { latents }),
          ...(actions === undefined ? {} : { actions })
        }))
      )
    )
  )
}

// Instances

const equalParts = (a: BinaryMatrix | undefined, b: BinaryMatrix | undefined): boolean =>
  a === undefined || b === undefined ? a === b : eqBinaryMatrix.equals(a, b)

export const eqCausalGraph: Eq<CausalGraph> = {
  equals: (a, b) => a.size === b.size && equalParts(a.latents, b.latents) && equalParts(a.actions, b.actions)
}

export const showCausalGraph: Show<CausalGraph> = {
  show: (graph) =>
    [
      ...(graph.latents === undefined ? [] : [`Gz\n${showBinaryMatrix.show(graph.latents)}`]),
      ...(graph.actions === undefined ? [] : [`Ga\n${showBinaryMatrix.show(graph.actions)}`]),
      ...(graph.latents === undefined && graph.actions === undefined
        ? [`${graph.size} latents, no edge`]
        : [])
    ].join('\n')
}
