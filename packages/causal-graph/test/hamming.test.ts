import { readFileSync } from 'node:fs'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CausalGraph,
  edgeErrors,
  fromRows,
  graphFromRows,
  identityMatrix,
  permuteGraph,
  structuralHamming
} from '../src/index.js'
import { graphOf, permutationOf, rowsOf } from './arbitraries.js'
import { errorText } from './error-text.js'

interface Edges {
  readonly edges: {
    readonly target: number[][]
    readonly predicted: number[][]
    readonly falsePositives: number
    readonly falseNegatives: number
    readonly shd: number
  }
}
const cases: Edges[] = JSON.parse(readFileSync(new URL('./data/patterns.json', import.meta.url), 'utf8'))

const shd = (a: CausalGraph, b: CausalGraph): number => orThrow(structuralHamming(a, b)).shd

describe('edgeErrors', () => {
  it('agrees with the reference counts', () => {
    for (const { edges } of cases) {
      const { target, predicted, ...expected } = edges
      expect(orThrow(edgeErrors(orThrow(fromRows(target)), orThrow(fromRows(predicted))))).toEqual(expected)
    }
  })
})

describe('structuralHamming', () => {
  it('is a metric', () => {
    const graph = fc
      .record({ latents: rowsOf(4, 4), actions: rowsOf(4, 3) })
      .map((plain) => orThrow(graphFromRows(plain)))
    fc.assert(
      fc.property(graph, graph, graph, (a, b, c) => {
        expect(shd(a, a)).toBe(0)
        expect(shd(a, b)).toBe(shd(b, a))
        expect(shd(a, c)).toBeLessThanOrEqual(shd(a, b) + shd(b, c))
      })
    )
  })

  it('undoes a relabelling of learned latents by the assignment', () => {
    fc.assert(
      fc.property(graphOf(6), permutationOf(6), (truth, assignment) => {
        const learned = orThrow(permuteGraph(assignment, truth))
        expect(orThrow(structuralHamming(truth, learned, assignment)).shd).toBe(0)
      })
    )
  })

  it('counts self-loops, Gz and Ga', () => {
    const truth = orThrow(graphFromRows({ latents: [[1]], actions: [[0, 1]] }))
    const learned = orThrow(graphFromRows({ latents: [[0]], actions: [[1, 1]] }))
    expect(orThrow(structuralHamming(truth, learned))).toEqual({
      falsePositives: 1,
      falseNegatives: 1,
      shd: 2
    })
  })

  it('refuses what is not comparable', () => {
    const [time, action] = [
      orThrow(graphFromRows({ latents: [[1]] })),
      orThrow(graphFromRows({ actions: [[1]] }))
    ]
    expect(errorText(structuralHamming(time, action))).toBe(
      'structuralHamming: latents (Gz) of the learned graph is absent, expected present, as in the truth'
    )
    expect(errorText(edgeErrors(identityMatrix(2), identityMatrix(3)))).toBe(
      'edgeErrors: the learned matrix is 3 × 3, expected 2 × 2'
    )
  })
})
