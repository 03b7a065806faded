/** What a causal graph promises, against NumPy's dense matrix products. */
import { blocks, criterion, graphPattern, randomGraph } from '@mechid/causal-graph'
import type { NumericArray } from '@mechid/files'
import { generator } from '@mechid/random'
import { type CausalGraph, type EdgeTable, orThrow } from '@mechid/values'
import { arraysFor } from '../exchange.js'
import { type BenchCase, type Suite, timed } from '../suite.js'

const SEED = 1

const dense = (table: EdgeTable): NumericArray => ({
  data: Uint8Array.from(table.flat()),
  shape: [table.length, table[0].length]
})

interface Predicted {
  readonly pattern: EdgeTable
  readonly criterion: boolean
  readonly blocks: readonly (readonly number[])[]
}

const predicted = (graph: CausalGraph): Predicted => {
  const pattern = orThrow(graphPattern(graph))
  return { pattern, criterion: orThrow(criterion(graph)), blocks: orThrow(blocks(pattern)) }
}

const arraysOf = (result: Predicted): Record<string, NumericArray> => {
  const blockOf = new Int32Array(result.pattern.length)
  for (const block of result.blocks) for (const i of block) blockOf[i] = block[0]
  return {
    pattern: dense(result.pattern),
    criterion: { data: Uint8Array.of(result.criterion ? 1 : 0), shape: [1] },
    blockOf: { data: blockOf, shape: [blockOf.length] }
  }
}

interface Mismatches {
  readonly entries: number
  readonly criterion: number
  readonly blocks: number
}

const exact = ({ entries, criterion, blocks }: Mismatches) =>
  [
    ['the number of entries of the pattern', entries],
    ['the criterion', criterion],
    ['the number of latents in other blocks', blocks]
  ].map(([what, difference]) => ({ what: String(what), difference: Number(difference), allowed: 0 }))

/** A graph in time with as many actions as latents; `causes` of each kind a latent on average. */
const prediction = (size: number, causes: number, calls: number, pairs: number): BenchCase => ({
  name: `${size.toLocaleString('en')} latents and actions, ${causes.toLocaleString('en')} causes each`,
  needs: ['numpy'],
  pairs,
  prepare: async (peer, folder) => {
    const edgeProbability = causes / size
    const graph = orThrow(randomGraph(generator(SEED), { size, actions: size, edgeProbability }))
    const { latents, actions } = graph
    if (latents === undefined || actions === undefined) throw new Error('the graph lacks a part')
    const file = await arraysFor(folder, 'graph', { latents: dense(latents), actions: dense(actions) })
    await peer.prepare('prediction', { file })
    let last: Predicted | undefined
    return {
      ours: async () => {
        const { result, seconds } = timed(() => predicted(graph), calls)
        last = result
        return seconds
      },
      peer: () => peer.run(calls),
      differences: async () => {
        const ours = await arraysFor(folder, 'ours', arraysOf(last ?? predicted(graph)))
        return exact(await peer.inspect<Mismatches>({ file: ours }))
      }
    }
  }
})

export const graph: Suite = {
  name: 'graph',
  purpose: 'pattern, criterion and blocks of a causal graph',
  script: 'graph.py',
  cases: [prediction(2000, 3, 1, 7), prediction(2000, 1000, 1, 7), prediction(100, 3, 200, 21)]
}
