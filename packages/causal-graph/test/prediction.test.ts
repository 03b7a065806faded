import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  distinguishing,
  type GraphName,
  graphPattern,
  namedGraph,
  permuteGraph,
  predict
} from '../src/index.js'
import { graphs, naivePattern, relabelled } from './arbitraries.js'
import { sizeOf, tableOf } from './tables.js'

const entries = (name: GraphName, d: number): string[] =>
  orThrow(predict(orThrow(namedGraph(name, d)))).entangledWith.flatMap((others, i) =>
    others.map((j) => `${i}${j}`)
  )

const pairs = (d: number): number[][] => Array.from({ length: d / 2 }, (_, b) => [2 * b, 2 * b + 1])

const sizes = [1, 2, 3, 4, 5, 6, 10, 40]

describe('worked answers', () => {
  it.each<[GraphName, (d: number) => boolean]>([
    ['ActionDiag', () => true],
    ['ActionNonDiag', (d) => d !== 2],
    ['ActionSingle', (d) => d === 1],
    ['ActionLowerTriangular', (d) => d === 1],
    ['TimeDiag', () => true],
    ['TimeNonDiag', () => true],
    ['TimeAllOnes', (d) => d === 1],
    ['TimeDirectedChain', () => true],
    ['TimeBidirectionalChain', (d) => d === 1],
    ['TimeDirectedRing', (d) => d !== 2],
    ['TimeBidirectionalRing', (d) => d === 1 || d >= 4]
  ])('%s is complete exactly at the sizes that theory says', (name, complete) => {
    for (const d of sizes)
      expect([d, orThrow(predict(orThrow(namedGraph(name, d)))).kind === 'complete']).toEqual([
        d,
        complete(d)
      ])
  })

  it.each<GraphName>(['ActionSingle', 'TimeAllOnes'])('%s leaves one block', (name) => {
    const { kind, blocks, complete } = orThrow(predict(orThrow(namedGraph(name, 5))))
    expect({ kind, blocks, complete }).toEqual({ kind: 'none', blocks: [[0, 1, 2, 3, 4]], complete: [] })
  })

  it.each<GraphName>(['ActionBlockDiag', 'TimeBlockDiag'])(
    '%s leaves pairs entangled and nothing more',
    (name) => {
      const prediction = orThrow(predict(orThrow(namedGraph(name, 10))))
      expect(prediction.kind).toBe('partial')
      expect(prediction.blocks).toEqual(pairs(10))
      expect(prediction.entangledWith).toEqual(pairs(10).flatMap(([i, j]) => [[j], [i]]))
    }
  )

  it('ActionBlockNonDiag admits besides the pairs the last one within the first', () => {
    const { blocks, entangledWith } = orThrow(predict(orThrow(namedGraph('ActionBlockNonDiag', 10))))
    expect(blocks).toEqual(pairs(10))
    expect(entangledWith[0]).toEqual([1, 8, 9])
    expect(entangledWith[8]).toEqual([9])
  })

  it('TimeBlockNonDiag likewise: in blocks, row 0 = {0, 4} lies in row 4 = {0, 2, 4}, and column 0 in column 4', () => {
    const { blocks, entangledWith } = orThrow(predict(orThrow(namedGraph('TimeBlockNonDiag', 10))))
    expect(blocks).toEqual(pairs(10))
    expect(entangledWith).toEqual([[1, 8, 9], [0, 8, 9], [3], [2], [5], [4], [7], [6], [9], [8]])
  })

  it('a bidirectional chain keeps its ends entangled one way', () => {
    for (const d of [3, 4, 7]) {
      expect(entries('TimeBidirectionalChain', d)).toEqual(['01', `${d - 1}${d - 2}`])
      expect(orThrow(predict(orThrow(namedGraph('TimeBidirectionalChain', d)))).kind).toBe('partial')
    }
    expect(orThrow(predict(orThrow(namedGraph('TimeBidirectionalChain', 2)))).kind).toBe('none')
  })
})

describe('predict', () => {
  it('agrees with the pattern and keeps its parts consistent', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { kind, pattern, blocks, complete, entangledWith } = orThrow(predict(graph))
        const ones = pattern.flat().filter((x) => x === 1).length
        expect(kind === 'complete').toBe(ones === sizeOf(graph))
        expect(kind === 'none').toBe(sizeOf(graph) > 1 && ones === sizeOf(graph) ** 2)
        expect(kind === 'none').toBe(sizeOf(graph) > 1 && blocks.length === 1)
        expect(complete).toEqual(entangledWith.flatMap((others, i) => (others.length === 0 ? [i] : [])))
        entangledWith.forEach((others, i) => {
          expect(pattern[i]).toEqual(pattern.map((_, j) => Number(i === j || others.includes(j))))
        })
      })
    )
  })

  it('moves with the labels of latents', () => {
    const sorted = (lists: ReadonlyArray<ReadonlyArray<number>>) =>
      lists.map((list) => [...list].sort((a, b) => a - b)).sort()
    fc.assert(
      fc.property(relabelled, ({ graph, p }) => {
        const before = orThrow(predict(graph))
        const after = orThrow(predict(orThrow(permuteGraph(p, graph))))
        const to = (list: ReadonlyArray<number>) => list.map((i) => p.image[i])
        expect(after.kind).toBe(before.kind)
        expect(sorted(after.blocks)).toEqual(sorted(before.blocks.map(to)))
        expect([...after.complete]).toEqual(to(before.complete).sort((a, b) => a - b))
        before.entangledWith.forEach((others, i) => {
          expect(sorted([after.entangledWith[p.image[i]]])).toEqual(sorted([to(others)]))
        })
        // The order of blocks, each named by its latents.
        const named = ({ blocks, order }: typeof before, move: (list: number[]) => number[]) =>
          order.map((pair) => pair.map((b) => sorted([move(blocks[b])])).join(' ')).sort()
        expect(named(after, (list) => list)).toEqual(named(before, to))
      })
    )
  })
})

describe('thousands of latents', () => {
  const size = 1500
  it.each([
    ['no edge', Array.from({ length: size }, () => [])],
    ['no edge, as zeros', tableOf(size, size, () => false)],
    ['every edge', tableOf(size, size, () => true)]
  ])('are one block: %s', (_, latents) => {
    const { kind, pattern, entangledWith, reasons } = orThrow(predict({ latents }))
    expect(kind).toBe('none')
    expect(pattern.every((row) => row.length === size && row.every((entry) => entry === 1))).toBe(true)
    for (const i of [0, 31, 32, size - 1])
      expect(entangledWith[i]).toEqual(Array.from({ length: size }, (__, j) => j).filter((j) => j !== i))
    expect(reasons.every(({ identified, pair }) => !identified && pair?.mutual)).toBe(true)
  })
})

describe('explanation', () => {
  it('names the pair, what bears on both and what would help', () => {
    const text = orThrow(
      predict({
        actions: [
          [1, 0],
          [1, 0],
          [0, 1]
        ]
      })
    ).explanation
    expect(text[0]).toBe('z2 is identified up to an element-wise map.')
    expect(text[1]).toBe(
      'z0, z1 are not told apart: no action or edge distinguishes them, for the same bear on each (on z0: action a0). What would help, one for each direction: an action on one that spares the other.'
    )
    expect(text[2]).toContain('upper bound')
  })

  it('names one-way entries, and that factorization may rule them out', () => {
    const text = orThrow(
      predict({
        actions: [
          [1, 0],
          [1, 1]
        ]
      })
    ).explanation
    expect(text.find((line) => line.startsWith('z0 is not separated from z1'))).toMatch(
      /one way.*action a0.*bears on z1.*an action on z0 that spares z1.*factorization rules it out/
    )
  })

  it('offers an edge exactly where one can exist: all graphs of two and three latents', () => {
    const seen = { offered: 0, absent: 0 }
    for (const d of [2, 3])
      for (let bits = 0; bits < 2 ** (d * d); bits++) {
        const latents = tableOf(d, d, (i, j) => ((bits >> (i * d + j)) & 1) === 1)
        const withEdge = (effect: number, cause: number) =>
          naivePattern(
            tableOf(d, d, (i, j) => latents[i][j] === 1 || (i === effect && j === cause)),
            undefined,
            d
          )
        const { explanation, blocks, entangledWith } = orThrow(predict({ latents }))
        const lines = explanation.filter((line) => line.includes('What would help'))
        const questions = blocks.flatMap((block) => [
          ...(block.length > 1 ? [[block[0], [block[1]]] as const] : []),
          ...[entangledWith[block[0]].filter((j) => !block.includes(j))]
            .filter((others) => others.length > 0)
            .map((others) => [block[0], others] as const)
        ])
        expect(lines.length).toBe(questions.length)
        questions.forEach(([i, others], at) => {
          // A self-loop may tell i from one latent as a cause and from another one as an effect: no common edge.
          const tells = (effect: number, cause: number) =>
            others.every((j) => withEdge(effect, cause)[i][j] === 0)
          const apart = Array.from({ length: d }, (_, k) => k).filter((k) => k !== i)
          const sure = apart.some((k) => tells(i, k) || tells(k, i))
          const offered = lines[at].includes('an edge into or out of')
          if (sure) expect(offered).toBe(true)
          if (offered) expect(sure || tells(i, i)).toBe(true)
          seen[offered ? 'offered' : 'absent']++
        })
      }
    expect(seen.offered).toBeGreaterThan(100)
    expect(seen.absent).toBeGreaterThan(20)
  })

  it('mentions every latent that is not identified', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { entangledWith, explanation } = orThrow(predict(graph))
        const reasons = explanation.filter((line) => / not (told apart|separated)/.test(line)).join('\n')
        // Lists of more than eight names are cut.
        if (sizeOf(graph) <= 8)
          entangledWith.forEach((others, i) => {
            if (others.length > 0) expect(reasons).toMatch(new RegExp(`\\bz${i}\\b`))
          })
        expect(reasons === '').toBe(entangledWith.every((others) => others.length === 0))
      })
    )
  })
})

describe('distinguishing', () => {
  it('finds what tells two latents apart: nothing iff the pattern has 1', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const p = orThrow(graphPattern(graph))
        for (let i = 0; i < sizeOf(graph); i++)
          for (let j = 0; j < sizeOf(graph); j++) {
            const { actions, causes, effects } = orThrow(distinguishing(graph, i, j))
            expect(actions.length + causes.length + effects.length === 0).toBe(p[i][j] === 1)
          }
      }),
      { numRuns: 50 }
    )
  })

  it('names the action, the cause and the effect', () => {
    const graph = {
      latents: [
        [1, 1],
        [0, 1]
      ],
      actions: [
        [0, 1],
        [1, 1]
      ]
    }
    expect(orThrow(distinguishing(graph, 1, 0))).toEqual({
      actions: [0],
      causes: [],
      effects: [{ latent: 1, lag: 1 }]
    })
    expect(orThrow(distinguishing(graph, 0, 1))).toEqual({
      actions: [],
      causes: [{ latent: 0, lag: 1 }],
      effects: []
    })
  })
})
