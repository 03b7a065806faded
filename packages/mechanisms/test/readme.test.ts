import { afterAll, expect, it } from 'vitest'
import { programsOf } from '../../../tests/code-blocks.js'
import { removePrograms, runProgram } from '../../../tests/programs.js'

afterAll(removePrograms)

interface Graph {
  readonly latents: number[][]
  readonly actions: number[][]
}

/** As the comments in the example write it. */
const format = ({ latents, actions }: Graph): string => {
  const rows = (table: number[][]): string => JSON.stringify(table).replaceAll(',', ', ')
  return `{ latents: ${rows(latents)}, actions: ${rows(actions)} }`
}

it('runs the first example', async () => {
  const [program] = programsOf('packages/mechanisms/README.md')
  const { slopes, graph, written } = (await runProgram(program, ['slopes', 'graph', 'written'])).values as {
    slopes: number[][]
    graph: Graph
    written: string[]
  }
  // One step of the linearized pendulum: the trace of its Jacobian is near 2, the determinant near 1.
  const [[a, b], [c, d]] = slopes
  expect(a * d - b * c).toBeCloseTo(1, 6)
  expect(a + d).toBeCloseTo(2 * Math.cos(0.05 * Math.sqrt(9.81 * Math.cos(0.3))), 3)
  expect(program.code).toContain(`// ${format(graph)}`)
  expect(program.code).toContain(`// ${written[0]}`)
})
