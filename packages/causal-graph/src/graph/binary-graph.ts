/** Causal graphs that are read once and asked many questions. */
import type { CausalGraph } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { blank } from '../matrices/binary-matrix.js'
import { rowsOfTable } from '../matrices/edge-table.js'
import { type BinaryGraph, bitsOf, type GraphBits, type GraphSource } from './graph-bits.js'

/** A graph without any part keeps its size in a Gz of empty rows. */
const binaryOf = ({ size, latents, actions }: GraphBits): BinaryGraph =>
  latents === undefined && actions === undefined
    ? { latents: blank(size, 0) }
    : { ...(latents === undefined ? {} : { latents }), ...(actions === undefined ? {} : { actions }) }

/**
 * Reads and checks a graph once: every function that takes a graph takes the result, too. A part without columns is left out,
 * unless there is no other.
 *
 * When to use it: for several questions about a graph of a hundred latents and more. To read plain rows takes about a
 * nanosecond an entry, which is more than most answers take.
 *
 * Errors: `NotBinary`, `ShapeMismatch` (no part, ragged rows, Gz not d × a multiple of d, parts of different d).
 *
 * @example
 * const graph = orThrow(binaryGraph({ actions: [[1, 0], [0, 1]] }))
 * orThrow(criterion(graph)) // true
 */
export const binaryGraph = (graph: GraphSource): E.Either<GraphError, BinaryGraph> =>
  E.map(binaryOf)(bitsOf('binaryGraph', graph))

/**
 * The graph as plain rows of 0 and 1; parts that are plain rows already stay the same arrays, unchecked.
 *
 * @example
 * graphRows(orThrow(binaryGraph({ actions: [[1, 0], [0, 1]] }))) // { actions: [[1, 0], [0, 1]] }
 */
export const graphRows = ({ latents, actions }: BinaryGraph | CausalGraph): CausalGraph => ({
  ...(latents === undefined ? {} : { latents: rowsOfTable(latents) }),
  ...(actions === undefined ? {} : { actions: rowsOfTable(actions) })
})
