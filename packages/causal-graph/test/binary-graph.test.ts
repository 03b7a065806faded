import { kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type CausalGraph, type EdgeTable, orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addActions,
  allRelabellings,
  type BinaryMatrix,
  binaryGraph,
  binaryMatrix,
  binaryPattern,
  binaryRows,
  blockOrder,
  blocks,
  consistency,
  criterion,
  criterionByLatent,
  design,
  distinguishing,
  entanglementDrawing,
  evidenceOf,
  type GraphSource,
  graphDrawing,
  graphFromJson,
  graphPattern,
  graphRows,
  graphSvg,
  graphToGraphology,
  graphToJson,
  identifyingSets,
  isConsistent,
  isPreserving,
  isPreservingMap,
  lagMatrices,
  namedGraph,
  pattern,
  permuteGraph,
  permuteRows,
  permuteRowsAndColumns,
  predict,
  randomGraph,
  reflexiveTransitiveClosure,
  relabellings,
  type TableSource,
  tabulate,
  toPermutation,
  violations
} from '../src/index.js'
import { graphs, naivePattern } from './arbitraries.js'
import { errorText } from './error-text.js'

const twoLags: CausalGraph = {
  latents: [
    [1, 0, 0, 1, 0, 0],
    [0, 1, 0, 1, 1, 0],
    [0, 0, 1, 0, 0, 1]
  ],
  actions: [
    [1, 0],
    [1, 0],
    [0, 1]
  ]
}
const turn = orThrow(toPermutation([1, 2, 0]))

describe('a graph that is read once', () => {
  it.each<[string, (graph: GraphSource) => unknown]>([
    ['addActions', (graph) => addActions(graph, [[1], [0], [0]])],
    ['allRelabellings', (graph) => allRelabellings(graph, twoLags)],
    ['binaryGraph', binaryGraph],
    ['binaryPattern', binaryPattern],
    ['consistency, the truth', (graph) => consistency(graph, twoLags)],
    ['consistency, the learned graph', (graph) => consistency(twoLags, graph)],
    ['criterion', criterion],
    ['criterionByLatent', criterionByLatent],
    ['design', (graph) => design(graph)],
    ['distinguishing', (graph) => distinguishing(graph, 0, 1)],
    ['evidenceOf', (graph) => evidenceOf(graph, 1)],
    ['graphDrawing', (graph) => graphDrawing(graph)],
    ['graphPattern', graphPattern],
    ['graphSvg', (graph) => graphSvg(graph)],
    ['graphToGraphology', (graph) => graphToGraphology(graph)],
    ['graphToJson', (graph) => graphToJson(graph)],
    ['identifyingSets', identifyingSets],
    ['isConsistent', (graph) => isConsistent(graph, graph)],
    ['lagMatrices', lagMatrices],
    ['permuteGraph', (graph) => permuteGraph(turn, graph)],
    ['predict', (graph) => predict(graph)],
    ['predict with dependent actions', (graph) => predict(graph, { dependent: [{ action: 1, of: [0] }] })],
    ['relabellings', (graph) => [...orThrow(relabellings(graph, graph))]]
  ])('is answered by %s as its plain rows are', (_, ask) => {
    expect(ask(orThrow(binaryGraph(twoLags)))).toEqual(ask(twoLags))
  })

  it('gives its rows back, and is read again as it is', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const read = orThrow(binaryGraph(graph))
        // A part without columns is left out, unless there is no other.
        const { latents = [], actions = [] } = graph
        const present = (table: EdgeTable) => table.some((row) => row.length > 0)
        expect(graphRows(read)).toEqual({
          ...(present(latents) ? { latents } : {}),
          ...(present(actions) ? { actions } : {})
        })
        expect(orThrow(binaryGraph(read))).toEqual(read)
        expect(binaryRows(orThrow(binaryPattern(read)))).toEqual(orThrow(graphPattern(graph)))
      })
    )
  })

  it('keeps its size without any evidence', () => {
    const still = orThrow(kernel({ latents: 2, location: (F) => [F.zero, F.zero], scale: 1 }))
    for (const source of [still, { latents: [[], []] }, { actions: [[], []] }]) {
      const read = orThrow(binaryGraph(source))
      expect(graphRows(read)).toEqual({ latents: [[], []] })
      expect(orThrow(predict(read))).toEqual(orThrow(predict(source)))
    }
  })

  it('is read off a kernel', () => {
    const pair = orThrow(
      kernel({ latents: 2, actions: 1, location: (F, _, [a]) => [F.sin(a), F.cos(a)], scale: 1 })
    )
    expect(graphRows(orThrow(binaryGraph(pair)))).toEqual({ actions: [[1], [1]] })
  })

  it('is a plain value: a copy from another thread or a file of bits is as good', () => {
    const copy = structuredClone(orThrow(binaryGraph(twoLags)))
    expect(orThrow(predict(copy))).toEqual(orThrow(predict(twoLags)))
  })

  it('is checked when it is read, with the errors of plain rows', () => {
    expect(errorText(binaryGraph({ actions: [[1, 2]] }))).toBe(
      'binaryGraph, actions (Ga): entry [0][1] is 2, expected 0 or 1'
    )
    expect(errorText(binaryGraph({}))).toContain('binaryGraph: the graph is empty')
    expect(errorText(binaryGraph({ latents: [[1, 0]] }))).toBe(
      errorText(predict({ latents: [[1, 0]] })).replace('predict', 'binaryGraph')
    )
  })

  it('is checked for what only two parts can get wrong', () => {
    const [two, three] = [binaryMatrix([[1], [0]]), binaryMatrix([[1], [0], [0]])].map((m) => orThrow(m))
    expect(errorText(predict({ latents: two }))).toContain('number of columns of latents (Gz)')
    const square = tabulate(2, 2, (i, j) => i === j)
    expect(errorText(predict({ latents: square, actions: three }))).toContain(
      'number of rows of actions (Ga)'
    )
    const none = tabulate(0, 2, () => true)
    expect(errorText(predict({ actions: none }))).toBe(errorText(predict({ actions: [] })))
  })
})

describe('a table that is read once', () => {
  const open = [
    [1, 1, 0],
    [1, 1, 0],
    [0, 0, 1]
  ]
  const mixing = [
    [1, 2, 0],
    [-1, 1, 0],
    [0, 0.5, 3]
  ]
  const map = { latents: 3, apply: <A>(_: unknown, [x, y, z]: ReadonlyArray<A>) => [y, x, z] }

  it.each<[string, (table: TableSource) => unknown]>([
    ['addActions', (table) => addActions(twoLags, table)],
    ['blockOrder', blockOrder],
    ['blocks', blocks],
    ['consistency', (entanglement) => consistency(twoLags, twoLags, { entanglement })],
    ['entanglementDrawing', (table) => entanglementDrawing(table)],
    ['graphSvg', (entanglement) => graphSvg(twoLags, { entanglement })],
    ['isPreserving', (table) => isPreserving(mixing, table, 1e-9)],
    ['isPreservingMap', (table) => isPreservingMap(map, table)],
    ['pattern', pattern],
    ['permuteRows', (table) => permuteRows(turn, table)],
    ['permuteRowsAndColumns', (table) => permuteRowsAndColumns(turn, table)],
    ['reflexiveTransitiveClosure', reflexiveTransitiveClosure],
    ['violations', (table) => violations(mixing, table, 1e-9)]
  ])('is taken by %s as its plain rows are', (_, ask) => {
    expect(ask(orThrow(binaryMatrix(open)))).toEqual(ask(open))
  })

  it('is checked for its size', () => {
    const wide = orThrow(binaryMatrix([[1, 0]]))
    expect(errorText(blocks(wide))).toBe(errorText(blocks([[1, 0]])))
    expect(errorText(violations(mixing, wide, 0))).toBe(errorText(violations(mixing, [[1, 0]], 0)))
  })
})

describe('sets in common', () => {
  const naive = (m: BinaryMatrix): number[][] => {
    const rows = binaryRows(m)
    return rows.map((row) => rows.map((other) => Number(row.every((x, l) => x <= other[l]))))
  }

  it.each([
    // Around the word's 32 bits, and around the work up to which sets are intersected.
    [1, 1],
    [31, 40],
    [32, 32],
    [33, 64],
    [65, 3],
    [400, 400]
  ])('give the pattern of a %i × %i table by its definition, sparse or dense', (rows, columns) => {
    for (const share of [0, 0.02, 0.3, 0.9, 1]) {
      const random = generator(rows + columns)
      const m = tabulate(rows, columns, () => random.uniform() < share)
      expect(orThrow(pattern(m))).toEqual(naive(m))
    }
  })

  it('leave out equal sets where there are many', () => {
    // 60 equal actions on half of 50 latents: only the last one tells some of them apart.
    const actions = Array.from({ length: 50 }, (_, i) =>
      Array.from({ length: 61 }, (_, l) => Number(l < 60 ? i < 25 : i % 2 === 0))
    )
    const expected = actions.map((row) => actions.map((other) => Number(row.every((x, l) => x <= other[l]))))
    expect(orThrow(graphPattern({ actions }))).toEqual(expected)
    expect(orThrow(criterionByLatent({ actions }))).toEqual([])
  })

  it.each(['TimeBidirectionalChain', 'ActionSingle'] as const)('agree with the criterion: %s', (name) => {
    const graph = orThrow(namedGraph(name, 90))
    const rows = orThrow(graphPattern(graph))
    const alone = rows.flatMap((row, i) => (row.filter((x) => x === 1).length === 1 ? [i] : []))
    expect(orThrow(criterionByLatent(graph))).toEqual(alone)
  })

  // Larger and denser graphs are gone through table by table, their rows ranked by size.
  it.each([
    [
      'random, few edges',
      orThrow(randomGraph(generator(3), { size: 90, actions: 90, edgeProbability: 0.1 }))
    ],
    [
      'random, many edges',
      orThrow(randomGraph(generator(3), { size: 400, actions: 400, edgeProbability: 0.5 }))
    ],
    ['rows nested', orThrow(namedGraph('TimeNonDiag', 450))]
  ])('are the same by both ways: %s', (_, graph) => {
    const { latents, actions } = graph
    const expected = naivePattern(latents, actions, latents?.length ?? 0)
    expect(binaryRows(orThrow(binaryPattern(orThrow(binaryGraph(graph)))))).toEqual(expected)
    const alone = expected.flatMap((row, i) => (row.filter((x) => x === 1).length === 1 ? [i] : []))
    expect(orThrow(criterionByLatent(graph))).toEqual(alone)
  })
})

it('survives JSON by its rows', () => {
  const text = orThrow(graphToJson(orThrow(binaryGraph(twoLags))))
  expect(orThrow(graphFromJson(text)).graph).toEqual(twoLags)
})

it('reads rows once however many questions follow', () => {
  let reads = 0
  const counted = (table: EdgeTable): EdgeTable =>
    table.map(
      (row) =>
        new Proxy(row, {
          get: (target, key) => {
            if (typeof key === 'string' && /^\d+$/.test(key)) reads++
            return Reflect.get(target, key)
          }
        })
    )
  const graph = { actions: counted(twoLags.actions ?? []) }
  const read = orThrow(binaryGraph(graph))
  const once = reads
  expect(once).toBeGreaterThan(0)
  orThrow(predict(read))
  orThrow(criterion(read))
  orThrow(blocks(orThrow(binaryPattern(read))))
  expect(reads).toBe(once)
})
