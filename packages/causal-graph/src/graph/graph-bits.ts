/** Causal graphs as bit sets: what the algorithms of this package work on. Plain graphs are checked once, at the door. */
import { causalGraph, isKernel, type Kernel } from '@mechid/mechanisms'
import { type CausalGraph, type EdgeTable, orThrow, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { GraphError } from '../errors.js'
import {
  type BinaryMatrix,
  binaryMatrix,
  binaryRows,
  columnSlice,
  eqBinaryMatrix
} from '../matrices/binary-matrix.js'

/** A part that is absent is no evidence; none has no columns. */
export interface GraphBits {
  /** Number of latents d. */
  readonly size: number
  /** Gz, d × (lags · d), the most recent past first. */
  readonly latents?: BinaryMatrix
  /** Ga, d × k. */
  readonly actions?: BinaryMatrix
}

/** A causal graph, or a kernel, whose graph is read off its definition: nobody types a graph in twice. */
export type GraphSource = CausalGraph | Kernel

const withColumns = (
  latents: BinaryMatrix | undefined,
  actions: BinaryMatrix | undefined
): Omit<GraphBits, 'size'> => ({
  ...(latents !== undefined && latents.columns > 0 ? { latents } : {}),
  ...(actions !== undefined && actions.columns > 0 ? { actions } : {})
})

const assembled = (
  where: string,
  latents: BinaryMatrix | undefined,
  actions: BinaryMatrix | undefined
): E.Either<GraphError, GraphBits> => {
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
  return E.right({ size, ...withColumns(latents, actions) })
}

const part = (where: string, table: EdgeTable | undefined): E.Either<GraphError, BinaryMatrix | undefined> =>
  table === undefined ? E.right(undefined) : binaryMatrix(table, where)

/** Errors: `NotBinary`, `ShapeMismatch` (no part, ragged rows, Gz not d × a multiple of d, parts of different d). */
export const bitsOfGraph = (where: string, graph: CausalGraph): E.Either<GraphError, GraphBits> =>
  pipe(
    E.Do,
    E.bind('latents', () => part(`${where}, latents (Gz)`, graph.latents)),
    E.bind('actions', () => part(`${where}, actions (Ga)`, graph.actions)),
    E.flatMap(({ latents, actions }) => assembled(where, latents, actions))
  )

/** Its size is the kernel's, also where nothing bears on anything. */
export const bitsOfKernel = (kernel: Kernel): GraphBits => {
  const { latents, actions } = causalGraph(kernel)
  const bits = (table: EdgeTable | undefined): BinaryMatrix | undefined =>
    table === undefined ? undefined : orThrow(binaryMatrix(table))
  return { size: kernel.latents, ...withColumns(bits(latents), bits(actions)) }
}

export const bitsOf = (where: string, source: GraphSource): E.Either<GraphError, GraphBits> =>
  isKernel(source) ? E.right(bitsOfKernel(source)) : bitsOfGraph(where, source)

/** A graph without any part keeps its size in a Gz of empty rows. */
export const plainGraph = ({ size, latents, actions }: GraphBits): CausalGraph =>
  latents === undefined && actions === undefined
    ? { latents: Array.from({ length: size }, () => []) }
    : {
        ...(latents === undefined ? {} : { latents: binaryRows(latents) }),
        ...(actions === undefined ? {} : { actions: binaryRows(actions) })
      }

/** Gz lag by lag, each d × d, the most recent first; none for a static graph. */
export const lagsOf = ({ latents, size }: GraphBits): BinaryMatrix[] =>
  latents === undefined
    ? []
    : Array.from({ length: latents.columns / size }, (_, lag) => columnSlice(latents, lag * size, size))

const equalParts = (a: BinaryMatrix | undefined, b: BinaryMatrix | undefined): boolean =>
  a === undefined || b === undefined ? a === b : eqBinaryMatrix.equals(a, b)

export const equalBits = (a: GraphBits, b: GraphBits): boolean =>
  a.size === b.size && equalParts(a.latents, b.latents) && equalParts(a.actions, b.actions)
