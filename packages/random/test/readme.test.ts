import { afterAll, expect, it } from 'vitest'
import { programsOf } from '../../../tests/code-blocks.js'
import { removePrograms, runProgram } from '../../../tests/programs.js'

afterAll(removePrograms)

it('runs the first example', async () => {
  const [program] = programsOf('packages/random/README.md')
  const { block, order } = (await runProgram(program, ['block', 'order'])).values as {
    block: Float64Array
    order: Uint32Array
  }
  expect(block.some((x) => x !== 0)).toBe(true)
  expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})
