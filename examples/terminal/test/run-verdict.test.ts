/** Verdicts in records, in words, and in CSV. */
import { causalGraph, kernelSampler, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type CausalGraph, orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { csvOf } from '../src/run-csv.js'
import { type RunRecord, remarks, summaryRows } from '../src/run-records.js'
import {
  pairsInCell,
  type VerdictWithTruth,
  verdictInWords,
  verdictWithoutTruth,
  verdictWithTruth
} from '../src/run-verdict.js'

const record: RunRecord = {
  problem: 'ActionDiag',
  method: 'fast',
  seed: 101,
  latents: 3,
  rows: 1000,
  steps: null,
  edgeProbability: null,
  bound: null,
  prediction: 'complete',
  hidden: 0,
  mcc: 0.9,
  rCon: 0.9,
  r: 0.95,
  rFloor: null,
  kernelRCon: null,
  shd: 0,
  edges: 3,
  possible: 9,
  seconds: 1,
  hypothesis: 'additive',
  published: null
}

const broken: VerdictWithTruth = {
  answer: 'broken',
  pairs: [
    [2, 0],
    [0, 2]
  ],
  reasons: ['It was not kept.', 'z2 depends on the learned latent of z0.']
}

/** A header and one line as an object. Cells here hold no commas. */
const cells = (run: RunRecord): Record<string, string> => {
  const [head, line] = csvOf([run])
    .split('\n')
    .map((text) => text.split(','))
  return Object.fromEntries(head.map((name, i) => [name, line[i]]))
}

describe('the verdict of a run', () => {
  it('keeps pairs and reasons of a broken promise, and the doubt where nothing can be said', () => {
    expect(verdictWithTruth({ _tag: 'Kept', supposes: [], sentence: 'Kept.' })).toEqual({ answer: 'kept' })
    const found = { _tag: 'Broken', latents: [2], pairs: [[2, 0]], reasons: ['z2.'], supposes: [] } as const
    expect(verdictWithTruth({ ...found, sentence: 'Not kept.' })).toEqual({
      answer: 'broken',
      pairs: [[2, 0]],
      reasons: ['Not kept.', 'z2.']
    })
    const doubt = { _tag: 'CannotTell', doubt: 'latents alike', sentence: 'Copies.' } as const
    expect(verdictWithTruth(doubt)).toEqual({
      answer: 'cannot tell',
      doubt: 'latents alike',
      reasons: ['Copies.']
    })
  })

  it.each([
    [undefined, ''],
    [{ answer: 'kept' } as const, 'kept'],
    [broken, 'broken: 2-0, 0-2'],
    [{ ...broken, pairs: [] }, 'broken'],
    [{ ...broken, pairs: [...broken.pairs, ...broken.pairs] }, 'broken: 4 pairs'],
    [{ answer: 'cannot tell', doubt: 'too few rows', reasons: [] } as const, 'cannot tell: too few rows']
  ])('is said in a few words: %j', (verdict, words) => {
    expect(verdictInWords(verdict)).toBe(words)
  })

  it('stands in CSV and in the table, with the reasons as a remark', () => {
    const run = { ...record, verdict: broken }
    expect(cells(run)).toMatchObject({ verdict: '"broken"', brokenPairs: '"2-0 0-2"', doubt: '' })
    const [head, line] = summaryRows([run])
    expect(line[head.indexOf('verdict')]).toBe('broken: 2-0, 0-2')
    expect(remarks([run])).toEqual([
      'ActionDiag by fast, seed 101: It was not kept. z2 depends on the learned latent of z0.'
    ])
    expect(remarks([{ ...run, hypothesis: 'none' }])).toEqual([])
    expect(remarks([{ ...run, verdict: { answer: 'kept' } }])).toEqual([])
  })

  it('is empty for records that were kept before it was', () => {
    const line = cells(record)
    for (const name of ['verdict', 'brokenPairs', 'doubt', 'verdictWithoutTruth']) expect(line[name]).toBe('')
    const [head, shown] = summaryRows([record])
    expect(shown[head.indexOf('verdict')]).toBe('')
    expect(remarks([record])).toEqual([])
  })
})

describe('the verdict by the learned graph alone', () => {
  const kernelOf = (name: 'ActionNonDiag' | 'TimeNonDiag') => orThrow(problem(name, { latents: 3 }))

  /** The first cause of latent 1, and the graph without that edge. */
  const without = (graph: CausalGraph, kind: 'actions' | 'latents'): [number, CausalGraph] => {
    const table = graph[kind]!.map((row) => [...row])
    const edge = table[1].indexOf(1)
    table[1][edge] = 0
    return [edge, { ...graph, [kind]: table }]
  }

  it('judges static rows by their actions', () => {
    const [rows, random] = [1500, generator(1)]
    const a = Float64Array.from({ length: 3 * rows }, () => 4 * random.uniform() - 2)
    const z = new Float64Array(3 * rows)
    kernelSampler(kernelOf('ActionNonDiag'))(rows, new Float64Array(0), a, random, z)
    const held = { zHat: { data: z, shape: [rows, 3] }, a: { data: a, shape: [rows, 3] } } as const
    const asked = (learned: CausalGraph) =>
      orThrow(verdictWithoutTruth({ ...held, learned, hypothesisRejected: false }))
    const graph = causalGraph(kernelOf('ActionNonDiag'))
    expect(asked(graph).answer).toBe('kept')
    const [edge, less] = without(graph, 'actions')
    const answer = asked(less)
    expect(answer).toMatchObject({ answer: 'broken', pairs: [[1, `a${edge}`]] })
    expect(pairsInCell(answer)).toBe(`1-a${edge}`)
  })

  it('judges pairs of frames, next ones by first ones', () => {
    const [rows, random] = [4000, generator(2)]
    const before = Float64Array.from({ length: 3 * rows }, () => random.normal())
    const next = new Float64Array(3 * rows)
    kernelSampler(kernelOf('TimeNonDiag'))(rows, before, new Float64Array(0), random, next)
    const both = new Float64Array(6 * rows)
    for (let i = 0; i < rows; i++) {
      both.set(before.subarray(3 * i, 3 * i + 3), 6 * i)
      both.set(next.subarray(3 * i, 3 * i + 3), 6 * i + 3)
    }
    const asked = (learned: CausalGraph) => {
      const zHat = { data: both, shape: [2 * rows, 3] } as const
      return orThrow(verdictWithoutTruth({ zHat, learned, hypothesisRejected: false }))
    }
    const graph = causalGraph(kernelOf('TimeNonDiag'))
    expect(asked(graph).answer).toBe('kept')
    const [edge, less] = without(graph, 'latents')
    expect(asked(less)).toMatchObject({ answer: 'broken', pairs: [[1, `z${edge}`]] })
  })

  it('says where rows are too few', () => {
    const zHat = { data: new Float64Array(30), shape: [10, 3] } as const
    const a = { data: new Float64Array(30), shape: [10, 3] } as const
    const learned = {
      actions: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1]
      ]
    }
    expect(orThrow(verdictWithoutTruth({ zHat, a, learned, hypothesisRejected: false }))).toMatchObject({
      answer: 'cannot tell',
      doubt: 'too few rows'
    })
  })
})
