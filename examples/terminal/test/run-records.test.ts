import { describe, expect, it } from 'vitest'
import { type RunRecord, remarks } from '../src/run-records.js'

const run = (rCon: number, kernelRCon: number): RunRecord => ({
  problem: 'ActionBlockDiag',
  method: 'fast',
  seed: 101,
  latents: 10,
  rows: 300_000,
  steps: null,
  edgeProbability: null,
  bound: null,
  prediction: 'partial',
  hidden: 0,
  mcc: 0.7,
  rCon,
  kernelRCon,
  r: 0.999,
  rFloor: 0.999,
  shd: 0,
  edges: 10,
  possible: 50,
  seconds: 100,
  resumed: false,
  hypothesis: 'additive',
  verdict: { answer: 'kept' },
  published: null
})

describe('remarks on bent charts', () => {
  it('where smooth functions within a block explain most of what linear ones leave open', () => {
    expect(remarks([run(0.97, 0.996)])[0]).toMatch(/seem to have settled in a bent chart/)
  })

  it.each([
    [0.897, 0.902],
    [0.9995, 0.9997]
  ])(
    'none where they explain hardly more: R_con %f by linear functions, %f by smooth ones',
    (linear, smooth) => {
      expect(remarks([run(linear, smooth)])).toEqual([])
    }
  )
})
