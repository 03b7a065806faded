import { generator } from '@mechid/random'
import { describe, expect, it } from 'vitest'
import { assembledPasses, plainPasses } from '../src/data-set/lines.js'

const assembled = assembledPasses()!

/** Widths on both sides of a strip, of a four, and of what the module takes. */
const sizes = [
  [1, 5000],
  [3, 1500],
  [8, 700],
  [20, 2000],
  [21, 411],
  [1024, 9],
  [1025, 9],
  [20, 3]
] as const

const numbers = (count: number, seed: number): Float32Array => {
  const x = new Float32Array(count)
  generator(seed).fillNormal(x)
  return x
}

describe.each(sizes)('lines of %d numbers, %d of them', (width, lines) => {
  const data = numbers(width * lines, width)
  const mean = Float64Array.from(numbers(width, 1))

  it('have the sums that JavaScript gives, also of some lines and on top of others', () => {
    const [fast, plain] = [assembled, plainPasses].map(({ addSums, addSquares }) => {
      const sums = Float64Array.from({ length: width }, (_, j) => j / 3)
      addSums(data, 0, data.length, sums)
      addSums(data, width, data.length - width, sums)
      const squares = new Float64Array(width)
      addSquares(mean)(data, width, data.length, squares)
      return [sums, squares]
    })
    expect(fast).toEqual(plain)
  })

  it('are standardized to the numbers that JavaScript gives, from one stream', () => {
    const inverse = Float64Array.from({ length: width }, (_, j) => 1 / (1 + (j % 7)))
    const [fast, plain] = [assembled, plainPasses].map(({ standardizeWithNoise }) => {
      const x = data.slice()
      const random = generator(9)
      standardizeWithNoise(x, mean, inverse, 0.01, random)
      return [x, random.uniform()]
    })
    expect(fast).toEqual(plain)
  })
})

it('adds up what it says', () => {
  const sums = new Float64Array(2)
  const data = Float32Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 1 : i))
  assembled.addSums(data, 0, data.length, sums)
  expect([...sums]).toEqual([1000, 1_000_000])
  const squares = new Float64Array(2)
  assembled.addSquares(Float64Array.of(3, 0))(data, 0, data.length, squares)
  expect(squares[0]).toBe(4000)
})
