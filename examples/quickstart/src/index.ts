/** The demo: what theory predicts for a published problem, a training, and whether it kept the promise. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { orThrow as definiteGraph, graphFromRows, type Prediction, predict } from '@mechid/causal-graph'
import {
  type Configuration,
  type Engine,
  type EngineName,
  encodeRows,
  engineNames,
  message as estimatorMessage,
  findEngine,
  learnedGraph,
  type Model,
  preset,
  presetNames,
  saveModel,
  type Trained
} from '@mechid/estimator'
import {
  type Comparison,
  compare,
  failWith,
  helpText,
  type OptionValues,
  parseOptions,
  table,
  trainWithProgress
} from '@mechid/example-terminal'
import { causalGraph, orThrow as definite, problem } from '@mechid/mechanisms'
import { message as metricMessage } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { exampleSource, linesOf, nnMixing, orThrow, simulate, splitRows, takeRows } from '@mechid/simulators'

const DATASET = 'ActionNonDiag'
const LATENTS = 6
const FEATURES = 12
const ROWS = 120_000
const TEST_SHARE = 1 / 12

const specs = {
  seed: {
    kind: 'number',
    integer: true,
    least: 0,
    placeholder: 'N',
    fallback: 1,
    description: 'seed of data and training'
  },
  preset: { kind: 'choice', choices: presetNames, fallback: 'fast', description: 'training recipe' },
  engine: {
    kind: 'choice',
    choices: engineNames,
    fallback: 'auto',
    description: 'what the training runs on'
  },
  out: { kind: 'text', placeholder: 'DIR', fallback: 'out/demo', description: 'where the results go' },
  json: { kind: 'text', placeholder: 'FILE', description: 'write the results as JSON, too' },
  help: { kind: 'flag', description: 'this text' }
} as const

type Options = OptionValues<typeof specs>

const readOptions = (): Options => {
  const parsed = parseOptions(specs, process.argv.slice(2))
  if (parsed._tag === 'Left') return failWith(parsed.left.message, 2)
  if (parsed.right.help) {
    const purpose = `Learns ${LATENTS} latents and their causal graph from ${FEATURES} observed features of the problem ${DATASET}.`
    console.log(helpText('npm run demo -- [options]', purpose, specs))
    process.exit(0)
  }
  return parsed.right
}

const say = (text: string): void => console.log(text)

const announce = (prediction: Prediction, edges: number): void => {
  say(
    `Problem: ${DATASET}. ${LATENTS} latents, each driven by two of ${LATENTS} actions; ${FEATURES} features observe them through a random neural network.`
  )
  say(
    `\nBefore training, theory says (${edges} edges, mechanism sparsity): ${prediction.kind} disentanglement.`
  )
  for (const line of prediction.explanation) say(`  ${line}`)
}

const chooseEngine = async (name: string): Promise<Engine> => {
  const engine = await findEngine(name as EngineName)()
  if (engine._tag === 'Left') return failWith(estimatorMessage(engine.left))
  say(`\nEngine: ${engine.right.name}: ${engine.right.description}.`)
  return engine.right
}

const configurationOf = (name: string, edges: number): Configuration => {
  const shape = { latents: LATENTS, features: FEATURES, actions: LATENTS, temporal: false }
  const configuration = preset(name, shape, edges)
  return configuration._tag === 'Left' ? failWith(estimatorMessage(configuration.left)) : configuration.right
}

const report = ({ scores }: Comparison, prediction: Prediction): void => {
  const { mcc, mccInterval, mccChance, rCon, r, shd, falsePositives, falseNegatives } = scores
  const digits = (x: number): string => x.toFixed(3)
  say('\nOn held-out rows:')
  say(
    table([
      ['score', 'value', '95% interval', 'chance'],
      ['MCC', digits(mcc), mccInterval.map(digits).join(' – '), digits(mccChance)],
      ['R_con', digits(rCon), '', ''],
      ['R', digits(r), '', ''],
      ['SHD', String(shd), `${falsePositives} extra, ${falseNegatives} missing`, '']
    ])
  )
  const kept = prediction.kind === 'complete' && mcc >= 0.9 && shd <= 1
  say(
    kept
      ? '\nThe promise was kept: every latent found, one by one, and the graph with it.'
      : '\nThe promise was not fully kept in this run; theory speaks of the best fit, training may stop short of it.'
  )
}

const save = async (options: Options, model: Model, results: unknown): Promise<void> => {
  const folder = resolve(options.out)
  await mkdir(folder, { recursive: true })
  const saved = await saveModel(join(folder, 'model.safetensors'), model)()
  if (saved._tag === 'Left') failWith(estimatorMessage(saved.left))
  const text = `${JSON.stringify(results, null, 2)}\n`
  await writeFile(join(folder, 'results.json'), text)
  if (options.json !== undefined) await writeFile(resolve(options.json), text)
  say(`\nModel and results: ${options.out}`)
}

const finished = (trained: Awaited<ReturnType<typeof trainWithProgress>>): Trained => {
  if (trained._tag === 'Left') return failWith(estimatorMessage(trained.left))
  return trained.right.aborted ? failWith('interrupted before the training was done') : trained.right
}

const main = async (): Promise<void> => {
  const options = readOptions()
  const { seed } = options
  const random = generator(seed)
  const kernel = definite(problem(DATASET, { latents: LATENTS }))
  const graph = causalGraph(kernel)
  const edges = graph.actions.flat().reduce((sum, edge) => sum + edge, 0)
  const target = { actions: graph.actions }
  const prediction = predict(definiteGraph(graphFromRows(target)))
  announce(prediction, edges)
  const engine = await chooseEngine(options.engine)
  const configuration = configurationOf(options.preset, edges)

  const mixing = orThrow(nnMixing({ latents: LATENTS, features: FEATURES, random: random.split('mixing') }))
  const { data } = orThrow(simulate({ kernel, mixing, rows: ROWS, seed }))
  const split = splitRows(ROWS, { validation: 0, test: TEST_SHARE }, random.split('split'))
  const source = exampleSource(data, split.train)
  const trained = finished(
    await trainWithProgress({ data: source, latents: LATENTS, configuration, engine, seed })
  )

  const held = takeRows(data, split.test)
  const zHat = await encodeRows(engine, trained.model, linesOf(held.x))()
  if (zHat._tag === 'Left' || held.z === undefined) {
    return failWith(zHat._tag === 'Left' ? estimatorMessage(zHat.left) : 'the simulation has no latents')
  }
  const compared = compare(
    linesOf(held.z),
    zHat.right,
    target,
    learnedGraph(trained.model),
    prediction.pattern
  )
  if (compared._tag === 'Left') return failWith(metricMessage(compared.left))
  report(compared.right, prediction)
  const { mcc, rCon, r, shd, mccChance } = compared.right.scores
  await save(options, trained.model, {
    dataset: DATASET,
    seed,
    engine: engine.name,
    seconds: trained.seconds,
    prediction,
    metrics: { mcc, rCon, r, shd, mccChance }
  })
}

await main()
