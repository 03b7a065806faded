import { readFileSync } from 'node:fs'
import { type EdgeTable, orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { causalGraph, number, problem, problemNames } from '../src/index.js'

interface Case {
  readonly name: string
  readonly d: number
  readonly graph: number[][]
  readonly input: number[][]
  readonly mean: number[][]
  readonly variance: number[][]
  readonly shift?: number[][]
  readonly A?: number[][]
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL('./data/mechanism-cases.json', import.meta.url), 'utf8')
)

/** The published code's names and ours. The two that fail the graph criterion bring their graph along. */
const names: Record<string, string> = {
  action_sparsity_trivial: 'ActionDiag',
  action_sparsity_non_trivial: 'ActionNonDiag',
  'action_sparsity_non_trivial_k=2': 'ActionNonDiag (k=2)',
  action_sparsity_non_trivial_sigmoid: 'ActionNonDiag (sigmoid)',
  action_sparsity_non_trivial_norm: 'ActionNonDiag (norm)',
  action_sparsity_non_trivial_no_suff_var: 'ActionNonDiag (no sufficient variability)',
  action_sparsity_non_trivial_no_graph_crit: 'ActionNonDiag',
  temporal_sparsity_trivial: 'TimeDiag',
  temporal_sparsity_non_trivial: 'TimeNonDiag',
  'temporal_sparsity_non_trivial_k=2': 'TimeNonDiag (k=2)',
  temporal_sparsity_non_trivial_sigmoid: 'TimeNonDiag (sigmoid)',
  temporal_sparsity_non_trivial_norm: 'TimeNonDiag (norm)',
  temporal_sparsity_non_trivial_no_suff_var: 'TimeNonDiag (no sufficient variability)',
  temporal_sparsity_non_trivial_no_graph_crit: 'TimeNonDiag'
}

const greatestDifference = (x: readonly number[], y: readonly number[]): number =>
  Math.max(...x.map((value, i) => Math.abs(value - y[i])))

describe('the published mechanisms', () => {
  it.each(cases)('$name: mean, variance and graph', (golden) => {
    const parameters = golden.shift ?? golden.A
    const own = golden.name.endsWith('no_graph_crit') ? { graph: golden.graph } : {}
    const kernel = orThrow(
      problem(names[golden.name], { latents: golden.d, ...own, ...(parameters ? { parameters } : {}) })
    )
    const temporal = kernel.lags === 1
    golden.input.forEach((input, row) => {
      const [past, a] = temporal ? [input, []] : [[], input]
      const variance = kernel.scale(number, past, a).map((s) => s * s)
      expect(greatestDifference(kernel.location(number, past, a), golden.mean[row])).toBeLessThan(1e-12)
      expect(greatestDifference(variance, golden.variance[row])).toBeLessThan(1e-12)
    })
    const graph = causalGraph(kernel)
    expect(graph).toEqual(temporal ? { latents: golden.graph } : { actions: golden.graph })
  })

  it('has the block graphs of ten latents', () => {
    const actions = (name: string): EdgeTable =>
      causalGraph(orThrow(problem(name, { latents: 10 }))).actions ?? []
    expect(actions('ActionBlockDiag').map((row) => row.indexOf(1))).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    const joined = actions('ActionBlockNonDiag')
    expect(joined[8]).toEqual([1, 0, 0, 0, 1])
    expect(joined.flat().reduce((sum, edge) => sum + edge, 0)).toBe(12)
    const time = causalGraph(orThrow(problem('TimeBlockNonDiag', { latents: 10 }))).latents ?? []
    expect(time.flat().reduce((sum, edge) => sum + edge, 0)).toBe(32)
    expect([time[0][8], time[8][0], time[8][4], time[0][4]]).toEqual([1, 1, 1, 0])
  })

  it('knows every name it lists, and no other', () => {
    for (const name of problemNames) expect(problem(name, { latents: 4 })._tag).toBe('Right')
    expect(problem('ActionDiagonal', { latents: 4 })).toMatchObject({ left: { _tag: 'UnknownName' } })
    expect(problem('ActionBlockDiag', { latents: 5 })).toMatchObject({ left: { _tag: 'InvalidOption' } })
    expect(problem('ActionDiag', { latents: 0 })).toMatchObject({ left: { _tag: 'InvalidOption' } })
    expect(problem('TimeDiag', { latents: 3, graph: [[1]] })).toMatchObject({
      left: { _tag: 'ShapeMismatch' }
    })
  })

  it('draws random graphs with the asked share of edges, self-loops forced in time', () => {
    const { latents = [] } = causalGraph(
      orThrow(problem('TimeRandomGraph', { latents: 40, seed: 3, edgeProbability: 0.2 }))
    )
    const edges = latents.flat().reduce((sum, edge) => sum + edge, 0)
    expect(latents).toHaveLength(40)
    expect(latents.every((row, i) => row[i] === 1)).toBe(true)
    // 40 self-loops and 1560 · 0.2 others; six standard deviations are 95.
    expect(Math.abs(edges - 352)).toBeLessThan(95)
  })
})
