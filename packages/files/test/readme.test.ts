import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as shared from '@mechid/values'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as face from '../src/index.js'

const values: Readonly<Record<string, unknown>> = { ...face }

const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '@mechid/files': values,
  '@mechid/values': { ...shared }
}

const IMPORT = /import \{([^}]*)\} from '([^']*)'\n/g

/** Names and values that a program imports. */
const importsOf = (code: string): ReadonlyArray<readonly [name: string, value: unknown]> =>
  [...code.matchAll(IMPORT)].flatMap(([, list, from]) =>
    list.split(',').map((name) => [name.trim(), modules[from]?.[name.trim()]] as const)
  )

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'readme-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor

/** Runs example number `index` with its files in the test's folder; answers what it prints. */
const run = async (index: number): Promise<unknown[]> => {
  const code = readme.split('```ts\n')[index + 1].split('```')[0]
  const imports = importsOf(code)
  expect(imports.filter(([, value]) => value === undefined)).toEqual([])
  const body = code
    .replaceAll(IMPORT, '')
    .replace(/'(\w+\.npz)'/g, (_, name) => JSON.stringify(join(folder, name)))
  const printed: unknown[] = []
  const example = new AsyncFunction(...imports.map(([name]) => name), 'console', body)
  await example(...imports.map(([, value]) => value), {
    log: (...shown: unknown[]) => printed.push(...shown)
  })
  return printed
}

it('runs the first example', async () => {
  expect(await run(0)).toEqual([[3, 2]])
})

it('runs the example with blocks of rows', async () => {
  expect(await run(1)).toEqual([[100_000, 20], 98, 99])
})

it('runs the example without a disk', async () => {
  expect(await run(2)).toEqual([3])
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  expect(Object.keys(values).filter((name) => !index.includes(`\`${name}\``))).toEqual([])
})
