import { readFileSync } from 'node:fs'
import { orThrow } from '@mechid/values'
import * as TE from 'fp-ts/lib/TaskEither.js'
import ts from 'typescript'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const Asynchronous = Object.getPrototypeOf(async () => undefined).constructor

it('runs the example, which prints what it says', async () => {
  const whole = readme.split('```ts\n')[1].split('```')[0]
  const code = ts.transpileModule(whole.replace(/^import .*\n/gm, ''), {
    compilerOptions: { target: ts.ScriptTarget.ES2022 }
  }).outputText
  const printed: string[] = []
  const known = { ...face, orThrow, TE, console: { log: (line: string) => printed.push(line) } }
  await new Asynchronous(...Object.keys(known), code)(...Object.values(known))
  expect(printed).toHaveLength(2)
  for (const line of printed) expect(whole).toContain(`// ${line}\n`)
})

it('names every public value and type in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  const source = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8')
  const names = [...source.matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) =>
    list.split(',').map((name) => name.replace('type ', '').trim())
  )
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !index.includes(`\`${name}\``))).toEqual([])
})
