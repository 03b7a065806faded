/** Tables of 0 and 1 on their way into bit sets and out of them. */
import { type CausalGraph, type EdgeTable, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { type BinaryMatrix, binaryMatrix, binaryRows, dimensions, sharedRows } from './binary-matrix.js'
import { firstEqualRow } from './equal-rows.js'

/** A table of 0 and 1: plain rows, which are read and checked at each call, or a matrix that has been read once. */
export type TableSource = BinaryMatrix | EdgeTable

/** By what plain rows lack, whatever they are made of. */
const isRead = (table: TableSource): table is BinaryMatrix =>
  (table as Partial<BinaryMatrix>).words !== undefined

/** Errors: `NotBinary`, `ShapeMismatch` (no row, ragged rows). */
export const bitsOfTable = (table: TableSource, where: string): E.Either<GraphError, BinaryMatrix> =>
  isRead(table) && table.rows > 0 ? E.right(table) : binaryMatrix(isRead(table) ? [] : table, where)

export const rowsOfTable = (table: TableSource): EdgeTable => (isRead(table) ? binaryRows(table) : table)

const bitsWhere = (
  where: string,
  what: string,
  table: TableSource,
  fits: (m: BinaryMatrix) => boolean,
  expected: string
): E.Either<GraphError, BinaryMatrix> => {
  const bits = bitsOfTable(table, `${where}, ${what}`)
  return E.isLeft(bits) || fits(bits.right)
    ? bits
    : E.left(shapeMismatch(where, what, dimensions(bits.right), expected))
}

/** A square table: a pattern, an entanglement graph. Errors: `NotBinary`, `ShapeMismatch`. */
export const squareBits = (
  where: string,
  what: string,
  table: TableSource
): E.Either<GraphError, BinaryMatrix> =>
  bitsWhere(where, what, table, ({ rows, columns }) => rows === columns, 'square')

/** A d × d table. Errors: `NotBinary`, `ShapeMismatch`. */
export const sizedBits = (
  where: string,
  what: string,
  table: TableSource,
  size: number
): E.Either<GraphError, BinaryMatrix> =>
  bitsWhere(where, what, table, ({ rows, columns }) => rows === size && columns === size, `${size} × ${size}`)

/** Plain rows, equal ones as one and the same array: blocks of thousands of latents would fill the memory otherwise. */
export const tableOf = (m: BinaryMatrix): EdgeTable => sharedRows(m, firstEqualRow(m))

export const equalTables = (a: EdgeTable, b: EdgeTable): boolean =>
  a.length === b.length &&
  a.every((row, i) => row.length === b[i].length && row.every((entry, j) => entry === b[i][j]))

/** One line a row: `10\n11`. */
export const showTable = (table: EdgeTable): string => table.map((row) => row.join('')).join('\n')

/** What latent i reads: its row of Gz, then its row of Ga, as far as these are present. */
export const causesOf = ({ latents, actions }: CausalGraph, i: number): number[] => [
  ...(latents?.[i] ?? []),
  ...(actions?.[i] ?? [])
]
