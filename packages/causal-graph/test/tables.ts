/** Plain tables of 0 and 1, for tests. */
import type { CausalGraph, EdgeTable } from '@mechid/values'

export const sizeOf = ({ latents, actions }: CausalGraph): number => (latents ?? actions ?? []).length

export const tableOf = (
  rows: number,
  columns: number,
  test: (row: number, column: number) => boolean
): EdgeTable =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => (test(i, j) ? 1 : 0)))

export const identity = (size: number): EdgeTable => tableOf(size, size, (i, j) => i === j)

export const isIdentity = (table: EdgeTable): boolean =>
  table.every((row, i) => row.every((entry, j) => entry === (i === j ? 1 : 0)))

/** Entry by entry. */
export const isWithin = (a: EdgeTable, b: EdgeTable): boolean =>
  a.every((row, i) => row.every((entry, j) => entry <= b[i][j]))

export const edgeCount = (table: EdgeTable): number => table.flat().filter((entry) => entry === 1).length

export const causesIn = (table: EdgeTable, i: number): number[] =>
  table[i].flatMap((entry, j) => (entry === 1 ? [j] : []))

export const transposed = (table: EdgeTable): EdgeTable =>
  tableOf(table[0].length, table.length, (i, j) => table[j][i] === 1)

/** The Boolean product. */
export const product = (a: EdgeTable, b: EdgeTable): EdgeTable =>
  tableOf(a.length, b[0].length, (i, j) => a[i].some((entry, l) => entry === 1 && b[l][j] === 1))
