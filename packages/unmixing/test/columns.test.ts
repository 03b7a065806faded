import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Columns, columnTable, usableRows } from '../src/columns.js'

const ROWS = 1000

/** A table of noise of three columns, room for what is computed behind them. */
const filled = (plain: boolean): Columns => {
  const table = columnTable(ROWS, 40, 12, plain)
  for (let j = 0; j < 3; j++) table.fill(j, (row) => 3 * Math.sin((row + 1) * (j + 1.3) * 12.9898))
  return table
}

describe('column arithmetic', () => {
  it('holds a multiple of eight rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (n) => usableRows(n) % 8 === 0 && n - usableRows(n) < 8)
    )
  })

  it.each([false, true])('takes sines and cosines to single precision; plain: %s', (plain) => {
    const table = columnTable(ROWS, 24, 4, plain)
    const angle = (row: number): number => (row - 500) / 40
    table.fill(0, angle)
    table.sines(0, 0.5, 9, 1)
    for (let k = 1; k <= 9; k++) {
      const [sin, cos] = [table.read(k), table.read(9 + k)]
      for (let row = 0; row < ROWS; row++) {
        const exact = 0.5 * k * Math.fround(angle(row))
        expect(Math.abs(sin[row] - Math.sin(exact))).toBeLessThan(4e-6)
        expect(Math.abs(cos[row] - Math.cos(exact))).toBeLessThan(4e-6)
      }
    }
  })

  it('gives the same with and without WebAssembly', () => {
    const results = [false, true].map((plain) => {
      const table = filled(plain)
      table.copy(0, 4, 3)
      table.combine(0, 3, [1, -2, 3, 0.5, 0.25, -1], 4, 2)
      table.addProducts(7, 0, 1, 2)
      return { gram: table.gram(0, 3), products: table.products(0, 3, 4, 4), moved: table.read(5) }
    })
    for (const name of ['gram', 'products', 'moved'] as const) {
      results[0][name].forEach((value, at) => {
        expect(value).toBeCloseTo(results[1][name][at], 1)
      })
    }
  })

  it('multiplies, combines and adds as plain loops do', () => {
    const table = filled(false)
    const columns = [0, 1, 2].map((j) => table.read(j))
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0)
    const gram = table.gram(0, 3)
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) expect(gram[3 * i + j]).toBeCloseTo(dot(columns[i], columns[j]), 1)
    }
    table.combine(0, 3, [1, 2, -1], 4, 1)
    table.addProducts(5, 0, 1, 2)
    const [sum, product] = [table.read(4), table.read(5)]
    for (let r = 0; r < ROWS; r++) {
      const [a, b, c] = columns.map((column) => column[r])
      expect(sum[r]).toBeCloseTo(a + 2 * b - c, 4)
      expect(product[r]).toBeCloseTo(a * b + b * c, 4)
    }
    table.clear(4, 2)
    expect(Math.max(...table.read(4), ...table.read(5))).toBe(0)
  })
})
