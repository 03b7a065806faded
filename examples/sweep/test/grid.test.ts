/** Grid files: what they expand to, and what is refused. */
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { gridOf, readSweep, sweepOf } from '../src/grid.js'

const read = (grid: unknown) => {
  const parsed = gridOf('some.json', JSON.stringify(grid))
  return E.isLeft(parsed) ? parsed : sweepOf('some.json', parsed.right)
}

const jobsOf = (grid: unknown) => {
  const sweep = read(grid)
  if (E.isLeft(sweep)) throw new Error(sweep.left.message)
  return sweep.right.jobs
}

const messageOf = (grid: unknown): string => {
  const sweep = read(grid)
  return E.isLeft(sweep) ? sweep.left.message : 'no error'
}

describe('a grid', () => {
  it('is the product of its lists, each combination once', () => {
    const jobs = jobsOf({
      problems: ['ActionDiag', 'TimeDiag', 'ActionDiag'],
      methods: ['fast', 'gated'],
      bounds: ['true', 'auto', 10],
      seeds: ['101..103', 102, 7]
    })
    expect(jobs).toHaveLength(2 * 2 * 3 * 4)
    expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length)
    expect(jobs[0]).toEqual({
      name: 'ActionDiag-fast-10-300000-101',
      settings: {
        problem: 'ActionDiag',
        method: 'fast',
        seed: 101,
        latents: 10,
        rows: 300_000,
        steps: null,
        edgeProbability: null,
        bound: null
      }
    })
    expect(jobs.map(({ settings }) => settings.seed).slice(0, 4)).toEqual([101, 102, 103, 7])
  })

  it('names a job by its settings alone', () => {
    const [one] = jobsOf({ problems: 'TimeDiag', steps: 500, bounds: 12, seeds: 3 })
    const others = jobsOf({
      name: 'other',
      problems: ['ActionDiag', 'TimeDiag'],
      steps: ['preset', 500],
      bounds: [12, 13],
      seeds: '1..5'
    })
    expect(others.filter(({ name }) => name === one.name)).toEqual([one])
  })

  it('varies the edge probability of random graphs alone', () => {
    const jobs = jobsOf({ problems: ['ActionDiag', 'ActionRandomGraph'], edgeProbabilities: [0.1, 0.9] })
    expect(jobs.map(({ settings }) => settings.edgeProbability)).toEqual([null, 0.1, 0.9])
  })

  it('has baselines as methods, which learn no graph and do not suit every problem', () => {
    const sweep = read({
      problems: ['ActionDiag', 'TimeDiag'],
      methods: ['fast', 'ivae', 'supervised'],
      bounds: ['true', 'auto']
    })
    expect(sweep).toMatchObject({
      right: { leftOut: [expect.stringMatching(/^TimeDiag is left out of ivae\. iVAE: /)] }
    })
    const names = E.isRight(sweep) ? sweep.right.jobs.map(({ settings }) => settings) : []
    expect(names.map(({ problem, method, bound }) => `${problem} ${method} ${bound}`)).toEqual([
      'ActionDiag fast null',
      'ActionDiag fast auto',
      'ActionDiag ivae null',
      'ActionDiag supervised null',
      'TimeDiag fast null',
      'TimeDiag fast auto',
      'TimeDiag supervised null'
    ])
    expect(messageOf({ problems: 'TimeDiag', methods: 'ivae' })).toMatch(/has no jobs: TimeDiag is left out/)
  })

  it('is at hand to start with', () => {
    const example = readSweep(fileURLToPath(new URL('../methods.json', import.meta.url)))
    expect(example).toMatchObject({ right: { grid: { name: 'methods' }, jobs: { length: 16 } } })
  })

  it('is named after its file, unless it says otherwise', () => {
    const named = gridOf('some/where/my grid.v2.json', '{"problems": "TimeDiag"}')
    expect(named).toMatchObject({ right: { name: 'my-grid-v2' } })
    expect(gridOf('a.json', '{"problems": "TimeDiag", "name": "b"}')).toMatchObject({ right: { name: 'b' } })
  })

  it.each([
    [{ problems: 'ActionDiga' }, /"problems" holds "ActionDiga"; .*; did you mean ActionDiag\?/],
    [{ problems: ['TimeDiag', 3] }, /"problems" holds 3; each value must be one of/],
    [{ problems: 'TimeDiag', methods: 'gate' }, /"methods" holds "gate"; .*did you mean gated\?/],
    [{ problem: 'TimeDiag' }, /there is no field "problem"; did you mean problems\?/],
    [{ seeds: 1 }, /the field "problems" is missing/],
    [{ problems: [] }, /"problems" is empty, so the grid has no jobs/],
    [{ problems: 'TimeDiag', seeds: [] }, /"seeds" is empty, so the grid has no jobs/],
    [{ problems: 'TimeDiag', seeds: '5..3' }, /"seeds" holds "5..3"; .*a range such as "101..110"/],
    [{ problems: 'TimeDiag', seeds: -1 }, /"seeds" holds -1; each value must be an integer, 0 or more/],
    [{ problems: 'TimeDiag', latents: 2.5 }, /"latents" holds 2.5; each value must be an integer, 2 or more/],
    [{ problems: 'TimeDiag', rows: 10 }, /"rows" holds 10; each value must be an integer, 1000 or more/],
    [{ problems: 'TimeDiag', steps: 'many' }, /"steps" holds "many"; .*2 or more, or "preset"/],
    [{ problems: 'TimeDiag', bounds: 'tru' }, /"bounds" holds "tru"; .*1 or more, or "true", or "auto"/],
    [{ problems: 'ActionDiag', bounds: 200 }, /200, but ActionDiag with 10 latents has only 100 possible/],
    [{ problems: 'ActionRandomGraph', edgeProbabilities: 2 }, /holds 2; .*a number between 0 and 1/],
    [{ problems: 'TimeDiag', name: 'a:b' }, /"name" is "a:b"; it must be letters/],
    [{ problems: 'TimeDiag', seeds: ['1..100000', '200000..200009'] }, /has 100010 jobs, more than/],
    [[], /is no JSON object/]
  ])('%j is refused', (grid, message) => {
    const said = messageOf(grid)
    expect(said).toMatch(message)
    expect(said).toMatch(/^some\.json: /)
  })

  it('that is no JSON is refused', () => {
    expect(gridOf('some.json', '{"problems": ')).toMatchObject({
      left: { message: expect.stringMatching(/^some\.json: is no JSON \(.+\)$/) }
    })
  })
})
