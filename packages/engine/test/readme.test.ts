import { afterAll, expect, it } from 'vitest'
import { programsOf } from '../../../tests/code-blocks.js'
import { removePrograms, runProgram } from '../../../tests/programs.js'

afterAll(removePrograms)

it('runs the example, which prints what it says', async () => {
  const [program] = programsOf('packages/engine/README.md')
  const { printed } = await runProgram(program)
  expect(printed).toHaveLength(2)
  for (const line of printed) expect(program.code).toContain(`// ${line}\n`)
})
