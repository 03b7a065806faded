import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, hexLength, resized, toggled, toHex } from '../src/page/state/edges.js'
import { initialState } from '../src/page/state/initial.js'
import { reduce } from '../src/page/state/reducer.js'
import { causalGraphOf, choiceOf } from '../src/page/state/state.js'

const tables = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(fc.constantFrom(0, 1), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows
    })
  )

describe('a table of edges', () => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const text = toHex(table)
        expect(text).toHaveLength(hexLength(table.length, table[0].length))
        expect(fromHex(text, table.length, table[0].length)).toEqual(table)
      })
    )
  })

  it('keeps the rows that a click does not touch', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const next = toggled(table, 0, 0)
        expect(next[0][0]).toBe(1 - table[0][0])
        next.slice(1).forEach((row, i) => {
          expect(row).toBe(table[i + 1])
        })
        expect(toggled(next, 0, 0)).toEqual(table)
      })
    )
  })

  it('keeps what fits when it is resized', () => {
    expect(resized([[1, 1]], 2, 1)).toEqual([[1], [0]])
  })
})

describe('the state', () => {
  const lagged = reduce(initialState, {
    type: 'graph',
    graph: {
      latents: [
        [1, 0, 0, 1],
        [1, 1, 1, 0]
      ],
      actions: [[1], [0]]
    },
    entry: 'two-lags'
  })

  it('takes a graph of any part, and gives it back', () => {
    expect(lagged.graph).toMatchObject({ latents: 2, lags: 2, actions: 1, entry: 'two-lags' })
    for (const graph of [{ latents: [[1]] }, { actions: [[1, 0]] }, { latents: [[1]], actions: [[0]] }])
      expect(causalGraphOf(choiceOf(graph))).toEqual(graph)
  })

  it('is no entry of the gallery any more once it is changed', () => {
    const next = reduce(lagged, { type: 'edge', part: 'time', row: 0, column: 3 })
    expect(next.graph.time).toEqual([
      [1, 0, 0, 0],
      [1, 1, 1, 0]
    ])
    expect(next.graph.entry).toBeUndefined()
  })

  it('keeps the edges of each lag when latents come and go', () => {
    const wider = reduce(lagged, { type: 'size', latents: 3 })
    expect(wider.graph.time).toEqual([
      [1, 0, 0, 0, 1, 0],
      [1, 1, 0, 1, 0, 0],
      [0, 0, 0, 0, 0, 0]
    ])
    expect(reduce(wider, { type: 'size', latents: 2 }).graph.time).toEqual(lagged.graph.time)
    expect(reduce(lagged, { type: 'size', lags: 1 }).graph.time).toEqual([
      [1, 0],
      [1, 1]
    ])
  })

  it('has no graph without time and actions', () => {
    const { graph } = reduce(lagged, { type: 'size', lags: 0, actions: 0 })
    expect(causalGraphOf(graph)).toBeUndefined()
  })

  it('takes new actions behind the old ones', () => {
    const { graph } = reduce(lagged, { type: 'new actions', targets: [[1], [0, 1]] })
    expect(graph.acting).toEqual([
      [1, 0, 1],
      [0, 1, 1]
    ])
  })
})
