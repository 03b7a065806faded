/** The results of a sweep as files: csv, JSON, and a page. */
import { join } from 'node:path'
import { csvOf, orFail, say, writeJson, writeText } from '@mechid/example-terminal'
import { renderDocument } from '@mechid/report'
import type { Outcome } from './axes.js'
import type { Job, Sweep } from './grid.js'
import { sweepDocument } from './report.js'
import type { ResultsFolder } from './results-folder.js'

/** What each job has come to so far, in the order of the grid. */
export const outcomesOf = (jobs: readonly Job[], folder: ResultsFolder): Outcome[] =>
  jobs.map((job): Outcome => {
    const result = folder.result(job)
    if (result !== undefined) return { job, result }
    const failure = folder.failure(job)
    return failure === undefined ? { job } : { job, failure: failure.message }
  })

const MOST_LISTED = 20

/** Writes the files, prints what is not finished, and answers whether every job is. */
export const writeResults = async (
  out: string,
  { grid, jobs, leftOut }: Sweep,
  folder: ResultsFolder,
  json: string | undefined
): Promise<boolean> => {
  const outcomes = outcomesOf(jobs, folder)
  const results = outcomes.flatMap(({ result }) => (result === undefined ? [] : [result]))
  const failures = outcomes.flatMap(({ job, failure }) =>
    failure === undefined ? [] : [{ job: job.name, settings: job.settings, message: failure }]
  )
  const notRun = outcomes.flatMap(({ job, result, failure }) =>
    result === undefined && failure === undefined ? [job.name] : []
  )
  const all = { grid, results, failures, notRun }
  await writeText(join(out, 'results.csv'), csvOf(results))
  await writeJson(join(out, 'results.json'), all)
  if (json !== undefined) await writeJson(json, all)
  await writeText(
    join(out, 'report.html'),
    orFail(renderDocument(sweepDocument(grid.name, outcomes, leftOut)))
  )
  say(
    `${results.length} of ${jobs.length} jobs finished, ${failures.length} failed, ${notRun.length} not run.`
  )
  for (const { job, message } of failures.slice(0, MOST_LISTED)) say(`  failed: ${job}: ${message}`)
  if (failures.length > MOST_LISTED) say(`  and ${failures.length - MOST_LISTED} more; see the report`)
  say(
    `Report: ${join(out, 'report.html')}; figures: ${join(out, 'results.csv')}, ${join(out, 'results.json')}`
  )
  return results.length === jobs.length
}
