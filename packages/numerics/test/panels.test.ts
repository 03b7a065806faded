import { generator } from '@mechid/random'
import { expect, it } from 'vitest'
import {
  innerProducts,
  largeProduct,
  multiply,
  tabulated,
  transposed,
  weightedProducts
} from '../src/index.js'
import { assembledPanels, plainPanels, STEPS } from '../src/products/panel-products.js'
import { assembledRowPairs, plainRowPairs } from '../src/spectra/row-pairs.js'
import { distance, normal } from './matrices.js'

const random = generator(7)

it('WebAssembly and JavaScript give the same numbers', () => {
  const size = 5 * 4 * STEPS + 6 * 16
  const [quick, plain] = [assembledPanels(size), plainPanels(size)]
  if (quick === undefined) throw new Error('no WebAssembly here')
  random.fillNormal(plain.numbers)
  quick.numbers.set(plain.numbers)
  for (const { products } of [quick, plain]) {
    products(0, 2, 8 * STEPS, 3, 20 * STEPS, STEPS, false)
    products(0, 2, 8 * STEPS, 3, 20 * STEPS, 100, true)
  }
  expect(Array.from(quick.numbers.subarray(0, size))).toEqual(Array.from(plain.numbers))
})

it('passes over row pairs give the same numbers in both', () => {
  const [quick, plain] = [assembledRowPairs(9), plainRowPairs(9)]
  if (quick === undefined) throw new Error('no WebAssembly here')
  for (const part of ['a', 'v', 'p'] as const) {
    random.fillNormal(plain[part])
    quick[part].set(plain[part])
  }
  for (const pairs of [plain, quick]) {
    pairs.times(4)
    pairs.update(4)
  }
  for (const part of ['a', 'v', 'p'] as const)
    expect(Array.from(quick[part])).toEqual(Array.from(plain[part]))
})

it.each([
  [1, 1, 1],
  [7, 300, 5],
  [50, 513, 9]
])('products of %i × %i × %i are those of the plain loops', (rows, inner, columns) => {
  const [a, b] = [normal(rows, inner), normal(inner, columns)]
  expect(distance(largeProduct(a, b), multiply(a, b))).toBeLessThan(1e-10)
  expect(distance(innerProducts(transposed(a), b), multiply(a, b))).toBeLessThan(1e-10)
})

it('weighted products are sums over passes and rows', () => {
  const [n, rows] = [6, 300]
  const wanted = [
    { left: 0, right: 1, symmetric: false },
    { left: 1, right: 1, symmetric: true },
    { left: 0, right: 0, symmetric: true },
    { left: 1, right: 0, symmetric: false }
  ]
  const passes = [0, 1].map(() => ({
    tables: [normal(rows, n, random).data, normal(rows, n, random).data],
    weights: [normal(rows, 1, random).data, normal(rows, 1, random).data, 'one', 'zero'] as const
  }))
  const found = weightedProducts(n, 2, wanted, passes)
  wanted.forEach(({ left, right }, k) => {
    const expected = tabulated(n, n, (i, j) =>
      passes.reduce((sum, { tables, weights }) => {
        const w = weights[k]
        let own = 0
        for (let s = 0; s < rows; s++) {
          const weight = w === 'one' ? 1 : w === 'zero' ? 0 : w[s]
          own += weight * tables[left][s * n + i] * tables[right][s * n + j]
        }
        return sum + own
      }, 0)
    )
    expect(distance({ data: found[k], shape: [n, n] }, expected)).toBeLessThan(1e-10)
  })
})
