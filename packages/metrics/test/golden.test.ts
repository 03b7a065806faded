import { readFileSync } from 'node:fs'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { linearR, mcc, rCon, shd } from '../src/index.js'
import { fromRows } from './inputs.js'

interface Case {
  readonly kind: string
  readonly shape: [number, number]
  readonly z: number[][]
  readonly zHat: number[][]
  readonly mccPearson: number
  readonly mccSpearman: number
  readonly assignment: number[]
  readonly linearR: number
  readonly consistency: ReadonlyArray<{ readonly pattern: number[][]; readonly rCon: number }>
  readonly edges: {
    readonly target: number[][]
    readonly predicted: number[][]
    readonly shd: number
    readonly falsePositives: number
    readonly falseNegatives: number
  }
}

const cases: Case[] = JSON.parse(readFileSync(new URL('./data/metrics-cases.json', import.meta.url), 'utf8'))

const TOLERANCE = 1e-9

describe('published values', () => {
  it.each(cases)('$kind $shape', (golden) => {
    const z = fromRows(golden.z)
    const zHat = fromRows(golden.zHat)
    const pearson = orThrow(mcc(z, zHat))
    expect(pearson.assignment).toEqual(golden.assignment)
    expect(Math.abs(pearson.value - golden.mccPearson)).toBeLessThan(TOLERANCE)
    expect(Math.abs(orThrow(mcc(z, zHat, 'spearman')).value - golden.mccSpearman)).toBeLessThan(TOLERANCE)
    expect(Math.abs(orThrow(linearR(z, zHat)).value - golden.linearR)).toBeLessThan(TOLERANCE)
    for (const { pattern, rCon: expected } of golden.consistency) {
      expect(Math.abs(orThrow(rCon(z, zHat, pattern, pearson.assignment)).value - expected)).toBeLessThan(
        TOLERANCE
      )
    }
    const { target, predicted, ...distance } = golden.edges
    expect(orThrow(shd(target, predicted))).toEqual(distance)
  })
})
