/** The demo: what theory predicts for a published problem, a training, and whether it kept the promise. */
import { join } from 'node:path'
import { identifiedBy, type Prediction } from '@mechid/causal-graph'
import { type Engine, message, preset, saveModel } from '@mechid/estimator'
import {
  type Comparison,
  commonOptions,
  comparisonRows,
  engineCalled,
  type Outcome,
  orFail,
  type PublishedFigure,
  prepareFolder,
  promiseOf,
  publishedFigure,
  readOptions,
  reportContent,
  runExperiment,
  stageRows,
  table,
  trueGraphs,
  type Verdict,
  verdictOf,
  writeJson,
  writeReport
} from '@mechid/example-terminal'
import { type Kernel, message as mechanismMessage, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { nnMixing, orThrow } from '@mechid/simulators'

const ROWS = 300_000
const TEST_SHARE = 1 / 12

const specs = {
  problem: {
    kind: 'text',
    placeholder: 'NAME',
    fallback: 'ActionNonDiag',
    description: 'a published problem, such as TimeNonDiag; an unknown name lists them'
  },
  latents: {
    kind: 'number',
    integer: true,
    least: 2,
    placeholder: 'N',
    fallback: 10,
    description: 'latents; twice as many features'
  },
  ...commonOptions,
  out: { kind: 'text', placeholder: 'DIR', fallback: 'out/demo', description: 'where the results go' }
} as const

const say = (text: string): void => console.log(text)

/** Says what theory promises; answers the lines. */
const announce = (kernel: Kernel, edges: number): string[] => {
  const { prediction, promise } = promiseOf(kernel)
  const assumptions = identifiedBy(kernel)
  const lines = [
    promise === 'not sufficient'
      ? 'Sufficient influence is not met, or no theorem covers it: sparsity promises nothing here.'
      : `Mechanism sparsity with ${edges} edges: ${prediction.kind} disentanglement.`,
    ...prediction.explanation,
    ...(assumptions._tag === 'Right' ? assumptions.right.latents.map(({ text }) => text) : [])
  ]
  say('\nBefore training, theory says:')
  for (const line of lines) say(`  ${line}`)
  return lines
}

const tell = (
  kernel: Kernel,
  { comparison, stages, floor, trained }: Outcome,
  published: PublishedFigure | undefined
): Verdict => {
  if (stages.length > 0) {
    say('\nAfter each stage, by the encoder alone:')
    say(table(stageRows(stages)))
    const unmixed = trained.stages?.[stages.length - 1]?.unmixed
    for (const line of unmixed?.explanation ?? []) say(`  ${line}`)
  }
  const verdict = verdictOf(kernel, comparison, trained)
  say(
    `\nOn ${comparison.rows.toLocaleString('en')} held-out rows${stages.length > 0 ? ', encodings sharpened by the decoder' : ''}:`
  )
  say(table(comparisonRows(comparison, published)))
  if (floor !== undefined) say(`(R that noise allows: ${floor.r.toFixed(4)})`)
  if (published !== undefined) say(`(published: 300,000 steps, bound ${published.edges} edges)`)
  say(`\n${verdict.sentence}`)
  return verdict
}

const results = (
  name: string,
  seed: number,
  engine: Engine,
  prediction: Prediction,
  { trained, comparison, stages, floor }: Outcome
): unknown => {
  const { mcc, rCon, r, graph } = comparison
  const metrics = {
    mcc: mcc.value,
    rCon: rCon?.value,
    r: r.value,
    rFloor: floor?.r,
    shd: graph?.shd,
    mccChance: mcc.chance
  }
  return { dataset: name, seed, engine: engine.name, seconds: trained.seconds, prediction, metrics, stages }
}

const stageMetrics = ({ stages }: Outcome) =>
  stages.map(({ stage, mcc, seconds }) => ({
    name: `MCC after ${stage}`,
    value: mcc,
    explanation: `by the encoder alone; this stage took ${seconds.toFixed(0)} s`
  }))

const main = async (): Promise<void> => {
  const purpose = 'Learns latents and their causal graph from the observed features of a published problem.'
  const options = readOptions(specs, 'npm run demo -- [options]', purpose)
  const { seed, out, json, latents, problem: name } = options
  const kernel = orFail(problem(name, { latents }), mechanismMessage)
  const features = 2 * latents
  const truth = trueGraphs(kernel)
  const edges = [...(truth.latents ?? []), ...(truth.actions ?? [])]
    .flat()
    .reduce((sum, edge) => sum + edge, 0)
  say(`Problem: ${name}. ${features} features observe ${latents} latents through a random neural network.`)
  const promise = announce(kernel, edges)

  const engine = await engineCalled(options.engine)
  const shape = { latents, features, actions: kernel.actions, temporal: kernel.lags > 0 }
  const configuration = orFail(preset(options.preset, shape, edges), message)
  await prepareFolder(out, json)
  say(`\nEngine: ${engine.name}: ${engine.description}.`)
  const mixing = orThrow(nnMixing({ latents, features, random: generator(seed).split('mixing') }))
  const experiment = { kernel, mixing, rows: ROWS, testShare: TEST_SHARE, engine, configuration, seed }
  const outcome = await runExperiment(experiment)
  const published = publishedFigure(name, latents)
  const verdict = tell(kernel, outcome, published)

  orFail(await saveModel(join(out, 'model.safetensors'), outcome.trained.model)(), message)
  const found = results(name, seed, engine, verdict.prediction, outcome)
  await writeJson(join(out, 'results.json'), found)
  if (json !== undefined) await writeJson(json, found)
  const { rows } = outcome.comparison satisfies Comparison
  const [trainRows, testRows] = [ROWS - rows, rows].map((count) => count.toLocaleString('en'))
  const unmixed = outcome.trained.stages?.[outcome.stages.length - 1]?.unmixed
  await writeReport(
    out,
    reportContent({
      ...outcome,
      title: `${name}: ${latents} latents from ${features} features`,
      subtitle: `${trainRows} rows to train on, ${testRows} held out for every score below.`,
      prediction: promise,
      verdict: [verdict.sentence, ...(unmixed?.explanation ?? [])],
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
