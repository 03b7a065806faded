import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import * as shared from '@mechid/values'
import { afterAll, expect, it } from 'vitest'
import * as face from '../src/index.js'

const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '@mechid/recordings': { ...face },
  '@mechid/values': { ...shared },
  'node:fs': { ...fs }
}
const readme = fs.readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const folder = fs.mkdtempSync(join(tmpdir(), 'recordings-readme-'))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const IMPORT = /^import \{([^}]*)\} from '([^']*)'\n/gm
const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor

it('prints what its program says', async () => {
  const code = readme.split('```ts\n')[1].split('```')[0]
  const imports = [...code.matchAll(IMPORT)].flatMap(([, list, from]) =>
    list.split(',').map((name) => [name.trim(), modules[from][name.trim()]] as const)
  )
  const body = code
    .replaceAll(IMPORT, '')
    .replaceAll("'monday.csv'", JSON.stringify(join(folder, 'monday.csv')))
  const printed: string[] = []
  const log = (...shown: readonly unknown[]): void => {
    printed.push(shown.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '))
  }
  await new AsyncFunction('console', ...imports.map(([name]) => name), body)(
    { log },
    ...imports.map(([, value]) => value)
  )
  const promised = [...code.matchAll(/console\.log\(.*?\) \/\/ (.*)$/gm)].map(([, line]) => line)
  expect(promised).toHaveLength(3)
  expect(printed).toEqual(promised)
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  expect(Object.keys(face).filter((name) => !index.includes(`\`${name}\``))).toEqual([])
})
