import { readFileSync } from 'node:fs'
import { orThrow as made, scaling } from '@mechid/mechanisms'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const values: Readonly<Record<string, unknown>> = { ...face }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('runs the first example', () => {
  const code = readme
    .split('```ts\n')[1]
    .split('```')[0]
    .replace(/^import [^']*'[^']*'\n/gm, '')
  const run = new Function(
    ...Object.keys(values),
    'made',
    'scaling',
    `${code}; return { scaled, moved, resonant, written }`
  )
  const { scaled, moved, resonant, written } = run(...Object.values(values), made, scaling)
  expect(scaled).toMatchObject({ right: { dimension: 2 } })
  expect(moved).toMatchObject({ right: { dimension: 1 } })
  expect(resonant.dimension).toBe(3)
  const promised = /const written = .*\/\/ (\[.*\])/.exec(readme)?.[1].replaceAll("'", '"')
  expect(written).toEqual(JSON.parse(promised ?? ''))
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  expect(Object.keys(values).filter((name) => !index.includes(`\`${name}\``))).toEqual([])
})
