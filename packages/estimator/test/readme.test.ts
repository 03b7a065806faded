import { afterAll, expect, it } from 'vitest'
import { programsOf } from '../../../tests/code-blocks.js'
import { removePrograms, runProgram } from '../../../tests/programs.js'

afterAll(removePrograms)

it('runs the first example, shortened', async () => {
  const [program] = programsOf('packages/estimator/README.md')
  const recipe = "orThrow(preset('gated', shape, 2))"
  expect(program.code).toContain(recipe)
  const shortened = program.code
    .replace(recipe, `{ ...${recipe}, steps: 20 }`)
    .replace('console.log(learnedGraph(model).actions)', 'const edges = learnedGraph(model).actions')
  const { values } = await runProgram({ ...program, runnable: shortened }, ['edges'])
  expect(values.edges).toHaveLength(2)
})
