import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const values: Readonly<Record<string, unknown>> = { ...face }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('runs the first example', () => {
  const code = readme.split('```ts\n')[1].split('```')[0]
  const [line, list] = /^import \{([^}]*)\} from '@mechid\/causal-graph'\n/.exec(code) ?? ['', '']
  const names = list.split(',').map((name) => name.trim())
  const printed: unknown[] = []
  const run = new Function(...names, 'console', `${code.slice(line.length)}; return { allowed, picture }`)
  const { allowed, picture } = run(...names.map((name) => values[name]), {
    log: (value: unknown) => printed.push(value)
  })
  expect(printed.slice(0, 2)).toEqual(['partial', [[0, 1], [2]]])
  expect(printed[2]).toContain('z0, z1 are not told apart')
  expect(allowed).toBe(true)
  expect(picture).toContain('a0 --> z1')
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  const forgotten = Object.keys(values).filter((name) => !index.includes(`\`${name}`) && name !== 'orThrow')
  expect(forgotten).toEqual([])
})
