/** Where keys lead, in a row and in a grid. */

/** The position that a key leads to in a row of `count`, round its ends; undefined: the key means nothing. */
export const stepped = (key: string, from: number, count: number): number | undefined => {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (from + 1) % count
    case 'ArrowLeft':
    case 'ArrowUp':
      return (from + count - 1) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}

export interface Cell {
  readonly row: number
  readonly column: number
}

/** The cell that a key leads to in a grid; at its rim it stays. Undefined: the key means nothing. */
export const steppedCell = (
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  { row, column }: Cell,
  rows: number,
  columns: number
): Cell | undefined => {
  switch (key) {
    case 'ArrowRight':
      return { row, column: Math.min(column + 1, columns - 1) }
    case 'ArrowLeft':
      return { row, column: Math.max(column - 1, 0) }
    case 'ArrowDown':
      return { row: Math.min(row + 1, rows - 1), column }
    case 'ArrowUp':
      return { row: Math.max(row - 1, 0), column }
    case 'Home':
      return { row: ctrlKey ? 0 : row, column: 0 }
    case 'End':
      return { row: ctrlKey ? rows - 1 : row, column: columns - 1 }
    default:
      return undefined
  }
}
