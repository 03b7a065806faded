/** What can be done with plain causal graphs. */
import { type CausalGraph, type EdgeTable, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Show } from 'fp-ts/lib/Show.js'
import type { GraphError } from '../errors.js'
import { type BinaryMatrix, beside, binaryRows } from '../matrices/binary-matrix.js'
import { bitsOfTable, equalTables, showTable, type TableSource } from '../matrices/edge-table.js'
import { type Permutation, permutedRows, permutedRowsAndColumns } from '../matrices/permutation.js'
import { bitsOf, type GraphBits, type GraphSource, lagsOf, plainGraph } from './graph-bits.js'

/**
 * Gz lag by lag, each d × d, the most recent first; none for a static graph. Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * lagMatrices({ latents: [[1, 0, 0, 1], [0, 1, 0, 0]] }) // E.right([[[1, 0], [0, 1]], [[0, 1], [0, 0]]])
 */
export const lagMatrices = (graph: GraphSource): E.Either<GraphError, EdgeTable[]> =>
  E.map((bits: GraphBits): EdgeTable[] => lagsOf(bits).map(binaryRows))(bitsOf('lagMatrices', graph))

export const addActionBits = (
  where: string,
  bits: GraphBits,
  extra: BinaryMatrix
): E.Either<GraphError, GraphBits> =>
  extra.rows !== bits.size
    ? E.left(shapeMismatch(where, 'the number of rows', extra.rows, String(bits.size)))
    : extra.columns === 0
      ? E.right(bits)
      : E.map((actions: BinaryMatrix): GraphBits => ({ ...bits, actions }))(
          bits.actions === undefined ? E.right(extra) : beside(bits.actions, extra)
        )

/**
 * The graph with more actions, as further columns of Ga (d × any number). Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * addActions({ latents: [[1, 1], [0, 1]] }, [[1], [0]]) // E.right({ latents: …, actions: [[1], [0]] })
 */
export const addActions = (graph: GraphSource, extra: TableSource): E.Either<GraphError, CausalGraph> => {
  const where = 'addActions'
  return pipe(
    E.Do,
    E.bind('bits', () => bitsOf(where, graph)),
    E.bind('more', () => bitsOfTable(extra, `${where}, the new actions`)),
    E.flatMap(({ bits, more }) => addActionBits(where, bits, more)),
    E.map(plainGraph)
  )
}

/** Latent i becomes latent π(i): rows and columns of Gz, rows of Ga. Errors: `NotBinary`, `ShapeMismatch`. */
export const permuteGraph = (p: Permutation, graph: GraphSource): E.Either<GraphError, CausalGraph> => {
  const where = 'permuteGraph'
  return pipe(
    bitsOf(where, graph),
    E.filterOrElse(
      ({ size }) => size === p.image.length,
      ({ size }): GraphError =>
        shapeMismatch(where, 'the number of latents', size, `${p.image.length}, the permutation's size`)
    ),
    E.map(({ size, latents, actions }) =>
      plainGraph({
        size,
        ...(latents === undefined ? {} : { latents: permutedRowsAndColumns(p, latents) }),
        ...(actions === undefined ? {} : { actions: permutedRows(p, actions) })
      })
    )
  )
}

// Instances

/** A part of empty rows says no more than one that is absent. */
const present = (table: EdgeTable | undefined): EdgeTable | undefined =>
  table?.some((row) => row.length > 0) ? table : undefined

const sizeOf = ({ latents, actions }: CausalGraph): number => (latents ?? actions ?? []).length

const equalParts = (a: EdgeTable | undefined, b: EdgeTable | undefined): boolean =>
  a === undefined || b === undefined ? a === b : equalTables(a, b)

/** Equal sizes and equal parts; a part of empty rows equals one that is absent. */
export const eqCausalGraph: Eq<CausalGraph> = {
  equals: (a, b) =>
    sizeOf(a) === sizeOf(b) &&
    equalParts(present(a.latents), present(b.latents)) &&
    equalParts(present(a.actions), present(b.actions))
}

/** `Gz`, then one line a row, then the same for `Ga`; a part without columns is left out. */
export const showCausalGraph: Show<CausalGraph> = {
  show: (graph) => {
    const [latents, actions] = [present(graph.latents), present(graph.actions)]
    return [
      ...(latents === undefined ? [] : [`Gz\n${showTable(latents)}`]),
      ...(actions === undefined ? [] : [`Ga\n${showTable(actions)}`]),
      ...(latents === undefined && actions === undefined ? [`${sizeOf(graph)} latents, no edge`] : [])
    ].join('\n')
  }
}
