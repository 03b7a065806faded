import { readFileSync } from 'node:fs'
import { format } from 'node:util'
import * as shared from '@mechid/values'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const packages: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'model-selection': { ...face },
  values: { ...shared }
}

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const blocks = readme
  .split('```ts\n')
  .slice(1)
  .map((part) => part.split('```')[0])

const IMPORT = /^import \{([^}]*)\} from '@mechid\/([\w-]+)'\n/gm

/** Runs a block and gives what it prints; `as const` is all of TypeScript that it uses. */
const run = (code: string): string[] => {
  const imports = [...code.matchAll(IMPORT)].flatMap(([, list, from]) =>
    list.split(',').map((name) => [name.trim(), packages[from][name.trim()]] as const)
  )
  const printed: string[] = []
  const body = new Function(
    'console',
    ...imports.map(([name]) => name),
    code.replace(IMPORT, '').replaceAll(' as const', '')
  )
  body(
    { log: (...values: unknown[]) => printed.push(format(...values)) },
    ...imports.map(([, value]) => value)
  )
  return printed
}

it('prints what it says', () => {
  const promised = [...blocks[0].matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, line]) => line)
  expect(promised).toHaveLength(2)
  expect(run(blocks[0])).toEqual(promised)
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  expect(Object.keys(face).filter((name) => !index.includes(`\`${name}\``))).toEqual([])
})
