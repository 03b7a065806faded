/** How a table is written: which character stands between cells, which before decimals, whether gzip packed it. */

/** A table's dialect. */
export interface TableFormat {
  readonly delimiter: ',' | ';' | '\t' | '|'
  readonly decimal: '.' | ','
  readonly compressed: boolean
}

const DELIMITERS = [',', ';', '\t', '|'] as const
const LINES = 20
const DECIMAL_COMMA = /^\s*[+-]?\d*,\d+([eE][+-]?\d+)?\s*$/
const DECIMAL_POINT = /^\s*[+-]?\d*\.\d+([eE][+-]?\d+)?\s*$/

/** The cells of a line, quotes respected. */
const cellsOf = (line: string, delimiter: string): string[] => {
  const cells: string[] = []
  let quoted = false
  let from = 0
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') quoted = !quoted
    else if (line[i] === delimiter && !quoted) {
      cells.push(line.slice(from, i))
      from = i + 1
    }
  }
  cells.push(line.slice(from))
  return cells
}

/** Lines that have as many cells as the header, where it has more than one. */
const fitting = (lines: readonly string[], delimiter: string): number => {
  const width = cellsOf(lines[0], delimiter).length
  return width === 1 ? 0 : lines.filter((line) => cellsOf(line, delimiter).length === width).length
}

/**
 * The dialect of a table by its first lines: the delimiter that cuts most of them into as many cells as the header,
 * the comma where several do equally; a decimal comma where cells are written so and none has a point.
 */
export const tableFormat = (beginning: string, compressed: boolean): TableFormat => {
  const lines = beginning
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, LINES)
  if (lines.length === 0) return { delimiter: ',', decimal: '.', compressed }
  const scores = DELIMITERS.map((delimiter) => fitting(lines, delimiter))
  const delimiter = DELIMITERS[scores.indexOf(Math.max(...scores))]
  const cells = lines.slice(1).flatMap((line) => cellsOf(line, delimiter))
  const comma =
    delimiter !== ',' &&
    cells.some((cell) => DECIMAL_COMMA.test(cell)) &&
    !cells.some((cell) => DECIMAL_POINT.test(cell))
  return { delimiter, decimal: comma ? ',' : '.', compressed }
}
