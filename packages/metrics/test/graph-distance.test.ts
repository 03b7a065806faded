import { type CausalGraph, type EdgeTable, orThrow } from '@mechid/values'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { graphAfterAssignment, shd, shdAfterAssignment } from '../src/index.js'

const tableOf = (rows: number, columns: number): fc.Arbitrary<EdgeTable> =>
  fc.array(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows
  })

const identity = (size: number): number[] => Array.from({ length: size }, (_, i) => i)

const assignmentOf = (size: number): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray(identity(size), { minLength: size, maxLength: size })

const distance = (a: CausalGraph, b: CausalGraph): number =>
  orThrow(shdAfterAssignment(a, b, identity((a.latents ?? a.actions ?? []).length))).shd

describe('the structural Hamming distance', () => {
  it('is a metric on tables', () => {
    const table = tableOf(4, 3)
    const between = (a: EdgeTable, b: EdgeTable): number => orThrow(shd(a, b)).shd
    fc.assert(
      fc.property(table, table, table, (a, b, c) => {
        expect(between(a, a)).toBe(0)
        expect(between(a, b)).toBe(between(b, a))
        expect(between(a, c)).toBeLessThanOrEqual(between(a, b) + between(b, c))
        if (between(a, b) === 0) expect(a).toEqual(b)
      })
    )
  })

  it('is a metric on graphs', () => {
    const graph = fc.record({ latents: tableOf(4, 4), actions: tableOf(4, 3) })
    fc.assert(
      fc.property(graph, graph, graph, (a, b, c) => {
        expect(distance(a, a)).toBe(0)
        expect(distance(a, b)).toBe(distance(b, a))
        expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c))
      })
    )
  })

  it('counts false positives of the one as false negatives of the other', () => {
    fc.assert(
      fc.property(tableOf(3, 5), tableOf(3, 5), (a, b) => {
        const [there, back] = [orThrow(shd(a, b)), orThrow(shd(b, a))]
        expect(there.falsePositives).toBe(back.falseNegatives)
        expect(there.falsePositives + there.falseNegatives).toBe(there.shd)
      })
    )
  })

  it('undoes a relabelling of learned latents by the assignment, over several lags', () => {
    const size = 5
    const graph = fc.record({ latents: tableOf(size, 2 * size), actions: tableOf(size, 3) })
    fc.assert(
      fc.property(graph, assignmentOf(size), (truth, assignment) => {
        const inverse = identity(size).map((i) => assignment.indexOf(i))
        const learned = graphAfterAssignment(truth, inverse)
        expect(orThrow(shdAfterAssignment(truth, learned, assignment)).shd).toBe(0)
        expect(graphAfterAssignment(learned, assignment)).toEqual(truth)
      })
    )
  })

  it('counts self-loops, Gz and Ga', () => {
    const truth = { latents: [[1]], actions: [[0, 1]] }
    const learned = { latents: [[0]], actions: [[1, 1]] }
    expect(orThrow(shdAfterAssignment(truth, learned, [0]))).toEqual({
      falsePositives: 1,
      falseNegatives: 1,
      shd: 2
    })
  })

  it('takes a part that only one graph has for one without edges in the other', () => {
    const [time, action] = [{ latents: [[1]] }, { actions: [[1, 0]] }]
    expect(orThrow(shdAfterAssignment(time, action, [0]))).toEqual({
      falsePositives: 1,
      falseNegatives: 1,
      shd: 2
    })
  })
})
