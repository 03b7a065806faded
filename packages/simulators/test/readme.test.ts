import type { CausalGraph } from '@mechid/values'
import { afterAll, expect, it } from 'vitest'
import { programsOf } from '../../../tests/code-blocks.js'
import { removePrograms, runProgram } from '../../../tests/programs.js'
import type { DataSet, MemorySource } from '../src/index.js'

const programs = programsOf('packages/simulators/README.md')
afterAll(removePrograms)

it('runs the first example', async () => {
  const { data, graph, batches } = (await runProgram(programs[0], ['data', 'graph', 'batches'])).values as {
    data: DataSet
    graph: CausalGraph
    batches: MemorySource
  }
  expect(data.x.shape).toEqual([10_000, 12])
  expect(graph.actions?.length).toBe(6)
  expect(batches.examples).toBe(8000)
})

it('runs the example with a data set on disk', async () => {
  const reading = `${programs[1].runnable}
const x = new Float32Array(512 * 12)
await batches.gather(batches.order(generator(2)).subarray(0, 512), x, new Float32Array(512 * 6))
await stored.close()
`
  const { values } = await runProgram({ ...programs[1], runnable: reading }, ['stored', 'batches', 'x'])
  const { stored, batches, x } = values as {
    stored: { readonly shape: { readonly rows: number } }
    batches: { readonly examples: number }
    x: Float32Array
  }
  expect([stored.shape.rows, batches.examples]).toEqual([100_000, 90_000])
  expect(x.every(Number.isFinite)).toBe(true)
})
