import { afterAll, expect, it } from 'vitest'
import { programsOf } from '../../../tests/code-blocks.js'
import { removePrograms, runProgram } from '../../../tests/programs.js'

const programs = programsOf('packages/metrics/README.md')
afterAll(removePrograms)

/** Runs a program and gives what it defined. */
const run = async (index: number): Promise<Readonly<Record<string, unknown>>> => {
  const program = programs[index]
  const defined = [...program.code.matchAll(/^const (\w+)/gm)].map(([, name]) => name)
  return (await runProgram(program, defined)).values
}

it('runs the first example', async () => {
  expect(await run(0)).toMatchObject({
    score: { _tag: 'Right', right: { assignment: [1, 0] } },
    chance: { _tag: 'Right' },
    all: { _tag: 'Right' },
    distance: { right: { shd: 2, falsePositives: 1, falseNegatives: 1 } }
  })
})

it('runs the example of regressions', async () => {
  const { smooth, flattered, gap, trees, split } = await run(1)
  for (const score of [smooth, gap]) {
    expect((score as { right: { value: number } }).right.value).toBeGreaterThan(0.9)
  }
  expect([flattered, trees]).toMatchObject([{ _tag: 'Right' }, { _tag: 'Right' }])
  expect(split).toMatchObject({ right: { fit: { length: 320 }, score: { length: 80 } } })
})

it('runs the example of models and simulators', async () => {
  const { ranking, agreement, votes, linear } = await run(2)
  expect(ranking).toMatchObject({
    right: { scores: [expect.closeTo(1, 0), expect.anything(), expect.anything()] }
  })
  expect(agreement).toMatchObject({ right: { value: expect.closeTo(1, 0) } })
  expect(votes).toMatchObject({ right: { value: 1, inSample: 1, chance: 0.5 } })
  expect(linear).toMatchObject({ right: { value: 1 } })
  expect(programs.length).toBe(3)
})
