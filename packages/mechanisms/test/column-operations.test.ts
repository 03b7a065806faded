import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columns } from '../src/index.js'
import { assembledColumns, plainOperations } from '../src/readings/column-operations.js'
import { sine } from '../src/readings/sine.js'

const anyNumber = fc.oneof(
  fc.double(),
  fc.double({ min: -30, max: 30, noNaN: true }),
  fc.integer({ min: -40_000, max: 40_000 }).map((n) => n * Math.PI)
)

const ROWS = 301

/** Two operands, an operand that lies in no column of the memory, and room for a result. */
const assembled = (x: readonly number[], y: readonly number[]) => {
  const memory = assembledColumns(ROWS, 3)
  if (memory === undefined) throw new Error('this host runs WebAssembly with SIMD')
  const [first, second, out] = memory.columns
  first.set(x)
  second.set(y)
  return { ...memory, first, second, out }
}

const column = fc.array(anyNumber, { minLength: ROWS, maxLength: ROWS })

describe('the assembled operations', () => {
  it.each(['add', 'sub', 'mul'] as const)('give the numbers of JavaScript: %s', (operation) => {
    fc.assert(
      fc.property(column, column, (x, y) => {
        const { operations, first, second, out } = assembled(x, y)
        const expected = new Float64Array(ROWS)
        plainOperations[operation](first, second, expected)
        operations[operation](first, second, out)
        expect(out).toEqual(expected)
        operations[operation](Float64Array.from(x), second, out.fill(0))
        expect(out).toEqual(expected)
      }),
      { numRuns: 30 }
    )
  })

  it.each(['addConstant', 'subFromConstant', 'mulConstant'] as const)(
    'give the numbers of JavaScript: %s',
    (operation) => {
      fc.assert(
        fc.property(column, anyNumber, (x, c) => {
          const { operations, first, out } = assembled(x, x)
          const expected = new Float64Array(ROWS)
          plainOperations[operation](first, c, expected)
          operations[operation](first, c, out)
          expect(out).toEqual(expected)
        }),
        { numRuns: 30 }
      )
    }
  )

  it('give the numbers of JavaScript: sin, also in place and from elsewhere', () => {
    fc.assert(
      fc.property(column, (x) => {
        const { operations, first, out } = assembled(x, x)
        const expected = Float64Array.from(x, sine)
        operations.sin(first, out)
        expect(out).toEqual(expected)
        operations.sin(Float64Array.from(x), out.fill(0))
        expect(out).toEqual(expected)
        operations.sin(first, first)
        expect(first).toEqual(expected)
      }),
      { numRuns: 50 }
    )
  })
})

describe('scratch columns', () => {
  it('give the same numbers before and after they lie in one memory, also when more are needed than before', () => {
    const F = columns(100)
    const angles = Float64Array.from({ length: 100 }, (_, i) => i / 7)
    const evaluated = (terms: number): number[] => {
      F.reset()
      const x = F.column()
      x.set(angles)
      let sum = F.zero
      for (let k = 1; k <= terms; k++) sum = F.add(sum, F.sin(F.sub(F.lit(k), F.mul(F.lit(k / 2), x))))
      return [...(sum as Float64Array)]
    }
    const expected = (terms: number): number[] =>
      [...angles].map((x) => {
        let sum = 0
        for (let k = 1; k <= terms; k++) sum += sine(k - x * (k / 2))
        return sum
      })
    for (const terms of [3, 3, 3, 9, 9, 2]) expect(evaluated(terms)).toEqual(expected(terms))
  })
})
