/** What a causal graph promises, against NumPy's dense matrix products. */
import {
  type BinaryGraph,
  binaryGraph,
  binaryPattern,
  binaryRows,
  blocks,
  criterion,
  graphPattern,
  randomGraph,
  type TableSource
} from '@mechid/causal-graph'
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
  readonly pattern: TableSource
  readonly criterion: boolean
  readonly blocks: readonly (readonly number[])[]
}

interface Way {
  readonly name: string
  readonly predicted: (rows: CausalGraph, read: BinaryGraph) => Predicted
}

const askedOf = (graph: BinaryGraph): Predicted => {
  const pattern = orThrow(binaryPattern(graph))
  return { pattern, criterion: orThrow(criterion(graph)), blocks: orThrow(blocks(pattern)) }
}

/** Each function is handed plain rows, reads and checks them. */
const plainRows: Way = {
  name: 'plain rows',
  predicted: (graph) => {
    const pattern = orThrow(graphPattern(graph))
    return { pattern, criterion: orThrow(criterion(graph)), blocks: orThrow(blocks(pattern)) }
  }
}

/** Plain rows in and out, each read or written once. */
const readOnce: Way = {
  name: 'rows read once',
  predicted: (graph) => {
    const { pattern, ...rest } = askedOf(orThrow(binaryGraph(graph)))
    return { pattern: rowsOf(pattern), ...rest }
  }
}

/** Both sides have their matrices before the clock starts, and leave a matrix. */
const readBefore: Way = { name: 'matrices', predicted: (_, read) => askedOf(read) }

const rowsOf = (table: TableSource): EdgeTable => ('words' in table ? binaryRows(table) : table)

const arraysOf = (result: Predicted): Record<string, NumericArray> => {
  const pattern = rowsOf(result.pattern)
  const blockOf = new Int32Array(pattern.length)
  for (const block of result.blocks) for (const i of block) blockOf[i] = block[0]
  return {
    pattern: dense(pattern),
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
const prediction = (
  size: number,
  causes: number,
  calls: number,
  pairs: number,
  { name, predicted }: Way
): BenchCase => ({
  name: `${size.toLocaleString('en')} latents and actions, ${causes.toLocaleString('en')} causes each, ${name}`,
  needs: ['numpy'],
  pairs,
  prepare: async (peer, folder) => {
    const edgeProbability = causes / size
    const graph = orThrow(randomGraph(generator(SEED), { size, actions: size, edgeProbability }))
    const { latents, actions } = graph
    if (latents === undefined || actions === undefined) throw new Error('the graph lacks a part')
    const file = await arraysFor(folder, 'graph', { latents: dense(latents), actions: dense(actions) })
    await peer.prepare('prediction', { file })
    const read = orThrow(binaryGraph(graph))
    let last: Predicted | undefined
    return {
      ours: async () => {
        const { result, seconds } = timed(() => predicted(graph, read), calls)
        last = result
        return seconds
      },
      peer: () => peer.run(calls),
      differences: async () => {
        const ours = await arraysFor(folder, 'ours', arraysOf(last ?? predicted(graph, read)))
        return exact(await peer.inspect<Mismatches>({ file: ours }))
      }
    }
  }
})

const WAYS = [readBefore, readOnce, plainRows]

export const graph: Suite = {
  name: 'graph',
  purpose: 'pattern, criterion and blocks of a causal graph',
  script: 'graph.py',
  cases: [
    ...WAYS.map((way) => prediction(2000, 3, 1, 7, way)),
    ...WAYS.map((way) => prediction(2000, 1000, 1, 7, way)),
    ...WAYS.map((way) => prediction(100, 3, 200, 21, way))
  ]
}
