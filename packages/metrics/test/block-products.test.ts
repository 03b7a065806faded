import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembledProducts, type BlockProducts, plainProducts, TILE } from '../src/internal/block-products.js'

/** Rows times columns, the spare room of a tile, means and a tile: what the largest block below needs. */
const MOST = 9 * 40 + TILE + 9 + TILE * TILE
const assembled = assembledProducts(MOST)!
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })

/** Centres a block of rows and multiplies its first columns with its last ones. */
const work = (products: BlockProducts, block: readonly number[], width: number): Float64Array => {
  const rows = block.length / width
  const means = block.length + TILE
  const out = means + width
  products.numbers.set(block)
  products.numbers.fill(0, block.length, means)
  products.centre(0, width, rows, means)
  products.tile(0, width, Math.max(0, width - TILE), width, rows, out)
  return products.numbers.slice(0, out + TILE * TILE)
}

describe('the assembled block products', () => {
  it('are the numbers that JavaScript gives', () => {
    const blocks = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 }))
      .chain(([width, rows]) =>
        fc.tuple(fc.constant(width), fc.array(number, { minLength: width * rows, maxLength: width * rows }))
      )
    fc.assert(
      fc.property(blocks, ([width, block]) => {
        expect(work(assembled, block, width)).toEqual(work(plainProducts(MOST), block, width))
      })
    )
  })
})
