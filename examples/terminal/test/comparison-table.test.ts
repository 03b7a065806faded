import type { Comparison } from '@mechid/evaluation'
import { expect, it } from 'vitest'
import { comparisonRows } from '../src/comparison-table.js'

const score = (value: number) => ({ value, interval: [value - 0.001, value + 0.001] as const, chance: 0.02 })

const comparison: Comparison = {
  rows: 25_000,
  mcc: score(0.998),
  r: score(0.9985),
  rCon: { ...score(0.998), perLatent: [0.998] },
  kernelRCon: { value: 0.9991, perLatent: [0.9991] },
  graph: { shd: 3, falsePositives: 2, falseNegatives: 1, chance: 32 },
  assignment: [0],
  correlation: [[1]],
  entanglement: [[1]],
  entanglementChance: [0.02],
  violations: []
}

it('scores stand beside chance and published figures', () => {
  expect(comparisonRows(comparison, { mcc: 0.9982, shd: 0.4 })).toEqual([
    ['score', 'value', '95% interval', 'chance', 'published'],
    ['MCC', '0.9980', '0.9970 – 0.9990', '0.0200', '0.9982'],
    ['R_con', '0.9980', '0.9970 – 0.9990', '0.0200', ''],
    ['R_con, kernel', '0.9991', '', '', ''],
    ['R', '0.9985', '0.9975 – 0.9995', '0.0200', ''],
    ['SHD', '3', '2 extra, 1 missing', '32.0', '0.4']
  ])
})

it('without published figures there is no column for them', () => {
  expect(comparisonRows(comparison)[0]).toEqual(['score', 'value', '95% interval', 'chance'])
  expect(comparisonRows(comparison)[5]).toEqual(['SHD', '3', '2 extra, 1 missing', '32.0'])
})
