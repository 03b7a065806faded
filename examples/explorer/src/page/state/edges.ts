/** Tables of 0 and 1: changed, and as short text. */
import type { EdgeTable } from '@mechid/values'

/** With one entry changed. All other rows stay the same arrays, so that only one has to be drawn again. */
export const toggled = (table: EdgeTable, row: number, column: number): EdgeTable =>
  table.map((entries, i) => (i === row ? entries.map((x, j) => (j === column ? 1 - x : x)) : entries))

/** Cut, or filled up with 0. */
export const resized = (table: EdgeTable, rows: number, columns: number): EdgeTable =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => table[i]?.[j] ?? 0))

/** Row by row, four entries a hexadecimal digit, the first one the highest. */
export const toHex = (table: EdgeTable): string => {
  const bits = table.flat()
  let text = ''
  for (let at = 0; at < bits.length; at += 4)
    text += [0, 1, 2, 3].reduce((sum, k) => 2 * sum + (bits[at + k] ?? 0), 0).toString(16)
  return text
}

/** How many digits `toHex` writes. */
export const hexLength = (rows: number, columns: number): number => Math.ceil((rows * columns) / 4)

/** The table that `toHex` wrote; `text` must have `hexLength` hexadecimal digits. */
export const fromHex = (text: string, rows: number, columns: number): EdgeTable => {
  const bit = (at: number): number => (Number.parseInt(text[at >> 2], 16) >> (3 - (at & 3))) & 1
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (__, j) => bit(i * columns + j))
  )
}
