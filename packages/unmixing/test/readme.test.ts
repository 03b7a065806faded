import type { Either } from 'fp-ts/lib/Either.js'
import { afterAll, expect, it } from 'vitest'
import { programsOf } from '../../../tests/code-blocks.js'
import { removePrograms, runProgram } from '../../../tests/programs.js'
import type { Unmixed } from '../src/index.js'

afterAll(removePrograms)

it('runs the example', async () => {
  const [program] = programsOf('packages/unmixing/README.md')
  const answer = (await runProgram(program, ['answer'])).values.answer as Either<unknown, Unmixed>
  if (answer._tag === 'Left') throw new Error(String(answer.left))
  expect(answer.right.found).toEqual([true, true])
  expect(answer.right.graph.latents!.flat().reduce((a, b) => a + b, 0)).toBe(3)
})
