/** Learns from a data file of the user: latents, their causal graph, a model, a report. */
import { basename, join } from 'node:path'
import type { Engine } from '@mechid/engine'
import { checkTraining, learnedGraph, preset, type Recipe, withSteps } from '@mechid/estimator'
import {
  comparisonRows,
  engineCalled,
  finished,
  orFail,
  prepareFolder,
  readOptions,
  required,
  resultOptions,
  say,
  table,
  trainingOptions,
  trainWithProgress
} from '@mechid/example-terminal'
import { type DataShape, exampleSource } from '@mechid/simulators'
import type { ExampleSource } from '@mechid/values'
import { type Prepared, prepareData } from './data.js'
import { evaluateFit } from './evaluation.js'
import { writeFit } from './results.js'

const specs = {
  data: {
    kind: 'text',
    placeholder: 'FILE',
    description:
      'a .npz with arrays x [n, d] or [n, t, d] and optionally a (actions) and z (true latents, for scores); or a .csv with columns x0 …, a0 …, z0 …'
  },
  latents: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'D',
    description: 'number of latents, at most that of features'
  },
  actions: {
    kind: 'choice',
    choices: ['continuous', 'discrete'],
    fallback: 'continuous',
    description: 'discrete actions are integers 0, 1, …; each value becomes a column'
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
    fallback: 'gated',
    description: 'training recipe; fast supposes additive mechanisms'
  },
  steps: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    description: 'training steps (default: those of the preset)'
  },
  resume: { kind: 'flag', description: 'go on from the checkpoint in the folder of --out, if there is one' },
  ...resultOptions('out/fit')
} as const

/** Steps between two checkpoints. */
const CHECKPOINT_EVERY = 250

const describe = (file: string, { shape, split }: Prepared): string => {
  const { rows, frames, features, actions, temporal } = shape
  const size = temporal ? `${rows} sequences of ${frames} frames` : `${rows} rows`
  const action = actions === 0 ? 'no actions' : `${actions} action columns`
  return `${basename(file)}: ${size}, ${features} features, ${action}; ${split.test.length} held out.`
}

const recipeOf = (
  options: {
    readonly preset: string
    readonly edges: number | undefined
    readonly steps: number | undefined
  },
  shape: DataShape,
  source: ExampleSource,
  latents: number
): Recipe => {
  const model = { latents, features: shape.features, actions: shape.actions, temporal: shape.temporal }
  const recipe = orFail(preset(options.preset, model, options.edges))
  const configuration = options.steps === undefined ? recipe : withSteps(recipe, options.steps)
  return orFail(checkTraining(source, latents, configuration))
}

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run fit -- --data FILE --latents D [options]',
    'Learns latents and their causal graph from a data file. Writes latents.npz, graph.json, model.safetensors,\nresults.json and report.html.'
  )
  const { out, seed } = options
  const file = required('data', options.data)
  const latents = required('latents', options.latents)
  const prepared = await prepareData(file, options.actions, seed)
  const source = exampleSource(prepared.data, prepared.split.train)
  const configuration = recipeOf(options, prepared.shape, source, latents)
  const engine: Engine = await engineCalled(options.engine)
  await prepareFolder(out, options.json)
  say(describe(file, prepared))
  say(`Engine: ${engine.name}: ${engine.description}.`)

  const trained = finished(
    await trainWithProgress(source, {
      latents,
      configuration,
      engine,
      seed,
      checkpoint: { directory: out, every: CHECKPOINT_EVERY },
      resume: options.resume
    }),
    true
  )
  if (trained.resumedAt > 0) say(`Resumed at step ${trained.resumedAt}.`)
  const evaluation = await evaluateFit(engine, prepared, trained.model)
  const { comparison, explained } = evaluation
  say(
    `\nOn held-out rows the model reconstructs ${(100 * explained).toFixed(2)}% of the variance of the features.`
  )
  if (comparison === undefined) say('The file has no true latents z, so the learned ones cannot be scored.')
  else say(table(comparisonRows(comparison)))
  say('\nIf the learned graph is the true one, theory says:')
  for (const line of evaluation.learnedPrediction?.explanation ?? []) say(`  ${line}`)
  await writeFit(out, options.json, {
    file: basename(file),
    seed,
    engine,
    prepared,
    trained,
    learned: learnedGraph(trained.model),
    evaluation
  })
  say(`\nReport: ${join(out, 'report.html')}`)
}

await main()
