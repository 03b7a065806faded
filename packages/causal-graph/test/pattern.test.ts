import { readFileSync } from 'node:fs'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addActions,
  criterion,
  criterionByLatent,
  fromRows,
  get,
  getMonoidProduct,
  graphFromRows,
  graphNames,
  graphPattern,
  graphToRows,
  isIdentity,
  isSubset,
  namedGraph,
  pattern,
  permuteGraph,
  permuteRowsAndColumns,
  randomGraph,
  rowSupport,
  toPermutation,
  toRows
} from '../src/index.js'
import { graphOf, graphs, naivePattern, relabelled, rowsOf } from './arbitraries.js'

interface Case {
  readonly consistency: ReadonlyArray<{
    readonly uses: string
    readonly Gz: number[][] | null
    readonly Ga: number[][] | null
    readonly pattern: number[][]
  }>
}
const cases: Case[] = JSON.parse(readFileSync(new URL('./data/patterns.json', import.meta.url), 'utf8'))

const naive = (graph: Parameters<typeof graphToRows>[0]): number[][] => {
  const { latents, actions } = graphToRows(graph)
  return naivePattern(latents, actions, graph.size)
}

const withColumn = fc
  .integer({ min: 1, max: 12 })
  .chain((d) => fc.record({ graph: graphOf(d), column: rowsOf(d, 1) }))

describe('graphPattern', () => {
  it('agrees with the reference patterns', () => {
    const all = cases.flatMap(({ consistency }) => consistency)
    expect(all.length).toBeGreaterThan(0)
    for (const { Gz, Ga, pattern: expected } of all) {
      const graph = orThrow(
        graphFromRows({ ...(Gz === null ? {} : { latents: Gz }), ...(Ga === null ? {} : { actions: Ga }) })
      )
      expect(toRows(graphPattern(graph))).toEqual(expected)
      expect(criterion(graph)).toBe(isIdentity(graphPattern(graph)))
    }
  })

  it('agrees with the definition entry by entry', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(toRows(graphPattern(graph))).toEqual(naive(graph))
      }),
      { numRuns: 300 }
    )
  })

  it.each([0.01, 0.05, 0.5, 0.95])(
    'agrees with the definition over several words, edge probability %f',
    (edgeProbability) => {
      const graph = orThrow(randomGraph(generator(5), { size: 90, actions: 45, edgeProbability }))
      expect(toRows(graphPattern(graph))).toEqual(naive(graph))
    }
  )

  it.each(graphNames)('agrees with the definition for %s, many rows nested or equal, relabelled', (name) => {
    const graph = orThrow(namedGraph(name, 70))
    const shuffled = orThrow(permuteGraph(orThrow(toPermutation(generator(6).permutation(70))), graph))
    const expected = naive(shuffled)
    expect(toRows(graphPattern(shuffled))).toEqual(expected)
    const alone = expected.flatMap((row, i) => (row.filter((x) => x === 1).length === 1 ? [i] : []))
    expect(criterionByLatent(shuffled)).toEqual(alone)
  })

  it('is reflexive and transitive', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const p = graphPattern(graph)
        for (let i = 0; i < graph.size; i++) expect(get(p, i, i)).toBe(true)
        expect(isSubset(getMonoidProduct(graph.size).concat(p, p), p)).toBe(true)
      })
    )
  })

  it('is relabelled with the latents', () => {
    fc.assert(
      fc.property(relabelled, ({ graph, p }) => {
        const after = graphPattern(orThrow(permuteGraph(p, graph)))
        expect(toRows(after)).toEqual(toRows(orThrow(permuteRowsAndColumns(p, graphPattern(graph)))))
      })
    )
  })

  it('never grows by another action', () => {
    fc.assert(
      fc.property(withColumn, ({ graph, column }) => {
        const more = orThrow(addActions(graph, orThrow(fromRows(column))))
        expect(isSubset(graphPattern(more), graphPattern(graph))).toBe(true)
      })
    )
  })

  it('contains every matrix that maps support into support, and no other', () => {
    // C is G-preserving iff Cᵀ maps every matrix supported on G to one supported on G: a single entry C_ij ≠ 0
    // adds row i of a generic such matrix to row j.
    fc.assert(
      fc.property(rowsOf(5, 4), fc.nat(4), fc.nat(4), (plain, i, j) => {
        const moved = plain.map((row, r) => row.map((x, l) => (r === j ? x + Math.PI * plain[i][l] : x)))
        const stays = moved.every((row, r) => row.every((x, l) => x === 0 || plain[r][l] === 1))
        expect(get(pattern(orThrow(fromRows(plain))), i, j)).toBe(i === j || stays)
      })
    )
  })
})

describe('criterion', () => {
  it('holds iff the pattern is the identity, latent by latent', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const p = graphPattern(graph)
        expect(criterion(graph)).toBe(isIdentity(p))
        const alone = Array.from({ length: graph.size }, (_, i) => i).filter(
          (i) => rowSupport(p, i).length === 1
        )
        expect(criterionByLatent(graph)).toEqual(alone)
      }),
      { numRuns: 300 }
    )
  })

  it('holds for a large sparse random graph where the pattern is the identity', () => {
    for (const edgeProbability of [0.004, 0.05]) {
      const graph = orThrow(randomGraph(generator(2), { size: 300, actions: 64, edgeProbability }))
      expect(criterion(graph)).toBe(isIdentity(graphPattern(graph)))
    }
  })
})
