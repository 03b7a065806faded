/** The page of a sweep: means by axis, failures, and what is not run. */
import { renderDocument } from '@mechid/report'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../src/axes.js'
import type { Result } from '../src/messages.js'
import { sweepDocument } from '../src/report.js'

const outcome = (problem: string, seed: number, score: number | undefined): Outcome => {
  const settings = {
    problem,
    method: 'gated',
    seed,
    latents: 10,
    rows: 1000,
    steps: null,
    edgeProbability: null,
    bound: null
  }
  const job = { name: `${problem}-${seed}`, settings }
  if (score === undefined) return { job, failure: 'loss is NaN' }
  const partial = problem.includes('Block')
  const result: Result = {
    ...settings,
    prediction: partial ? 'partial' : 'complete',
    hidden: 0,
    // For blocks, the score that counts is R_con.
    mcc: partial ? 0.1 : score,
    rCon: partial ? score : 0.2,
    r: 0.9,
    rFloor: null,
    kernelRCon: null,
    shd: seed,
    edges: 10,
    possible: 100,
    seconds: 8,
    hypothesis: 'sparse',
    published: null,
    engine: 'none'
  }
  return { job, result }
}

const outcomes = [
  outcome('TimeDiag', 1, 0.5),
  outcome('TimeDiag', 2, 0.7),
  outcome('TimeBlockDiag', 1, 0.9),
  outcome('TimeBlockDiag', 2, undefined)
]

/** The rows of the table after this heading, as texts. */
const rowsAfter = (heading: string): string[][] => {
  const blocks = sweepDocument('some', outcomes).chapters.flatMap((chapter) => chapter.blocks ?? [])
  const at = blocks.findIndex((block) => block.kind === 'heading' && block.text === heading)
  const table = blocks[at + 1]
  if (at < 0 || table?.kind !== 'table') throw new Error(`no table after "${heading}"`)
  return table.rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.text)))
}

describe('the report of a sweep', () => {
  it('has the mean, least and greatest of the score that counts, value by value', () => {
    expect(rowsAfter('By problem')).toEqual([
      ['TimeDiag', '2 of 2', '0', '0.6000', '0.5000', '0.7000', '0.6000', '0.2000', '1.5', '8'],
      ['TimeBlockDiag', '1 of 2', '1', '0.9000', '0.9000', '0.9000', '0.1000', '0.9000', '1.0', '8']
    ])
    expect(rowsAfter('By seed').map((row) => row.slice(0, 4))).toEqual([
      ['1', '2 of 2', '0', '0.7000'],
      ['2', '1 of 2', '1', '0.7000']
    ])
  })

  it('is a page, with failures and what all jobs share', () => {
    const page = renderDocument(
      sweepDocument('some', [...outcomes, { job: outcome('ActionDiag', 1, 0).job }])
    )
    if (E.isLeft(page)) throw new Error(page.left.message)
    expect(page.right).toContain('5 jobs: 3 finished, 1 failed, 1 not run')
    expect(page.right).toContain('loss is NaN')
    expect(page.right).toContain(
      'The same in all jobs: method: gated; bound on edges: true number; latents: 10'
    )
    expect(page.right).toContain('not run</span>')
  })

  it('of one job has no axes', () => {
    const ids = sweepDocument('some', outcomes.slice(0, 1)).chapters.map(({ id }) => id)
    expect(ids).toEqual(['jobs'])
  })
})
