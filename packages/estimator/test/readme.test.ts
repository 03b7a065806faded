import { readFileSync } from 'node:fs'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const { learnedGraph, preset, train } = face

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const Asynchronous = Object.getPrototypeOf(async () => undefined).constructor

it('runs the first example, shortened', async () => {
  const code = readme
    .split('```ts\n')[1]
    .split('```')[0]
    .replace(/^import .*\n/gm, '')
  const shortened = (...args: Parameters<typeof preset>) =>
    E.map((recipe: face.Recipe): face.Recipe => ({ ...recipe, steps: 20 }))(preset(...args))
  const printed: unknown[] = []
  const console = { log: (...values: unknown[]) => printed.push(...values) }
  const run = new Asynchronous('learnedGraph', 'preset', 'train', 'orThrow', 'console', code)
  await run(learnedGraph, shortened, train, orThrow, console)
  expect(printed).toHaveLength(1)
  expect(printed[0]).toHaveLength(2)
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  const names = Object.keys(face)
  expect(names.filter((name) => !index.includes(`\`${name}`))).toEqual([])
})
