import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as mechanisms from '@mechid/mechanisms'
import * as random from '@mechid/random'
import * as shared from '@mechid/values'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as face from '../src/index.js'

const packages: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  mechanisms: { ...mechanisms },
  random: { ...random },
  simulators: { ...face },
  values: { ...shared }
}

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'readme-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor

/** Runs example number `index` with its files in the test's folder; answers the values of `wanted`. */
const run = async <A>(index: number, wanted: readonly (keyof A & string)[]): Promise<A> => {
  const code = readme.split('```ts\n')[index + 1].split('```')[0]
  const known = new Map<string, unknown>()
  const body = code
    .replace(/^import \{([^}]*)\} from '@mechid\/(\w+)'\n/gm, (_, list: string, from: string) => {
      for (const item of list.split(',')) {
        const [name, local = name] = item.trim().split(' as ')
        known.set(local, packages[from][name])
      }
      return ''
    })
    .replace(/'(\w+\.npz)'/g, (_, name) => JSON.stringify(join(folder, name)))
  const example = new AsyncFunction(...known.keys(), `${body}; return { ${wanted.join(', ')} }`)
  return example(...known.values())
}

it('runs the first example', async () => {
  interface Values {
    readonly data: face.DataSet
    readonly graph: shared.CausalGraph
    readonly batches: face.MemorySource
  }
  const { data, graph, batches } = await run<Values>(0, ['data', 'graph', 'batches'])
  expect(data.x.shape).toEqual([10_000, 12])
  expect(graph.actions?.length).toBe(6)
  expect(batches.examples).toBe(8000)
})

it('runs the example with a data set on disk', async () => {
  interface Values {
    readonly stored: face.StoredDataSet
    readonly batches: face.FileSource
  }
  const { stored, batches } = await run<Values>(1, ['stored', 'batches'])
  expect([stored.shape.rows, batches.examples]).toEqual([100_000, 90_000])
  const x = new Float32Array(512 * 12)
  await batches.gather(batches.order(random.generator(2)).subarray(0, 512), x, new Float32Array(512 * 6))
  expect(x.every(Number.isFinite)).toBe(true)
  await stored.close()
})

it('names every public value in the index', () => {
  const index = readme.slice(readme.indexOf('## Index'))
  const names = Object.keys(packages.simulators)
  expect(names.filter((name) => !index.includes(`\`${name}\``))).toEqual([])
})
