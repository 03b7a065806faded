/** A table of 0 and 1 to click: one button a cell, one of them in the order of tabs, arrow keys between them. */
import type { EdgeTable } from '@mechid/values'
import { memo } from 'preact/compat'
import { useRef, useState } from 'preact/hooks'
import { type Cell, steppedCell } from '../elements/roving.js'

interface Props {
  readonly caption: string
  readonly reading: string
  readonly table: EdgeTable
  /** Names of the columns; rows are latents. */
  readonly columns: ReadonlyArray<string>
  /** In words: what an edge from this column is. */
  readonly causeOf: (column: number) => string
  /** Must be the same function from render to render, so that only changed rows are drawn again. */
  readonly onToggle: (row: number, column: number) => void
}

interface RowProps {
  readonly row: number
  readonly entries: ReadonlyArray<number>
  /** The column whose cell is in the order of tabs; −1: none of this row. */
  readonly reachable: number
  readonly causeOf: (column: number) => string
  readonly onToggle: (row: number, column: number) => void
}

const Row = memo(({ row, entries, reachable, causeOf, onToggle }: RowProps) => (
  <tr>
    <th scope="row">z{row}</th>
    {entries.map((entry, column) => (
      <td key={column}>
        <button
          type="button"
          class="cell"
          aria-pressed={entry === 1}
          aria-label={`${causeOf(column)} to z${row}`}
          tabIndex={column === reachable ? 0 : -1}
          data-row={row}
          data-column={column}
          onClick={() => onToggle(row, column)}
        />
      </td>
    ))}
  </tr>
))

export const EdgeGrid = ({ caption, reading, table, columns, causeOf, onToggle }: Props) => {
  const body = useRef<HTMLTableSectionElement>(null)
  const [wanted, setReachable] = useState<Cell>({ row: 0, column: 0 })
  const reachable = {
    row: Math.min(wanted.row, table.length - 1),
    column: Math.min(wanted.column, columns.length - 1)
  }
  const cellAt = ({ row, column }: Cell): HTMLElement | null | undefined =>
    body.current?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`)
  const move = (event: KeyboardEvent): void => {
    const next = steppedCell(event, reachable, table.length, columns.length)
    if (next === undefined) return
    event.preventDefault()
    setReachable(next)
    cellAt(next)?.focus()
  }
  const focused = ({ target }: FocusEvent): void => {
    const { row, column } = (target as HTMLElement).dataset
    if (row !== undefined && column !== undefined) setReachable({ row: Number(row), column: Number(column) })
  }
  return (
    <div class="grid">
      <h2>{caption}</h2>
      <p class="quiet small">{reading}</p>
      <div class="scroll">
        <table aria-label={`${caption}. ${reading}`}>
          <thead>
            <tr>
              <td />
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={move} onFocusCapture={focused}>
            {table.map((entries, row) => (
              <Row
                key={row}
                row={row}
                entries={entries}
                reachable={row === reachable.row ? reachable.column : -1}
                causeOf={causeOf}
                onToggle={onToggle}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
