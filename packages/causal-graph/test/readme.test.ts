import { readFileSync } from 'node:fs'
import { formatWithOptions } from 'node:util'
import * as mechanisms from '@mechid/mechanisms'
import * as vocabulary from '@mechid/values'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const values: Readonly<Record<string, unknown>> = { ...face }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const modules: Readonly<Record<string, unknown>> = {
  '@mechid/causal-graph': face,
  '@mechid/mechanisms': mechanisms,
  '@mechid/values': vocabulary
}

const examples = readme
  .split('```ts\n')
  .slice(1)
  .map((block) => block.split('```')[0])

/** What the example prints, line by line. */
const run = (code: string): string[] => {
  const printed: string[] = []
  const program = code.replaceAll(
    /import \{([^}]*)\} from '([^']*)'/g,
    (_, names: string, from: string) => `const {${names.replaceAll(' as ', ': ')}} = modules['${from}']`
  )
  new Function('modules', 'console', program)(modules, {
    log: (...values: unknown[]) =>
      printed.push(...formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values).split('\n'))
  })
  return printed
}

/** What comments beside or below \`console.log\` say that it prints. */
const promisedBy = (code: string): string[] =>
  [...code.matchAll(/console\.log\(.*\)(?: \/\/ |\n\/\/ )(.*)/g)].map(([, text]) => text)

it('has examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(3)
  expect(examples.flatMap(promisedBy).length).toBeGreaterThan(7)
  expect(run(examples[0]).join('\n')).toContain('z0, z1 are not told apart')
})

it.each(examples)('prints what it promises: %#', (code) => {
  const printed = run(code)
  for (const text of promisedBy(code)) expect(printed).toContain(text)
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  const forgotten = Object.keys(values).filter((name) => !index.includes(`\`${name}`))
  expect(forgotten).toEqual([])
})
