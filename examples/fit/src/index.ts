/** Learns from data files of the user: latents, their causal graph, a model, a report. */
import { join } from 'node:path'
import type { Engine } from '@mechid/engine'
import { learnedGraph, type Recipe } from '@mechid/estimator'
import {
  comparisonRows,
  engineCalled,
  filesOf,
  finished,
  keepInputs,
  latentRange,
  nameOf,
  prepareFolder,
  readOptions,
  recordingOptions,
  required,
  resultOptions,
  say,
  selectedBy,
  table,
  trainingOptions,
  trainWithProgress,
  writeJson
} from '@mechid/example-terminal'
import { type Prepared, prepareData } from './data.js'
import { evaluateFit } from './evaluation.js'
import type { Fit } from './fit.js'
import { latentsFor } from './latent-number.js'
import { type Origin, originOf } from './origin.js'
import { CHECKPOINT_EVERY, type Pilots } from './pilots.js'
import { presetOf, recipeFor } from './recipe.js'
import type { Seeds } from './report.js'
import { writeFit } from './results.js'
import { agreementOf, agreementSentences, seedRows, seedsSummary } from './seeds.js'
import { findings, lengthenedSentence, ofLearned } from './sentences.js'
import { recipeWithVariance, varianceChoices } from './variance.js'

const specs = {
  ...recordingOptions,
  latents: {
    kind: 'text',
    placeholder: 'D',
    description:
      'number of latents, at most that of features; 8..12 or auto chooses it by held-out rows, with a training for each number'
  },
  actions: {
    kind: 'choice',
    choices: ['continuous', 'discrete'],
    fallback: 'continuous',
    description: 'discrete: each value becomes a column of its own; text always does'
  },
  strict: { kind: 'flag', description: 'refuse features that do not vary, instead of leaving them out' },
  'split-seed': {
    kind: 'number',
    integer: true,
    least: 0,
    placeholder: 'N',
    fallback: 1,
    description: 'decides which rows are held out'
  },
  edges: {
    kind: 'number',
    least: 0,
    placeholder: 'N',
    description: 'at most N edges in the graph (default: an edge must be worth half a nat)'
  },
  ...trainingOptions,
  preset: {
    ...trainingOptions.preset,
    choices: ['auto', ...trainingOptions.preset.choices],
    fallback: 'auto',
    description:
      'training recipe; auto: fast, in stages, from 1,024 examples on, below that gated, which learns edges along'
  },
  steps: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    description: 'training steps (default: those of the preset)'
  },
  batch: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    description: 'rows a step (default: those of the preset, and at most half of them all)'
  },
  'learning-rate': {
    kind: 'number',
    above: 0,
    placeholder: 'R',
    description: 'learning rate (default: that of the preset)'
  },
  filters: {
    kind: 'text',
    placeholder: 'N,N,…',
    description:
      'for frames: filters of each convolution, which halves the sides (default: by the size of frames)'
  },
  variance: {
    kind: 'choice',
    choices: varianceChoices,
    fallback: 'auto',
    description: 'constant: causes move means alone; depends: variances, too; auto: held-out rows decide'
  },
  seeds: {
    kind: 'number',
    integer: true,
    least: 1,
    most: 1000,
    placeholder: 'N',
    fallback: 1,
    description:
      'trainings with seeds from --seed on: their agreement, stable edges, and the best by held-out likelihood'
  },
  resume: {
    kind: 'flag',
    description:
      'go on from the checkpoint in the folder of --out, if there is one; with more --steps than before, longer'
  },
  ...resultOptions('out/fit')
} as const

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

const describe = (file: string, { observations, frames, a, sequences, split }: Prepared): string => {
  const [lines, features] = observations.shape
  const { temporal, count } = sequences
  const size = temporal
    ? `${counted(count, 'sequence')} of ${counted(lines, 'frame')}`
    : counted(lines, 'row')
  const action = a === undefined ? 'no actions' : counted(a.shape[1], 'action column')
  const seen =
    frames === undefined
      ? counted(features, 'feature')
      : `${frames.height} × ${frames.width} pixels with ${counted(frames.channels, 'channel')}`
  return `${file}: ${size}, ${seen}, ${action}; ${split.test.length} held out.`
}

/** What all trainings of a run share. */
interface Run {
  readonly file: string
  readonly prepared: Prepared
  readonly origin: Origin
  readonly configuration: Recipe
  readonly engine: Engine
  readonly latents: number
  readonly resume: boolean
}

/** Trains with one seed, its checkpoint in `folder`, and scores the model on held-out rows. */
const fitted = async (run: Run, seed: number, folder: string): Promise<Fit> => {
  const { file, prepared, origin, configuration, engine, latents, resume } = run
  const trained = finished(
    await trainWithProgress(prepared.training, {
      latents,
      configuration,
      engine,
      seed,
      checkpoint: { directory: folder, every: CHECKPOINT_EVERY },
      resume,
      onLengthened: (before) => say(lengthenedSentence(configuration, before))
    }),
    true
  )
  if (trained.resumedAt > 0) say(`Resumed at step ${trained.resumedAt}.`)
  const evaluation = await evaluateFit(engine, prepared, trained.model)
  return { file, seed, engine, prepared, origin, trained, learned: learnedGraph(trained.model), evaluation }
}

/** Says what was found, and writes it. */
const concluded = async (fit: Fit, out: string, json: string | undefined, seeds?: Seeds): Promise<void> => {
  const { evaluation, trained, prepared } = fit
  const { comparison, explained } = evaluation
  say(
    `\nOn held-out rows the model reconstructs ${(100 * explained).toFixed(2)}% of the variance of the features.`
  )
  for (const sentence of findings(trained.model, evaluation, prepared.actionNames)) say(sentence)
  if (comparison === undefined) say('The file has no true latents z, so the learned ones cannot be scored.')
  else say(table(comparisonRows(comparison)))
  say('\nIf the learned graph is the true one, theory says:')
  for (const line of ofLearned(evaluation.learnedPrediction?.explanation ?? [], prepared.actionNames))
    say(`  ${line}`)
  await writeFit(out, json, fit, seeds)
  say(`\nReport: ${join(out, 'report.html')}`)
}

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run fit -- --data FILE --latents D [options]',
    'Learns latents and their causal graph from a data file. Writes latents.npz, graph.json, model.safetensors,\nmodel.onnx (the encoder), results.json and report.html.'
  )
  const { out, seed } = options
  const asked = required('latents', options.latents)
  const files = filesOf(options)
  const file = nameOf(files)
  keepInputs(files, { json: options.json })
  const prepared = await prepareData({
    files,
    actionKind: options.actions === 'discrete' ? 'discrete' : 'continuous',
    strict: options.strict,
    splitSeed: options['split-seed'],
    ...selectedBy(options)
  })
  const range = latentRange(asked, prepared.training.features)
  const recipeWith = (number: number, preset = options.preset): Recipe =>
    recipeFor(prepared.training, {
      ...options,
      preset,
      latents: number,
      rate: options['learning-rate'],
      frames: prepared.frames
    })
  // What does not suit the data is refused before the first training.
  recipeWith(range.most)
  const engine: Engine = await engineCalled(options.engine)
  await prepareFolder(out, options.json)
  say(describe(file, prepared))
  for (const note of prepared.notes) say(note)
  say(`Engine: ${engine.name}: ${engine.description}.`)
  say(`Preset: ${presetOf(options.preset, prepared.training.examples)}.`)

  const origin = await originOf(process.argv.slice(2), files, prepared, options['split-seed'])
  const pilots: Pilots = { out, resume: options.resume, basis: { data: origin.fingerprint, seed } }
  const choosing = { engine, seed, recipe: (number: number) => recipeWith(number, 'fast') }
  const latents = await latentsFor(prepared, range, choosing, pilots)
  const trial = { source: prepared.training, latents, engine, seed }
  const configuration = await recipeWithVariance(options.variance, recipeWith(latents), trial, pilots)
  const run: Run = { file, prepared, origin, configuration, engine, latents, resume: options.resume }
  const seeds = Array.from({ length: options.seeds }, (_, k) => seed + k)
  const fits: Fit[] = []
  for (const each of seeds) {
    const folder = seeds.length === 1 ? out : join(out, `seed-${each}`)
    if (seeds.length > 1) say(`\nSeed ${each}`)
    const fit = await fitted(run, each, folder)
    fits.push(fit)
    if (seeds.length > 1) await writeFit(folder, undefined, fit)
    else await concluded(fit, out, options.json)
  }
  if (fits.length === 1) return
  const agreement = agreementOf(fits)
  say(`\n${table(seedRows(fits, agreement))}`)
  for (const sentence of agreementSentences(fits, agreement)) say(sentence)
  say(`\nThe best seed by held-out likelihood, ${fits[agreement.best].seed}:`)
  await writeJson(join(out, 'seeds.json'), seedsSummary(fits, agreement))
  await concluded(fits[agreement.best], out, options.json, { fits, agreement })
}

await main()
