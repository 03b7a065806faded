/** The demo: what theory predicts for a published problem, a training, and whether it kept the promise. */
import { join } from 'node:path'
import { preset, saveModel, withSteps } from '@mechid/estimator'
import { edgeCount, forecast } from '@mechid/evaluation'
import {
  commonOptions,
  comparisonRows,
  engineCalled,
  lastUnmixed,
  type Outcome,
  orFail,
  type PublishedFigure,
  prepareFolder,
  problemCalled,
  problemOptions,
  publishedFigure,
  readOptions,
  reportContent,
  runExperiment,
  stageRows,
  straighteningLines,
  table,
  withStarts,
  writeJson,
  writeReport
} from '@mechid/example-terminal'
import { causalGraph } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { nnMixing } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import { resultsOf, stageMetrics } from './results.js'

const TEST_SHARE = 1 / 12

const specs = {
  problem: {
    kind: 'text',
    placeholder: 'NAME',
    fallback: 'ActionNonDiag',
    description: 'a published problem, such as TimeNonDiag; an unknown name lists them'
  },
  ...problemOptions,
  ...commonOptions,
  out: { kind: 'text', placeholder: 'DIR', fallback: 'out/demo', description: 'where the results go' }
} as const

const say = (text: string): void => console.log(text)

/** What straightening and the last unmixing of a training in stages said. */
const unmixingLines = ({ trained }: Outcome): readonly string[] => [
  ...straighteningLines(trained),
  ...(lastUnmixed(trained)?.explanation ?? [])
]

/** Prints what was found, and the verdict. */
const tell = (outcome: Outcome, published: PublishedFigure | undefined): void => {
  const { comparison, stages, evaluation } = outcome
  if (stages.length > 0) {
    say('\nAfter each stage, by the encoder alone:')
    say(table(stageRows(stages)))
    say('\nUnmixing says:')
    for (const line of unmixingLines(outcome)) say(`  ${line}`)
  }
  const sharpened = stages.length > 0 ? ', encodings sharpened by the decoder' : ''
  say(`\nOn ${comparison.rows.toLocaleString('en')} held-out rows${sharpened}:`)
  say(table(comparisonRows(comparison, published)))
  const { floor } = comparison
  if (floor !== undefined) say(`(R that noise allows: ${floor.toFixed(4)})`)
  if (published !== undefined) say(`(published: 300,000 steps, bound ${published.edges} edges)`)
  say(`\n${evaluation.verdict.sentence}`)
}

const main = async (): Promise<void> => {
  const purpose = 'Learns latents and their causal graph from the observed features of a published problem.'
  const options = readOptions(specs, 'npm run demo -- [options]', purpose)
  const { seed, out, json, latents, rows, problem: name } = options
  const kernel = problemCalled(name, { latents, edgeProbability: options['edge-probability'], seed })
  const features = 2 * latents
  const truth = causalGraph(kernel)
  const { edges } = edgeCount(truth)
  say(`Problem: ${name}. ${features} features observe ${latents} latents through a random neural network.`)
  const theory = forecast(kernel)
  say('\nBefore training, theory says:')
  for (const line of theory.lines) say(`  ${line}`)

  const engine = await engineCalled(options.engine)
  const shape = { latents, features, actions: kernel.actions, temporal: kernel.lags > 0 }
  const recipe = withStarts(orFail(preset(options.preset, shape, edges)), kernel)
  const configuration = options.steps === undefined ? recipe : withSteps(recipe, options.steps)
  await prepareFolder(out, json)
  say(`\nEngine: ${engine.name}: ${engine.description}.`)
  const mixing = orThrow(nnMixing({ latents, features, random: generator(seed).split('mixing') }))
  const experiment = { kernel, mixing, rows, testShare: TEST_SHARE, engine, configuration, seed }
  const outcome = await runExperiment(experiment)
  const published = publishedFigure(name, latents)
  tell(outcome, published)

  orFail(await saveModel(join(out, 'model.safetensors'), outcome.trained.model)())
  const found = resultsOf(name, seed, engine.name, outcome)
  await writeJson(join(out, 'results.json'), found)
  if (json !== undefined) await writeJson(json, found)
  const held = outcome.comparison.rows
  const [trainRows, testRows] = [rows - held, held].map((count) => count.toLocaleString('en'))
  await writeReport(
    out,
    reportContent({
      ...outcome,
      title: `${name}: ${latents} latents from ${features} features`,
      subtitle: `${trainRows} rows to train on, ${testRows} held out for every score below.`,
      prediction: theory.lines,
      verdict: [outcome.evaluation.verdict.sentence, ...unmixingLines(outcome)],
      otherScores: stageMetrics(outcome),
      seed,
      engine: engine.description,
      truth,
      ...(published === undefined
        ? {}
        : { published: { ...published, what: 'the same problem, 300,000 steps' } })
    })
  )
  say(`\nReport: ${join(out, 'report.html')}`)
}

await main()
