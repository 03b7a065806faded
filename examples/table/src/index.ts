/** The published problems seed by seed, beside the published figures. An interrupted table goes on where it stopped. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '@mechid/engine'
import {
  csvOf,
  engineCalled,
  failWith,
  finishedRun,
  hasRandomGraph,
  keptJson,
  type LatentRange,
  latentRange,
  leftOut,
  methodCalled,
  methodNames,
  methodsIn,
  methodTitle,
  orFail,
  prepareFolder,
  problemCalled,
  problemLatents,
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
  whyNot,
  writeJson,
  writeText
} from '@mechid/example-terminal'
import type { Kernel } from '@mechid/mechanisms'
import { renderDocument } from '@mechid/report'
import * as E from 'fp-ts/lib/Either.js'
import { probabilitiesIn, specs } from './options.js'
import { tableDocument } from './report.js'

/** The published number of latents, which `--latents auto` keeps from the trainings. */
const PUBLISHED_LATENTS = 10

interface PlannedRun {
  readonly kernel: Kernel
  readonly settings: Settings
}

/** Stages that a bound on edges does not bear on. */
const BEFORE_EDGES = ['dense', 'sharpen'] as const

/** Whether runs differ in their bound on edges alone, so that the stages before edges are the same. */
const sharesCodes = (run: Settings, other: Settings): boolean =>
  runName({ ...run, bound: null }) === runName({ ...other, bound: null })

/** Hands the stages before edges of a finished run on to the next one, unless that has some of its own. */
const handCodesOn = (from: string, to: string): void => {
  const stages = BEFORE_EDGES.filter((stage) => existsSync(join(from, stage)))
  if (stages.length === 0 || existsSync(to)) return
  mkdirSync(to)
  for (const stage of stages) renameSync(join(from, stage), join(to, stage))
}

/** The kept record of this run. Where there is none, the run is trained now, and its record kept. `next`: a run that shares its stages before edges. */
const recordOf = async (
  { kernel, settings }: PlannedRun,
  next: PlannedRun | undefined,
  engine: Engine,
  folder: string
): Promise<RunRecord> => {
  const place = join(folder, runName(settings))
  const kept = finishedRun(`${place}.json`, settings)
  if (kept !== undefined) return kept
  say(`\n${settings.problem} by ${methodTitle(settings)}, seed ${settings.seed}`)
  const record = await runOnce(kernel, settings, engine, place)
  await writeJson(`${place}.json`, record)
  if (next !== undefined) {
    handCodesOn(place, join(folder, runName(next.settings)))
  }
  // Its checkpoints have served.
  rmSync(place, { recursive: true, force: true })
  return record
}

const writeTables = async (
  out: string,
  json: string | undefined,
  records: readonly RunRecord[],
  skipped: readonly string[]
): Promise<void> => {
  await writeText(join(out, 'results.csv'), csvOf(records))
  await writeJson(join(out, 'results.json'), records)
  if (json !== undefined) await writeJson(json, records)
  const html = orFail(renderDocument(tableDocument(records, skipped)))
  await writeText(join(out, 'report.html'), html)
}

type Options = ReturnType<typeof readOptions<typeof specs>>

const methodsOf = ({ methods, preset }: Options): readonly string[] => {
  const named = methodsIn(methods ?? preset)
  return E.isRight(named)
    ? named.right
    : failWith(`--methods: there is no "${named.left}"; the methods are ${methodNames.join(', ')}`, 2)
}

const probabilitiesOf = (options: Options): readonly number[] => {
  const text = options['edge-probability']
  return (
    probabilitiesIn(text) ??
    failWith(`--edge-probability: "${text}" is no list of numbers between 0 and 1, separated by commas`, 2)
  )
}

/** A bound on the number of edges: null is the true number. */
const boundIn = (text: string): Settings['bound'] => {
  if (text === 'true') return null
  if (text === 'auto') return 'auto'
  const bound = Number(text)
  return text !== '' && Number.isSafeInteger(bound) && bound >= 0
    ? bound
    : failWith(`--edges holds "${text}"; it must be true, auto, or an integer, 0 or more`, 2)
}

/** The bounds of a method: baselines learn no graph. */
const boundsFor = (method: string, { edges }: Options): readonly Settings['bound'][] =>
  methodCalled(method)._tag === 'Preset'
    ? [...new Set(edges.split(',').map((text) => boundIn(text.trim())))]
    : [null]

/** How many latents problems have. */
const latentsIn = (text: string): number => {
  const latents = text === 'auto' ? PUBLISHED_LATENTS : Number(text)
  return text !== '' && Number.isSafeInteger(latents) && latents >= 2
    ? latents
    : failWith(`--latents is "${text}"; it must be an integer, 2 or more, or auto`, 2)
}

/** From where presets take their number of latents; undefined: they are told. */
const choiceOf = (options: Options): LatentRange | undefined => {
  const text = options['choose-latents'] ?? (options.latents === 'auto' ? 'auto' : undefined)
  if (text === undefined) return undefined
  const features = 2 * latentsIn(options.latents)
  const range = latentRange(text, features, '--choose-latents')
  return range.most <= features
    ? range
    : failWith(`--choose-latents is "${text}", but there are only ${features} features`, 2)
}

/** The run with the number of latents that its data speak for. The choice is kept, since runs by other methods and bounds share it. */
const withChosen = async (
  { kernel, settings }: PlannedRun,
  range: LatentRange,
  engine: Engine,
  folder: string
): Promise<PlannedRun> => {
  const { rows, seed, steps } = settings
  const name = `latents ${range.least}..${range.most} ${runName({ ...settings, method: 'fast', bound: null })}`
  const file = join(folder, `${name}.json`)
  const kept = keptChoice(file)
  const learnedLatents =
    kept ??
    (await problemLatents(kernel, range, {
      rows,
      seed,
      ...(steps === null ? {} : { steps }),
      engine,
      folder: join(folder, name)
    }))
  if (kept === undefined) await writeJson(file, { learnedLatents })
  return { kernel, settings: { ...settings, learnedLatents } }
}

/** The number in the file of a choice; undefined where there is none that can be read. */
const keptChoice = (file: string): number | undefined => {
  const { learnedLatents } = (keptJson(file) ?? {}) as { learnedLatents?: unknown }
  return typeof learnedLatents === 'number' ? learnedLatents : undefined
}

/** All runs that the options ask for, those included that cannot be. */
const plannedRuns = (options: Options): readonly PlannedRun[] => {
  const { only, seeds, seed: first, rows } = options
  const latents = latentsIn(options.latents)
  const named = only?.split(',').map((name) => name.trim())
  const [methods, probabilities] = [methodsOf(options), probabilitiesOf(options)]
  const runsOf = (problem: string, method: string, edgeProbability: number, seed: number): PlannedRun[] =>
    boundsFor(method, options).map((bound) => ({
      kernel: problemCalled(problem, { latents, edgeProbability, seed }),
      settings: {
        problem,
        method,
        seed,
        latents,
        rows,
        steps: options.steps ?? null,
        edgeProbability: hasRandomGraph(problem) ? edgeProbability : null,
        bound
      }
    }))
  return [...new Set(named ?? publishedProblems)].flatMap((problem) =>
    (hasRandomGraph(problem) ? probabilities : probabilities.slice(0, 1)).flatMap((edgeProbability) =>
      methods.flatMap((method) =>
        Array.from({ length: seeds }, (_, s) => runsOf(problem, method, edgeProbability, first + s)).flat()
      )
    )
  )
}

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run table -- [options]',
    'Trains the published problems and prints the scores of each seed beside the published figures.'
  )
  const { out, json } = options
  const range = choiceOf(options)
  const asked = plannedRuns(options)
  const planned = asked.filter(({ kernel, settings: { method } }) => whyNot(method, kernel) === undefined)
  const skipped = leftOut(asked)
  for (const line of skipped) say(line)
  if (planned.length === 0) failWith('no method suits any of the problems', 2)
  const engine = await engineCalled(options.engine)
  await prepareFolder(out, json)
  const runs = join(out, 'runs')
  await prepareFolder(runs)
  say(`Engine: ${engine.name}: ${engine.description}.`)

  const records: RunRecord[] = []
  const chosen = (run: PlannedRun): PlannedRun | Promise<PlannedRun> =>
    range === undefined || methodCalled(run.settings.method)._tag !== 'Preset'
      ? run
      : withChosen(run, range, engine, runs)
  for (const [k, run] of planned.entries()) {
    const next = planned[k + 1]
    const shared = next !== undefined && sharesCodes(run.settings, next.settings)
    const present = await chosen(run)
    const record = await recordOf(present, shared ? await chosen(next) : undefined, engine, runs)
    records.push(record)
    say(table(summaryRows([record])))
    await writeTables(out, json, records, skipped)
  }
  say(`\n${table(summaryRows(records))}`)
  for (const line of [...remarks(records), ...skipped]) say(line)
  say(
    `\nReport: ${join(out, 'report.html')}; figures: ${join(out, 'results.csv')}, ${join(out, 'results.json')}`
  )
}

await main()
