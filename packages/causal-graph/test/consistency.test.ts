import { generator } from '@mechid/random'
import { type CausalGraph, type EdgeTable, orThrow } from '@mechid/values'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  allRelabellings,
  consistency,
  eqCausalGraph,
  getPreservingGroup,
  graphPattern,
  isActionConsistent,
  isConsistent,
  isTimeConsistent,
  namedGraph,
  type Permutation,
  permuteGraph,
  permuteRows,
  preservingRows,
  randomGraph,
  randomPreservingMatrix,
  relabellings,
  showPermutation,
  toPermutation
} from '../src/index.js'
import { graphOf, graphs, permutationOf, rowsOf } from './arbitraries.js'
import { errorText } from './error-text.js'
import { identity, product, sizeOf, tableOf, transposed } from './tables.js'

const all = (...args: Parameters<typeof relabellings>): string[] =>
  [...orThrow(relabellings(...args))].map(showPermutation.show).sort()

const allPermutations = (d: number): Permutation[] => {
  const grow = (rest: number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((x) => grow(rest.filter((y) => y !== x)).map((tail) => [x, ...tail]))
  return grow(Array.from({ length: d }, (_, i) => i)).map((image) => orThrow(toPermutation(image)))
}

/** By the definition: every permutation tried. */
const bruteForce = (truth: CausalGraph, learned: CausalGraph, V?: EdgeTable): string[] => {
  const pattern = orThrow(graphPattern(truth))
  const d = sizeOf(truth)
  return allPermutations(d)
    .filter((p) => eqCausalGraph.equals(orThrow(permuteGraph(p, truth)), learned))
    .filter((p) => {
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++)
          if (V !== undefined && V[i][p.image[j]] === 1 && !(pattern[i][j] === 1)) return false
      return true
    })
    .map(showPermutation.show)
    .sort()
}

const small = fc
  .integer({ min: 1, max: 6 })
  .chain((d) => fc.record({ graph: graphOf(d), other: graphOf(d), p: permutationOf(d), seed: fc.nat(1e6) }))

/** The entanglement graph of v = C · P⁻¹: learned latent π(j) is the counterpart of true latent j. */
const entangled = (support: EdgeTable, p: Permutation): EdgeTable =>
  transposed(orThrow(permuteRows(p, transposed(support))))

const supportOf = (rows: number[][]): EdgeTable =>
  tableOf(rows.length, rows.length, (i, j) => Math.abs(rows[i][j]) > 1e-12)

describe('relabellings', () => {
  it('are those that trying all permutations finds', () => {
    fc.assert(
      fc.property(small, ({ graph, other, p, seed }) => {
        const learned = orThrow(permuteGraph(p, graph))
        expect(all(graph, learned)).toEqual(bruteForce(graph, learned))
        expect(all(graph, learned)).toContain(showPermutation.show(p))
        const sameParts =
          graph.latents?.[0].length === other.latents?.[0].length &&
          graph.actions?.[0].length === other.actions?.[0].length
        if (sameParts) expect(all(graph, other)).toEqual(bruteForce(graph, other))
        const random = generator(seed)
        const V = tableOf(sizeOf(graph), sizeOf(graph), () => random.uniform() < 0.4)
        expect(all(graph, learned, { entanglement: V })).toEqual(bruteForce(graph, learned, V))
      }),
      { seed: 51, numRuns: 150 }
    )
  })

  it('of highly symmetric graphs are all their symmetries', () => {
    const count = (name: Parameters<typeof namedGraph>[0], d: number) => {
      const graph = orThrow(namedGraph(name, d))
      return all(graph, graph).length
    }
    expect(count('TimeDiag', 6)).toBe(720)
    expect(count('ActionDiag', 6)).toBe(1)
    expect(count('TimeDirectedRing', 7)).toBe(7)
    expect(count('TimeBidirectionalRing', 7)).toBe(14)
    expect(count('TimeBidirectionalChain', 9)).toBe(2)
    expect(count('TimeBlockDiag', 8)).toBe(384)
  })

  it('are all listed, or the list says that it is not complete', () => {
    const ring = orThrow(namedGraph('TimeBidirectionalRing', 7))
    expect(orThrow(allRelabellings(ring, ring)).length).toBe(14)
    const free = orThrow(namedGraph('TimeDiag', 9))
    expect(errorText(allRelabellings(free, free, { limit: 1000 }))).toBe(
      'allRelabellings: the list of all permutations was not decided within 1,000 steps; a higher limit may decide it'
    )
    expect(orThrow(allRelabellings(ring, orThrow(namedGraph('TimeDirectedRing', 7))))).toEqual([])
  })

  it('are found among thousands of latents', () => {
    const random = generator(8)
    const shuffle = (d: number) => orThrow(toPermutation(random.permutation(d)))
    const d = 3000
    const graphsToTry = [
      orThrow(randomGraph(random, { size: d, edgeProbability: 3 / d })),
      orThrow(namedGraph('TimeDirectedChain', d)),
      orThrow(namedGraph('TimeBidirectionalRing', 1000)),
      orThrow(namedGraph('TimeBlockDiag', 1000))
    ]
    for (const graph of graphsToTry) {
      const learned = orThrow(permuteGraph(shuffle(sizeOf(graph)), graph))
      const found = orThrow(consistency(graph, learned))
      expect(found.consistent).toBe(true)
      if (found.consistent)
        expect(eqCausalGraph.equals(orThrow(permuteGraph(found.permutation, graph)), learned)).toBe(true)
    }
  })
})

describe('consistency is an equivalence relation', () => {
  it('reflexive, symmetric and transitive, with entanglement graphs of preserving maps', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 12 })
          .chain((d) =>
            fc.record({ graph: graphOf(d), p: permutationOf(d), q: permutationOf(d), seed: fc.nat(1e6) })
          ),
        ({ graph, p, q, seed }) => {
          const d = sizeOf(graph)
          const group = orThrow(getPreservingGroup(orThrow(graphPattern(graph))))
          const random = generator(seed)
          const C = orThrow(randomPreservingMatrix(random, group.empty.pattern))
          const second = orThrow(permuteGraph(p, graph))
          const third = orThrow(permuteGraph(q, second))
          const V = entangled(supportOf(preservingRows(C)), p)
          // v⁻¹ maps true to learned latents: rows of C⁻¹ move with the labels.
          const back = orThrow(permuteRows(p, supportOf(preservingRows(group.inverse(C)))))
          const W = entangled(orThrow(graphPattern(second)), q)
          for (const holds of [isActionConsistent, isTimeConsistent, isConsistent]) {
            expect(orThrow(holds(graph, graph, identity(d)))).toBe(true)
            expect(orThrow(holds(graph, second, V))).toBe(true)
            expect(orThrow(holds(second, graph, back))).toBe(true)
            expect(orThrow(holds(second, third, W))).toBe(true)
            expect(orThrow(holds(graph, third, product(V, W)))).toBe(true)
          }
        }
      ),
      { seed: 52, numRuns: 100 }
    )
  })

  it('on graphs alone is symmetric and transitive, also where it does not hold', () => {
    const models = fc.array(fc.tuple(rowsOf(3, 3), rowsOf(3, 2)), { minLength: 3, maxLength: 3 })
    let held = 0
    fc.assert(
      fc.property(models, (parts) => {
        const [x, y, z] = parts.map(([latents, actions]) => ({ latents, actions }))
        for (const holds of [isActionConsistent, isTimeConsistent, isConsistent]) {
          const same = (a: CausalGraph, b: CausalGraph) => orThrow(holds(a, b))
          expect(same(x, y)).toBe(same(y, x))
          if (same(x, y) && same(y, z)) {
            held++
            expect(same(x, z)).toBe(true)
          }
        }
        // Joint consistency is more than each by itself: one permutation has to serve both.
        if (orThrow(isConsistent(x, y)))
          expect(orThrow(isActionConsistent(x, y)) && orThrow(isTimeConsistent(x, y))).toBe(true)
      }),
      { seed: 53, numRuns: 600 }
    )
    expect(held).toBeGreaterThan(3)
  })
})

describe('consistency', () => {
  const truth = {
    latents: [
      [1, 0],
      [0, 1]
    ],
    actions: [[1], [0]]
  }
  const swapped = {
    latents: [
      [1, 0],
      [0, 1]
    ],
    actions: [[0], [1]]
  }
  const chained = {
    latents: [
      [1, 0],
      [1, 1]
    ],
    actions: [[1], [0]]
  }

  it('tells actions from time', () => {
    expect(isActionConsistent(truth, chained)).toEqual(E.right(true))
    expect(isTimeConsistent(truth, chained)).toEqual(E.right(false))
    expect(isTimeConsistent(truth, swapped)).toEqual(E.right(true))
    expect(isConsistent(truth, swapped)).toEqual(E.right(true))
    expect(isConsistent(truth, chained)).toEqual(E.right(false))
  })

  it('names the permutation, or the fault', () => {
    const found = orThrow(consistency(truth, swapped))
    expect(found.consistent && showPermutation.show(found.permutation)).toBe('[1, 0]')
    expect(orThrow(consistency(truth, chained))).toEqual({
      consistent: false,
      fault: 'graph',
      reason:
        'No relabelling of latents makes the graphs equal: 2 edges between latents, 1 from actions against 3 edges between latents, 1 from actions.'
    })
    const mixing = [
      [1, 1],
      [0, 1]
    ]
    expect(orThrow(consistency(truth, truth, { entanglement: mixing }))).toMatchObject({
      fault: 'entanglement'
    })
  })

  it('does not depend on labels', () => {
    fc.assert(
      fc.property(
        graphs.chain((graph) => fc.record({ graph: fc.constant(graph), p: permutationOf(sizeOf(graph)) })),
        ({ graph, p }) => {
          expect(orThrow(isConsistent(graph, orThrow(permuteGraph(p, graph))))).toBe(true)
        }
      ),
      { seed: 54 }
    )
  })

  it('says what is wrong', () => {
    const static2 = { actions: [[1], [0]] }
    expect(errorText(isConsistent(truth, static2))).toBe(
      'consistency: latents (Gz) of the learned graph is absent, expected 2 × 2'
    )
    expect(errorText(isActionConsistent(static2, { actions: [[1], [0], [1]] }))).toContain('3 × 1')
    expect(errorText(isConsistent(truth, truth, identity(3)))).toContain(
      'entanglement graph is 3 × 3, expected 2 × 2'
    )
    const ring = orThrow(namedGraph('TimeDiag', 6))
    const impossible = tableOf(6, 6, () => true)
    expect(errorText(consistency(ring, ring, { entanglement: impossible }))).toBe('no error')
    expect(errorText(relabellings(truth, truth, { limit: 0 }))).toContain('limit')
  })
})
