import { readFileSync } from 'node:fs'
import { formatWithOptions } from 'node:util'
import * as mechanisms from '@mechid/mechanisms'
import * as shared from '@mechid/values'
import ts from 'typescript'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const values: Readonly<Record<string, unknown>> = { ...face }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const modules: Readonly<Record<string, unknown>> = {
  '@mechid/algebra': face,
  '@mechid/mechanisms': mechanisms,
  '@mechid/values': shared
}

const examples = readme
  .split('```ts\n')
  .slice(1)
  .map((block) => block.split('```')[0])

/** What the example prints, line by line. */
const run = (code: string): string[] => {
  const printed: string[] = []
  const program = ts.transpile(code, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 })
  new Function('require', 'exports', 'console', program)(
    (from: string) => modules[from],
    {},
    {
      log: (...shown: unknown[]) =>
        printed.push(...formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...shown).split('\n'))
    }
  )
  return printed
}

/** What comments beside or below \`console.log\` say that it prints. */
const promisedBy = (code: string): string[] =>
  [...code.matchAll(/console\.log\(.*\)(?: \/\/ |\n\/\/ )(.*)/g)].map(([, text]) => text)

it('has examples', () => {
  expect(examples.length).toBe(3)
  expect(examples.flatMap(promisedBy).length).toBe(10)
})

it.each(examples)('prints what it promises: %#', (code) => {
  const printed = run(code)
  for (const text of promisedBy(code)) expect(printed).toContain(text)
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  expect(Object.keys(values).filter((name) => !index.includes(`\`${name}\``))).toEqual([])
})
