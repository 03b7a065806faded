import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('runs the example', async () => {
  const [code] = readme.split('```ts\n')[1].split('```')
  const body = code.replace(/^import .*\n/, '')
  const run = new Function('unmix', `return (async () => { ${body}; return answer })()`)
  const answer = await run(face.unmix)
  expect(answer).toMatchObject({ _tag: 'Right' })
  const { graph, found } = answer.right as face.Unmixed
  expect(found).toEqual([true, true])
  expect(graph.latents!.flat().reduce((a, b) => a + b, 0)).toBe(3)
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  const lasting = Object.keys(face)
  expect(lasting.filter((name) => !index.includes(`\`${name}`))).toEqual([])
})
