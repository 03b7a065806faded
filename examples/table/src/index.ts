/** The published problems seed by seed, beside the published figures. An interrupted table goes on where it stopped. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '@mechid/engine'
import {
  csvOf,
  engineCalled,
  failWith,
  finishedRun,
  hasRandomGraph,
  orFail,
  prepareFolder,
  problemCalled,
  publishedProblems,
  type RunRecord,
  readOptions,
  remarks,
  runName,
  runOnce,
  type Settings,
  say,
  summaryRows,
  table,
  writeJson,
  writeText
} from '@mechid/example-terminal'
import type { Kernel } from '@mechid/mechanisms'
import { renderDocument } from '@mechid/report'
import { probabilitiesIn, specs } from './options.js'
import { tableDocument } from './report.js'

interface PlannedRun {
  readonly kernel: Kernel
  readonly settings: Settings
}

/** The kept record of this run. Where there is none, the run is trained now and its record kept. */
const recordOf = async (
  { kernel, settings }: PlannedRun,
  engine: Engine,
  folder: string
): Promise<RunRecord> => {
  const place = join(folder, runName(settings))
  const kept = finishedRun(`${place}.json`, settings)
  if (kept !== undefined) return kept
  say(`\n${settings.problem}, seed ${settings.seed}`)
  const record = await runOnce(kernel, settings, engine, place)
  await writeJson(`${place}.json`, record)
  // Its checkpoints have served.
  rmSync(place, { recursive: true, force: true })
  return record
}

const writeTables = async (
  out: string,
  json: string | undefined,
  records: readonly RunRecord[]
): Promise<void> => {
  await writeText(join(out, 'results.csv'), csvOf(records))
  await writeJson(join(out, 'results.json'), records)
  if (json !== undefined) await writeJson(json, records)
  const html = orFail(renderDocument(tableDocument(records)))
  await writeText(join(out, 'report.html'), html)
}

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run table -- [options]',
    'Trains the published problems and prints the scores of each seed beside the published figures.'
  )
  const { only, seeds, seed: first, preset, latents, rows, out, json } = options
  const named = only?.split(',').map((name) => name.trim())
  const text = options['edge-probability']
  const probabilities =
    probabilitiesIn(text) ??
    failWith(`--edge-probability: "${text}" is no list of numbers between 0 and 1, separated by commas`, 2)
  const planned = [...new Set(named ?? publishedProblems)].flatMap((problem): PlannedRun[] =>
    (hasRandomGraph(problem) ? probabilities : probabilities.slice(0, 1)).flatMap((edgeProbability) =>
      Array.from({ length: seeds }, (_, s) => {
        const seed = first + s
        return {
          kernel: problemCalled(problem, { latents, edgeProbability, seed }),
          settings: {
            problem,
            method: preset,
            seed,
            latents,
            rows,
            steps: options.steps ?? null,
            edgeProbability: hasRandomGraph(problem) ? edgeProbability : null,
            bound: null
          }
        }
      })
    )
  )
  const engine = await engineCalled(options.engine)
  await prepareFolder(out, json)
  const runs = join(out, 'runs')
  await prepareFolder(runs)
  say(`Engine: ${engine.name}: ${engine.description}.`)

  const records: RunRecord[] = []
  for (const run of planned) {
    const record = await recordOf(run, engine, runs)
    records.push(record)
    say(table(summaryRows([record])))
    await writeTables(out, json, records)
  }
  say(`\n${table(summaryRows(records))}`)
  for (const line of remarks(records)) say(line)
  say(
    `\nReport: ${join(out, 'report.html')}; figures: ${join(out, 'results.csv')}, ${join(out, 'results.json')}`
  )
}

await main()
