/** The published problems, seed by seed, beside the published figures; an interrupted table goes on where it stopped. */
import { join } from 'node:path'
import {
  engineCalled,
  orFail,
  prepareFolder,
  publishedProblems,
  readOptions,
  table,
  writeJson,
  writeText
} from '@mechid/example-terminal'
import { message as mechanismMessage, problem } from '@mechid/mechanisms'
import { specs } from './options.js'
import { csvOf, finishedRun, type RunRecord, summaryRows } from './records.js'
import { runOnce } from './run.js'

const say = (text: string): void => console.log(text)

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run table -- [options]',
    'Trains the published problems and prints our figures, seed by seed, beside the published ones.'
  )
  const { only, seeds, seed, preset, latents, rows, out, json } = options
  const names = only === undefined ? publishedProblems : only.split(',').map((name) => name.trim())
  const kernels = names.map((name) => ({
    name,
    kernel: orFail(problem(name, { latents }), mechanismMessage)
  }))
  const engine = await engineCalled(options.engine)
  await prepareFolder(out, json)
  say(`Engine: ${engine.name}: ${engine.description}.`)
  const records: RunRecord[] = []
  for (const { name, kernel } of kernels) {
    for (let s = seed; s < seed + seeds; s++) {
      const settings = { problem: name, method: preset, seed: s, latents, rows, steps: options.steps ?? null }
      const file = join(out, 'runs', `${name.replace(/[^\w]+/g, '-')}-${preset}-${latents}-${rows}-${s}.json`)
      let record = await finishedRun(file, settings)
      if (record === undefined) {
        say(`\n${name}, seed ${s}`)
        record = await runOnce(kernel, settings, engine, file.replace(/\.json$/, ''))
        await prepareFolder(join(out, 'runs'))
        await writeJson(file, record)
      }
      records.push(record)
      say(table(summaryRows([record])))
    }
  }
  say(`\n${table(summaryRows(records))}`)
  await writeText(join(out, 'results.csv'), csvOf(records))
  await writeJson(join(out, 'results.json'), records)
  if (json !== undefined) await writeJson(json, records)
  say(`\nWritten: ${join(out, 'results.csv')}, ${join(out, 'results.json')}`)
}

await main()
