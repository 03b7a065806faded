/** How jobs are handed to workers, tried again, and given up: with workers that do as they are told. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it } from 'vitest'
import { jobFailed, jobStopped } from '../src/errors.js'
import { gridOf, type Job, sweepOf } from '../src/grid.js'
import { runLocally } from '../src/local-sweep.js'
import type { Result } from '../src/messages.js'
import { outcomesOf } from '../src/results.js'
import { resultsFolder } from '../src/results-folder.js'
import type { Runner } from '../src/runner-process.js'

const root = mkdtempSync(join(tmpdir(), 'sweep-local-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const jobs = ((): readonly Job[] => {
  const grid = gridOf('some.json', '{"problems": "ActionDiag", "seeds": "1..6"}')
  if (E.isLeft(grid)) throw new Error(grid.left.message)
  const sweep = sweepOf('some.json', grid.right)
  if (E.isLeft(sweep)) throw new Error(sweep.left.message)
  return sweep.right.jobs
})()

const resultOf = ({ settings }: Job): Result => ({
  ...settings,
  prediction: 'complete',
  hidden: 0,
  mcc: 0.9,
  rCon: 0.9,
  r: 0.9,
  rFloor: null,
  kernelRCon: null,
  shd: 0,
  edges: 10,
  possible: 100,
  seconds: 1,
  hypothesis: 'sparse',
  published: null,
  engine: 'none'
})

type Answer = ReturnType<Runner['run']>

interface Scene {
  readonly folder: string
  readonly workers: number
  readonly answer: (job: Job, folder: string) => Awaited<Answer>
  readonly signal?: AbortSignal
}

const play = async ({ folder, workers, answer, signal = new AbortController().signal }: Scene) => {
  mkdirSync(folder, { recursive: true })
  const results = resultsFolder(folder)
  const ran: string[] = []
  const failures: { readonly job: string; readonly tries: number; readonly final: boolean }[] = []
  let stopped = 0
  const runner: Runner = {
    run: async (job, place) => {
      ran.push(job.name)
      await new Promise((resolve) => setImmediate(resolve))
      return answer(job, place)
    },
    stop: () => {
      stopped++
    },
    close: () => undefined
  }
  await runLocally({
    jobs,
    runners: Array.from({ length: workers }, () => runner),
    folder: results,
    signal,
    listener: {
      onStart: () => undefined,
      onProgress: () => undefined,
      onDone: () => undefined,
      onFailed: (_, { name }, __, tries, final) => failures.push({ job: name, tries, final })
    }
  })
  return { outcomes: outcomesOf(jobs, results), ran, failures, stopped }
}

const done = (job: Job) => E.right(resultOf(job))

describe('a local sweep', () => {
  it.each([1, 2, 20])('runs each job once, with %i workers', async (workers) => {
    const { ran, outcomes } = await play({ folder: join(root, `once-${workers}`), workers, answer: done })
    expect([...ran].sort()).toEqual(jobs.map(({ name }) => name).sort())
    expect(outcomes.map(({ result }) => result)).toEqual(jobs.map(resultOf))
  })

  it('gives up a job after three tries, and goes on with the rest', async () => {
    const folder = join(root, 'failing')
    const bad = jobs[2]
    const broken = 'runTraining: loss is NaN at step 7, expected finite numbers'
    const answer = (job: Job) => (job === bad ? E.left(jobFailed(broken)) : done(job))
    const { ran, failures, outcomes } = await play({ folder, workers: 2, answer })
    expect(failures).toEqual([1, 2, 3].map((tries) => ({ job: bad.name, tries, final: tries === 3 })))
    expect(ran).toHaveLength(jobs.length + 2)
    expect(outcomes.filter(({ result }) => result !== undefined)).toHaveLength(jobs.length - 1)
    expect(outcomes[2]).toEqual({ job: bad, failure: broken })

    // The next sweep in the folder tries it again, and nothing else.
    const again = await play({ folder, workers: 2, answer: done })
    expect(again.ran).toEqual([bad.name])
    expect(again.outcomes[2]).toEqual({ job: bad, result: resultOf(bad) })
    expect(readdirSync(folder).filter((name) => name.includes('failed'))).toEqual([])
  })

  it('starts the last try without the checkpoint, and removes checkpoints of finished jobs', async () => {
    const folder = join(root, 'checkpoints')
    const seen: boolean[] = []
    const answer = (job: Job, place: string) => {
      if (job !== jobs[0]) return done(job)
      seen.push(existsSync(place))
      mkdirSync(place, { recursive: true })
      writeFileSync(join(place, 'checkpoint'), '')
      return seen.length < 3 ? E.left(jobFailed('broken')) : done(job)
    }
    const { outcomes } = await play({ folder, workers: 1, answer })
    expect(seen).toEqual([false, true, false])
    expect(outcomes[0].result).toEqual(resultOf(jobs[0]))
    expect(readdirSync(folder).sort()).toEqual(jobs.map(({ name }) => `${name}.json`).sort())
  })

  it('takes a result of other settings, or a broken one, for none', async () => {
    const folder = join(root, 'foreign')
    mkdirSync(folder)
    writeFileSync(join(folder, `${jobs[0].name}.json`), '{"problem": ')
    const foreign = JSON.stringify({ ...resultOf(jobs[1]), rows: 5 })
    writeFileSync(join(folder, `${jobs[1].name}.json`), foreign)
    writeFileSync(join(folder, `${jobs[2].name}.json`), JSON.stringify(resultOf(jobs[2])))
    const { ran, outcomes } = await play({ folder, workers: 1, answer: done })
    expect(ran).toEqual(jobs.filter((job) => job !== jobs[2]).map(({ name }) => name))
    expect(outcomes.map(({ result }) => result)).toEqual(jobs.map(resultOf))
  })

  it('stops, and keeps what is done', async () => {
    const folder = join(root, 'stopped')
    const abort = new AbortController()
    const answer = (job: Job) => {
      if (job !== jobs[1]) return done(job)
      abort.abort()
      return E.left(jobStopped)
    }
    const { ran, stopped, failures, outcomes } = await play({
      folder,
      workers: 1,
      answer,
      signal: abort.signal
    })
    expect(ran).toEqual([jobs[0].name, jobs[1].name])
    expect(stopped).toBe(1)
    expect(failures).toEqual([])
    expect(outcomes.filter(({ result }) => result !== undefined)).toHaveLength(1)
  })
})
