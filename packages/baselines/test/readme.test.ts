import { afterAll, expect, it } from 'vitest'
import { programsOf } from '../../../tests/code-blocks.js'
import { removePrograms, runProgram } from '../../../tests/programs.js'

afterAll(removePrograms)

it('runs the first example, shortened, and prints what it says', async () => {
  const [program] = programsOf('packages/baselines/README.md')
  expect(program.code).toContain('steps: 1000')
  const shortened = program.code.replace('steps: 1000', 'steps: 20')
  const { printed } = await runProgram({ ...program, runnable: shortened })
  expect(printed).toEqual(['[ 1, 2 ]'])
})
