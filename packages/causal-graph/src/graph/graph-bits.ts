/** Causal graphs as bit sets: what the algorithms of this package work on. Plain graphs are checked once, at the door. */
import { causalGraph, isKernel, type Kernel } from '@mechid/mechanisms'
import { type CausalGraph, type EdgeTable, orThrow, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import {
  type BinaryMatrix,
  binaryMatrix,
  binaryRows,
  columnSlice,
  eqBinaryMatrix
} from '../matrices/binary-matrix.js'
import { bitsOfTable, type TableSource } from '../matrices/edge-table.js'

/** A causal graph whose tables have been read: see `binaryGraph`. A part that is absent is no evidence. */
export interface BinaryGraph {
  /** Gz, d × (lags · d), the most recent past first. */
  readonly latents?: BinaryMatrix
  /** Ga, d × k. */
  readonly actions?: BinaryMatrix
}

/** No part is without columns. */
export interface GraphBits extends BinaryGraph {
  /** Number of latents d. */
  readonly size: number
}

/**
 * A causal graph as plain rows or read once (`binaryGraph`), or a kernel, whose graph is read off its definition: nobody
 * types a graph in twice.
 */
export type GraphSource = BinaryGraph | CausalGraph | Kernel

const hasColumns = (m: BinaryMatrix | undefined): m is BinaryMatrix => m !== undefined && m.columns > 0

const withColumns = (
  size: number,
  latents: BinaryMatrix | undefined,
  actions: BinaryMatrix | undefined
): GraphBits => {
  if (!hasColumns(latents)) return hasColumns(actions) ? { size, actions } : { size }
  return hasColumns(actions) ? { size, latents, actions } : { size, latents }
}

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
  return E.right(withColumns(size, latents, actions))
}

const ABSENT = E.right(undefined)

const part = (
  where: string,
  table: TableSource | undefined
): E.Either<GraphError, BinaryMatrix | undefined> =>
  table === undefined ? ABSENT : bitsOfTable(table, where)

/**
 * Every question passes here, and a chain of binds would take as long as an answer about a hundred latents.
 *
 * Errors: `NotBinary`, `ShapeMismatch` (no part, ragged rows, Gz not d × a multiple of d, parts of different d).
 */
export const bitsOfGraph = (
  where: string,
  graph: BinaryGraph | CausalGraph
): E.Either<GraphError, GraphBits> => {
  const latents = part(`${where}, latents (Gz)`, graph.latents)
  if (E.isLeft(latents)) return latents
  const actions = part(`${where}, actions (Ga)`, graph.actions)
  return E.isLeft(actions) ? actions : assembled(where, latents.right, actions.right)
}

/** Its size is the kernel's, also where nothing bears on anything. */
export const bitsOfKernel = (kernel: Kernel): GraphBits => {
  const { latents, actions } = causalGraph(kernel)
  const bits = (table: EdgeTable | undefined): BinaryMatrix | undefined =>
    table === undefined ? undefined : orThrow(binaryMatrix(table))
  return withColumns(kernel.latents, bits(latents), bits(actions))
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
export const lagsOf = ({ latents, size }: GraphBits): BinaryMatrix[] => {
  const lags: BinaryMatrix[] = []
  if (latents !== undefined)
    for (let from = 0; from < latents.columns; from += size) lags.push(columnSlice(latents, from, size))
  return lags
}

const equalParts = (a: BinaryMatrix | undefined, b: BinaryMatrix | undefined): boolean =>
  a === undefined || b === undefined ? a === b : eqBinaryMatrix.equals(a, b)

export const equalBits = (a: GraphBits, b: GraphBits): boolean =>
  a.size === b.size && equalParts(a.latents, b.latents) && equalParts(a.actions, b.actions)
