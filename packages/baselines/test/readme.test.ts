import { readFileSync } from 'node:fs'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const { encodeBaseline, iVae, trainBaseline } = face

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const Asynchronous = Object.getPrototypeOf(async () => undefined).constructor

it('runs the first example, shortened, and prints what it says', async () => {
  const code = readme
    .split('```ts\n')[1]
    .split('```')[0]
    .replace(/^import .*\n/gm, '')
    .replace('steps: 1000', 'steps: 20')
  const printed: unknown[] = []
  const console = { log: (...values: unknown[]) => printed.push(...values) }
  const run = new Asynchronous('encodeBaseline', 'iVae', 'trainBaseline', 'orThrow', 'console', code)
  await run(encodeBaseline, iVae, trainBaseline, orThrow, console)
  expect(printed).toEqual([[1, 2]])
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  expect(Object.keys(face).filter((name) => !index.includes(`\`${name}`))).toEqual([])
})
