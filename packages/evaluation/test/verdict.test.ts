import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import type { Comparison } from '../src/comparison.js'
import { theory } from '../src/index.js'
import { verdictOf } from '../src/verdict.js'

const thresholds = { correlation: 0.9, shd: 1, chance: 0.5 }
const graphs = {
  complete: {
    actions: [
      [1, 0],
      [0, 1]
    ]
  },
  partial: {
    actions: [
      [1, 1],
      [0, 1]
    ]
  },
  none: { actions: [[1], [1]] }
}

const score = (value: number) => ({ value, interval: [value, value] as const, chance: 0.02 })

const comparison = (mcc: number, rCon: number, shd: number): Comparison => ({
  rows: 25_000,
  mcc: score(mcc),
  r: score(rCon),
  rCon: { ...score(rCon), perLatent: [rCon, rCon] },
  graph: { shd, falsePositives: shd, falseNegatives: 0, chance: 30 },
  assignment: [0, 1],
  correlation: [
    [mcc, 0],
    [0, mcc]
  ],
  entanglement: [
    [1, 0],
    [0, 1]
  ],
  entanglementChance: [0.02, 0.02],
  violations: []
})

describe('figures of published problems', () => {
  it.each([
    ['ActionNonDiag, 101', 'complete', 0.9992, 0.9992, 0, 'Kept'],
    ['ActionNonDiag (sigmoid), 101', 'complete', 0.9472, 0.9472, 0, 'Kept'],
    ['TimeNonDiag (norm), 101', 'complete', 0.8414, 0.8414, 32, 'Broken'],
    ['ActionBlockNonDiag, 101', 'partial', 0.8033, 0.9873, 0, 'Kept'],
    ['ActionRandomGraph, 10 %, 102', 'partial', 0.8378, 0.8997, 0, 'Broken'],
    ['ActionRandomGraph, 70 %, 101', 'partial', 0.9503, 0.9983, 0, 'Kept'],
    ['ActionRandomGraph, 70 %, 102', 'partial', 0.9342, 0.9544, 2, 'Broken'],
    ['a graph that leaves all mixed', 'none', 0.9992, 0.9992, 0, 'CannotTell']
  ] as const)('%s', (_, promise, mcc, rCon, shd, expected) => {
    const promised = orThrow(theory(graphs[promise]))
    expect(promised.promise).toBe(promise)
    expect(verdictOf(promised, comparison(mcc, rCon, shd), false, thresholds)._tag).toBe(expected)
  })
})

it('a partial promise is held to R_con, a complete one to MCC', () => {
  const mixed = comparison(0.75, 0.99, 0)
  expect(verdictOf(orThrow(theory(graphs.partial)), mixed, false, thresholds)._tag).toBe('Kept')
  expect(verdictOf(orThrow(theory(graphs.complete)), mixed, false, thresholds)._tag).toBe('Broken')
})
