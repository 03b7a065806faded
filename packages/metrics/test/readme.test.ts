import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const values: Readonly<Record<string, unknown>> = { ...face }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const blocks = readme
  .split('```ts\n')
  .slice(1)
  .map((part) => part.split('```')[0])

/** Runs a block and gives what it defined; `as const` is all of TypeScript that the blocks use. */
const run = (code: string): Record<string, unknown> => {
  const [line, list] = /^import \{([^}]*)\} from '@mechid\/metrics'\n/.exec(code) ?? ['', '']
  const names = list.split(',').map((name) => name.trim())
  const plain = code.slice(line.length).replaceAll(' as const', '')
  const defined = [...plain.matchAll(/^const (\w+)/gm)].map((match) => match[1])
  const body = new Function(...names, `${plain}; return { ${defined.join(', ')} }`)
  return body(...names.map((name) => values[name]))
}

it('runs the first example', () => {
  expect(run(blocks[0])).toMatchObject({
    score: { _tag: 'Right', right: { assignment: [1, 0] } },
    chance: { _tag: 'Right' },
    all: { _tag: 'Right' },
    distance: { right: { shd: 2, falsePositives: 1, falseNegatives: 1 } }
  })
})

it('runs the example of regressions', () => {
  const { smooth, flattered, gap, trees, split } = run(blocks[1])
  for (const score of [smooth, gap]) {
    expect((score as { right: { value: number } }).right.value).toBeGreaterThan(0.9)
  }
  expect([flattered, trees]).toMatchObject([{ _tag: 'Right' }, { _tag: 'Right' }])
  expect(split).toMatchObject({ right: { fit: { length: 320 }, score: { length: 80 } } })
})

it('runs the example of models and simulators', () => {
  const { ranking, agreement, votes, linear } = run(blocks[2])
  expect(ranking).toMatchObject({
    right: { scores: [expect.closeTo(1, 0), expect.anything(), expect.anything()] }
  })
  expect(agreement).toMatchObject({ right: { value: expect.closeTo(1, 0) } })
  expect(votes).toMatchObject({ right: { value: 1, inSample: 1, chance: 0.5 } })
  expect(linear).toMatchObject({ right: { value: 1 } })
  expect(blocks.length).toBe(3)
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  const lasting = Object.keys(values)
  expect(lasting.filter((name) => !index.includes(`\`${name}\``))).toEqual([])
})
