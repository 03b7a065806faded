import { readFileSync } from 'node:fs'
import * as shared from '@mechid/values'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const values: Readonly<Record<string, unknown>> = { ...face }

const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '@mechid/mechanisms': values,
  '@mechid/values': { ...shared }
}

const IMPORT = /import \{([^}]*)\} from '([^']*)'\n/g

/** Names and values that a program imports. */
const importsOf = (code: string): (readonly [name: string, value: unknown])[] =>
  [...code.matchAll(IMPORT)].flatMap(([, list, from]) =>
    list.split(',').map((name) => [name.trim(), modules[from]?.[name.trim()]] as const)
  )

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('runs the first example', () => {
  const code = readme.split('```ts\n')[1].split('```')[0]
  const imports = importsOf(code)
  expect(imports.filter(([, value]) => value === undefined)).toEqual([])
  const names = imports.map(([name]) => name)
  const run = new Function(...names, `${code.replaceAll(IMPORT, '')}; return { slopes, graph, written }`)
  const { slopes, graph, written } = run(...imports.map(([, value]) => value))
  // One step of the linearized pendulum: the trace of its Jacobian is near 2, the determinant near 1.
  const [[a, b], [c, d]] = slopes
  expect(a * d - b * c).toBeCloseTo(1, 6)
  expect(a + d).toBeCloseTo(2 * Math.cos(0.05 * Math.sqrt(9.81 * Math.cos(0.3))), 3)
  expect(code).toContain(`// ${format(graph)}`)
  expect(code).toContain(`// ${written[0]}`)
})

/** As the comments in the example write it. */
const format = ({ latents, actions }: { latents: number[][]; actions: number[][] }): string => {
  const rows = (table: number[][]): string => JSON.stringify(table).replaceAll(',', ', ')
  return `{ latents: ${rows(latents)}, actions: ${rows(actions)} }`
}

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  expect(Object.keys(values).filter((name) => !index.includes(`\`${name}`))).toEqual([])
})
