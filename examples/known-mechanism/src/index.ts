/** Known mechanisms: what they leave ambiguous, predicted and measured; with a ball from its pictures. */
import { join } from 'node:path'
import type { Engine } from '@mechid/engine'
import {
  engineCalled,
  orFail,
  prepareFolder,
  progressBar,
  readOptions,
  resultOptions,
  say,
  table,
  trainingOptions,
  writeJson,
  writeText
} from '@mechid/example-terminal'
import { type Chapter, renderDocument } from '@mechid/report'
import { ball } from './ball.js'
import { cases } from './cases.js'
import {
  caseRow,
  casesHead,
  pixelPictures,
  pixelRows,
  pixelsChapter,
  pixelsHead,
  reportOf,
  vectorsChapter,
  walkRows,
  walksChapter,
  walksHead
} from './document.js'
import { learnPixels, predictPixels } from './pixels.js'
import { type CaseResult, learnCase } from './vectors.js'
import { learnWalk, noises, predictWalk, type WalkRun } from './walks.js'

const specs = {
  part: {
    kind: 'choice',
    choices: ['all', 'vectors', 'walks', 'pixels'],
    fallback: 'all',
    description: 'the part to run'
  },
  seeds: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    fallback: 3,
    description: 'number of seeds for vectors and walks, from --seed on'
  },
  steps: {
    kind: 'number',
    integer: true,
    least: 10,
    placeholder: 'N',
    fallback: 3600,
    description: 'training steps of the part pixels'
  },
  seed: trainingOptions.seed,
  engine: trainingOptions.engine,
  ...resultOptions('out/known')
} as const

/** A part's chapter of the report, and its figures. */
interface Part {
  readonly chapter: Chapter
  readonly figures: unknown
  readonly pictures?: Readonly<Record<string, string>>
}

const vectors = async (device: Engine, seeds: ReadonlyArray<number>): Promise<Part> => {
  const bar = progressBar('vectors', cases.length * seeds.length)
  const results: CaseResult[] = []
  let done = 0
  for (const one of cases) {
    results.push(await learnCase(one, device, seeds, () => bar.update(++done, { mechanism: one.name })))
  }
  bar.stop()
  say(`\nVectors, held-out rows, ${seeds.length} seeds:\n${table([casesHead, ...results.map(caseRow)])}`)
  const figures = results.map(({ one, prediction, runs }) => ({
    mechanism: one.name,
    mixing: one.mixing,
    dimension: prediction.answer.dimension,
    signedPermutations: prediction.order,
    runs
  }))
  return { chapter: vectorsChapter(results), figures }
}

const walks = async (device: Engine, seeds: ReadonlyArray<number>): Promise<Part> => {
  const bar = progressBar('random walks', noises.length * seeds.length)
  const predictions = noises.map(predictWalk)
  const runs: WalkRun[] = []
  for (const noise of noises) {
    for (const one of seeds) {
      runs.push(await learnWalk(noise, device, one))
      bar.update(runs.length, { noise: noise.name })
    }
  }
  bar.stop()
  say(`\nRandom walks by likelihood, held-out rows:\n${table([walksHead, ...walkRows(predictions, runs)])}`)
  return { chapter: walksChapter(predictions, runs), figures: runs }
}

const BETWEEN_UPDATES = 10

/** A step is many small operations: a second thread would mostly wait. */
const ENGINE = { threads: 1 }

const pixels = async (device: Engine, first: number, steps: number): Promise<Part> => {
  const prediction = predictPixels()
  const bar = progressBar('a ball from its pictures', steps)
  const onProgress = (step: number, loss: number): void => {
    if (step % BETWEEN_UPDATES === 0 || step === steps) bar.update(step, { loss: loss.toFixed(2) })
  }
  const result = await learnPixels(device, { seed: first, steps, onProgress })
  bar.stop()
  say(`\nA ball from its pictures, held-out frames:\n${table([pixelsHead, ...pixelRows(result)])}`)
  say(`gravity ${result.gravity.toFixed(3)}, true ${ball.gravity}`)
  const { x: _x, z: _z, zHat: _zHat, ...figures } = result
  return { chapter: pixelsChapter(prediction, result), figures, pictures: { ...pixelPictures(result) } }
}

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run known -- [options]',
    'What known mechanisms leave ambiguous, predicted before training and measured after it; with a ball from its pictures.'
  )
  const started = performance.now()
  await prepareFolder(options.out, options.json)
  const device = await engineCalled(options.engine, ENGINE)
  say(`Engine: ${device.name}: ${device.description}.`)
  const seeds = Array.from({ length: options.seeds }, (_, i) => options.seed + i)
  const wanted = (part: string): boolean => options.part === 'all' || options.part === part
  const parts: Record<string, Part> = {}
  if (wanted('vectors')) parts.vectors = await vectors(device, seeds)
  if (wanted('walks')) parts.walks = await walks(device, seeds)
  if (wanted('pixels')) parts.pixels = await pixels(device, options.seed, options.steps)
  const seconds = (performance.now() - started) / 1000
  const content = reportOf(
    Object.values(parts).map(({ chapter }) => chapter),
    { seed: options.seed, engine: device.name, seconds }
  )
  await writeText(join(options.out, 'report.html'), orFail(renderDocument(content)))
  for (const [name, svg] of Object.entries(parts.pixels?.pictures ?? {})) {
    await writeText(join(options.out, `${name}.svg`), svg)
  }
  if (options.json !== undefined) {
    await writeJson(
      options.json,
      Object.fromEntries(Object.entries(parts).map(([name, { figures }]) => [name, figures]))
    )
  }
  say(`\n${Math.round(seconds)} s; report: ${join(options.out, 'report.html')}`)
}

await main()
