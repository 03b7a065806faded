import { type Generator, generator } from '@mechid/random'
import { describe, expect, it } from 'vitest'
import { decideInterventions } from '../src/edge-decision.js'
import { decideEdges, relativeWorth } from '../src/index.js'

describe('decideEdges', () => {
  it('lays the line into the widest gap, or at a number', () => {
    const worth = [
      [3, 0.01, 0.02],
      [1.5, 2, 0.004],
      [0.003, 0.02, 0.9]
    ]
    const { edges, clear } = decideEdges(worth)
    expect(clear).toBe(true)
    expect(edges).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 1]
    ])
    expect(
      decideEdges(worth, 3)
        .edges.flat()
        .filter((edge) => edge === 1)
    ).toHaveLength(3)
  })

  it('gives a latent without causes none, though distortion is worth something to it', () => {
    const worth = [
      [3, 0.02, 2.5],
      [0.02, 0.015, 0.018],
      [0.01, 2, 0.05]
    ]
    expect(decideEdges(worth).edges[1]).toEqual([0, 0, 0])
    expect(decideEdges(worth, 3).edges).toEqual([
      [1, 0, 1],
      [0, 0, 0],
      [0, 1, 0]
    ])
  })

  it('finds none where nothing is worth anything', () => {
    const { edges } = decideEdges([
      [0.001, -0.001],
      [0, 0.0005]
    ])
    expect(edges.flat()).toEqual([0, 0, 0, 0])
  })
})

describe('decideInterventions', () => {
  const [D, VALUES] = [10, 40]
  /** Each value moves one latent, every fourth two; of the other worths some are what bends of codes leave. */
  const worthsOf = (
    seed: number,
    other: (random: Generator) => number,
    edge: (random: Generator) => number
  ): { readonly worth: number[][]; readonly graph: number[][] } => {
    const random = generator(seed)
    const graph = Array.from({ length: D }, (_, i) =>
      Array.from({ length: VALUES }, (__, v) => Number(v % D === i || (v % 4 === 0 && (3 * v + 1) % D === i)))
    )
    const worth = graph.map((row) => row.map((is) => (is === 1 ? edge(random) : other(random))))
    return { worth, graph }
  }
  const strong = (random: Generator): number => 0.7 + 0.7 * random.uniform()
  const wrong = (edges: number[][], graph: number[][]): number =>
    edges.flat().filter((entry, at) => entry !== graph.flat()[at]).length

  it('takes hardly any bend of codes for an edge, where the widest gap takes many', () => {
    // As in codes of trainings: logarithms about −5.7 ± 1.9, and a few bends that are worth up to a third of an edge.
    const bent = (random: Generator): number =>
      random.uniform() < 0.03
        ? 0.27 + 0.2 * random.uniform()
        : Math.min(0.1, Math.exp(-5.7 + 1.9 * random.normal()))
    const cases = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => worthsOf(seed, bent, strong))
    const wrongBy = (decide: typeof decideInterventions): number[] =>
      cases.map(({ worth, graph }) => wrong(decide(worth).edges, graph))
    const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)
    expect(total(wrongBy(decideInterventions))).toBeLessThan(4)
    expect(Math.min(...wrongBy(decideEdges))).toBeGreaterThan(5)
  })

  it('keeps a weak edge in exact codes, where nothing else is worth anything', () => {
    const chance = (random: Generator): number => 2e-3 * (random.normal() ** 2 - 1)
    const { worth, graph } = worthsOf(6, chance, strong)
    worth[3][3] = 0.12
    worth[5][15] = 0.15
    expect(wrong(decideInterventions(worth).edges, graph)).toBe(0)
  })

  it('takes so many as are asked for, and the widest gap where there are few to compare with', () => {
    const { worth } = worthsOf(7, () => 0.01, strong)
    expect(
      decideInterventions(worth, 12)
        .edges.flat()
        .filter((entry) => entry === 1)
    ).toHaveLength(12)
    const few = [
      [3, 0.01, 0.02],
      [1.5, 2, 0.004],
      [0.003, 0.02, 0.9]
    ]
    expect(decideInterventions(few)).toEqual(decideEdges(few))
  })
})

describe('relativeWorth', () => {
  it('is 1 for the strongest cause of a latent, and less where that one is weak beside others', () => {
    expect(
      relativeWorth([
        [2, 1],
        [0.05, 0.1],
        [4, 0]
      ])
    ).toEqual([
      [1, 0.5],
      [0.25, 0.5],
      [1, 0]
    ])
  })
})
