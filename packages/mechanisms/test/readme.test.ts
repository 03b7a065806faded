import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as face from '../src/index.js'

const values: Readonly<Record<string, unknown>> = { ...face }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('runs the first example', () => {
  const code = readme.split('```ts\n')[1].split('```')[0]
  const [line, list] = /^import \{([^}]*)\} from '@mechid\/mechanisms'\n/.exec(code) ?? ['', '']
  const names = list.split(',').map((name) => name.trim())
  expect(names.filter((name) => !(name in values))).toEqual([])
  const run = new Function(...names, `${code.slice(line.length)}; return { slopes, graph, written }`)
  const { slopes, graph, written } = run(...names.map((name) => values[name]))
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
