/** Fits a user's own data file: latents, their causal graph, a model and a report. */
import { basename, join } from 'node:path'
import type { Engine } from '@mechid/engine'
import { checkTraining, learnedGraph, preset, presetNames, type Recipe, withSteps } from '@mechid/estimator'
import {
  commonOptions,
  comparisonRows,
  engineCalled,
  failWith,
  finished,
  orFail,
  prepareFolder,
  readOptions,
  table,
  trainWithProgress
} from '@mechid/example-terminal'
import { type DataShape, exampleSource } from '@mechid/simulators'
import type { ExampleSource } from '@mechid/values'
import { type Prepared, prepareData } from './data.js'
import { evaluateFit } from './evaluation.js'
import { writeFit } from './results.js'

const specs = {
  ...commonOptions,
  preset: {
    kind: 'choice',
    choices: presetNames,
    fallback: 'gated',
    description: 'training recipe; fast supposes additive mechanisms'
  },
  data: {
    kind: 'text',
    placeholder: 'FILE',
    description:
      '.npz with arrays x [n, d] or [n, t, d], optionally a (actions) and z (true latents, for scores), or .csv with columns x0 …, a0 …, z0 …'
  },
  latents: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'D',
    description: 'latents to learn, at most as many as features'
  },
  actions: {
    kind: 'choice',
    choices: ['continuous', 'discrete'],
    fallback: 'continuous',
    description: 'discrete: integers 0, 1, …, each value becomes a column of its own'
  },
  edges: {
    kind: 'number',
    least: 0,
    placeholder: 'N',
    description: 'edges that the graph may have; without it each edge has to be worth half a nat'
  },
  out: { kind: 'text', placeholder: 'DIR', fallback: 'out/fit', description: 'where the results go' },
  resume: { kind: 'flag', description: 'go on from the checkpoint in DIR, if there is one' },
  steps: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    description: 'training steps, in place of the recipe’s'
  }
} as const

/** Steps between two checkpoints. */
const CHECKPOINT_EVERY = 250

const say = (text: string): void => console.log(text)

const describe = (file: string, { shape, split }: Prepared): string => {
  const { rows, frames, features, actions, temporal } = shape
  const size = temporal ? `${rows} sequences of ${frames} frames` : `${rows} rows`
  const action = actions === 0 ? 'no actions' : `${actions} action columns`
  return `${basename(file)}: ${size}, ${features} features, ${action}; ${split.test.length} held out.`
}

const configured = (
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

const needed = <A>(name: string, value: A | undefined): A =>
  value ?? failWith(`--${name} is missing; see --help`, 2)

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run fit -- --data FILE --latents D [options]',
    'Learns latents and their causal graph from a data file; writes latents.npz, graph.json, model.safetensors and report.html.'
  )
  const { out, seed, engine: engineName } = options
  const file = needed('data', options.data)
  const latents = needed('latents', options.latents)
  const prepared = await prepareData(file, options.actions, seed)
  const source = exampleSource(prepared.data, prepared.split.train)
  const configuration = configured(options, prepared.shape, source, latents)
  const engine: Engine = await engineCalled(engineName)
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
  say(`\nReconstruction on held-out rows: ${(100 * explained).toFixed(2)}% of the variance of the features.`)
  if (comparison === undefined) say('The file holds no true latents z, so the learned ones cannot be scored.')
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
