import { readFileSync } from 'node:fs'
import { generator } from '@mechid/random'
import { type CausalGraph, orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addActions,
  criterion,
  criterionByLatent,
  graphNames,
  graphPattern,
  namedGraph,
  pattern,
  permuteGraph,
  permuteRowsAndColumns,
  randomGraph,
  toPermutation
} from '../src/index.js'
import { graphOf, graphs, naivePattern, relabelled, rowsOf } from './arbitraries.js'
import { causesIn, isIdentity, isWithin, product, sizeOf } from './tables.js'

interface Case {
  readonly consistency: ReadonlyArray<{
    readonly uses: string
    readonly Gz: number[][] | null
    readonly Ga: number[][] | null
    readonly pattern: number[][]
  }>
}
const cases: Case[] = JSON.parse(readFileSync(new URL('./data/patterns.json', import.meta.url), 'utf8'))

const naive = (graph: CausalGraph): number[][] => naivePattern(graph.latents, graph.actions, sizeOf(graph))

const withColumn = fc
  .integer({ min: 1, max: 12 })
  .chain((d) => fc.record({ graph: graphOf(d), column: rowsOf(d, 1) }))

describe('graphPattern', () => {
  it('agrees with the reference patterns', () => {
    const all = cases.flatMap(({ consistency }) => consistency)
    expect(all.length).toBeGreaterThan(0)
    for (const { Gz, Ga, pattern: expected } of all) {
      const graph = { ...(Gz === null ? {} : { latents: Gz }), ...(Ga === null ? {} : { actions: Ga }) }
      expect(orThrow(graphPattern(graph))).toEqual(expected)
      expect(orThrow(criterion(graph))).toBe(isIdentity(orThrow(graphPattern(graph))))
    }
  })

  it('agrees with the definition entry by entry', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(orThrow(graphPattern(graph))).toEqual(naive(graph))
      }),
      { numRuns: 300 }
    )
  })

  it.each([0.01, 0.05, 0.5, 0.95])(
    'agrees with the definition over several words, edge probability %f',
    (edgeProbability) => {
      const graph = orThrow(randomGraph(generator(5), { size: 90, actions: 45, edgeProbability }))
      expect(orThrow(graphPattern(graph))).toEqual(naive(graph))
    }
  )

  it.each(graphNames)('agrees with the definition for %s, many rows nested or equal, relabelled', (name) => {
    const graph = orThrow(namedGraph(name, 70))
    const shuffled = orThrow(permuteGraph(orThrow(toPermutation(generator(6).permutation(70))), graph))
    const expected = naive(shuffled)
    expect(orThrow(graphPattern(shuffled))).toEqual(expected)
    const alone = expected.flatMap((row, i) => (row.filter((x) => x === 1).length === 1 ? [i] : []))
    expect(orThrow(criterionByLatent(shuffled))).toEqual(alone)
  })

  it('is reflexive and transitive', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const p = orThrow(graphPattern(graph))
        for (let i = 0; i < sizeOf(graph); i++) expect(p[i][i] === 1).toBe(true)
        expect(isWithin(product(p, p), p)).toBe(true)
      })
    )
  })

  it('is relabelled with the latents', () => {
    fc.assert(
      fc.property(relabelled, ({ graph, p }) => {
        const after = orThrow(graphPattern(orThrow(permuteGraph(p, graph))))
        expect(after).toEqual(orThrow(permuteRowsAndColumns(p, orThrow(graphPattern(graph)))))
      })
    )
  })

  it('never grows by another action', () => {
    fc.assert(
      fc.property(withColumn, ({ graph, column }) => {
        const more = orThrow(addActions(graph, column))
        expect(isWithin(orThrow(graphPattern(more)), orThrow(graphPattern(graph)))).toBe(true)
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
        expect(orThrow(pattern(plain))[i][j] === 1).toBe(i === j || stays)
      })
    )
  })
})

describe('criterion', () => {
  it('holds iff the pattern is the identity, latent by latent', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const p = orThrow(graphPattern(graph))
        expect(orThrow(criterion(graph))).toBe(isIdentity(p))
        const alone = Array.from({ length: sizeOf(graph) }, (_, i) => i).filter(
          (i) => causesIn(p, i).length === 1
        )
        expect(orThrow(criterionByLatent(graph))).toEqual(alone)
      }),
      { numRuns: 300 }
    )
  })

  it('holds for a large sparse random graph where the pattern is the identity', () => {
    for (const edgeProbability of [0.004, 0.05]) {
      const graph = orThrow(randomGraph(generator(2), { size: 300, actions: 64, edgeProbability }))
      expect(orThrow(criterion(graph))).toBe(isIdentity(orThrow(graphPattern(graph))))
    }
  })
})
