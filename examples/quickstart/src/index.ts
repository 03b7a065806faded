/** The demo: what theory promises of a published problem, a training, and whether the promise was kept. */
import { join } from 'node:path'
import { saveModel } from '@mechid/estimator'
import { forecast, type Verdict } from '@mechid/evaluation'
import {
  comparisonRows,
  engineCalled,
  lastUnmixed,
  type Outcome,
  orFail,
  type PublishedFigure,
  prepareFolder,
  problemCalled,
  problemExperiment,
  problemOptions,
  publishedFigure,
  readOptions,
  reportContent,
  resultOptions,
  runExperiment,
  STAGE_ROWS,
  say,
  stageRows,
  straighteningLines,
  table,
  trainingOptions,
  writeJson,
  writeReport
} from '@mechid/example-terminal'
import { causalGraph } from '@mechid/mechanisms'
import { resultsOf, stageMetrics } from './results.js'

const specs = {
  problem: {
    kind: 'text',
    placeholder: 'NAME',
    fallback: 'ActionNonDiag',
    description: 'a published problem; an unknown name lists them all'
  },
  ...problemOptions,
  ...trainingOptions,
  ...resultOptions('out/demo')
} as const

/** What straightening and the last unmixing say; no lines unless the training was in stages. */
const unmixingLines = ({ trained }: Outcome): readonly string[] => [
  ...straighteningLines(trained),
  ...(lastUnmixed(trained)?.explanation ?? [])
]

/** What breaks a promise. */
const reasonsOf = (verdict: Verdict): readonly string[] => (verdict._tag === 'Broken' ? verdict.reasons : [])

/** Prints scores and verdict. */
const printOutcome = (outcome: Outcome, published: PublishedFigure | undefined): void => {
  const { comparison, stages, evaluation } = outcome
  const sharpened = stages.length > 0 ? ', encodings sharpened by the decoder' : ''
  if (stages.length > 0) {
    const rows = Math.min(STAGE_ROWS, comparison.rows).toLocaleString('en')
    say(`\nAfter each stage, on ${rows} held-out rows${sharpened}:`)
    say(table(stageRows(stages)))
    say('\nUnmixing says:')
    for (const line of unmixingLines(outcome)) say(`  ${line}`)
  }
  say(`\nOn ${comparison.rows.toLocaleString('en')} held-out rows${sharpened}:`)
  say(table(comparisonRows(comparison, published)))
  const { floor } = comparison
  if (floor !== undefined) say(`(noise floor, the R that noise allows: ${floor.toFixed(4)})`)
  if (published !== undefined) say(`(published: 300,000 steps, at most ${published.edges} edges)`)
  const { verdict } = evaluation
  say(`\n${verdict.sentence}`)
  for (const reason of reasonsOf(verdict)) say(`  ${reason}`)
}

const main = async (): Promise<void> => {
  const purpose =
    'Learns the latents and the causal graph of a published problem from observed features and actions, and checks them.'
  const options = readOptions(specs, 'npm run demo -- [options]', purpose)
  const { seed, out, json, latents, rows, problem: name } = options
  const kernel = problemCalled(name, { latents, edgeProbability: options['edge-probability'], seed })
  const features = 2 * latents
  const truth = causalGraph(kernel)
  say(
    `Problem: ${name}. The mixing, a random neural network, maps ${latents} latents to ${features} features.`
  )
  const theory = forecast(kernel)
  say('\nBefore training, theory says:')
  for (const line of theory.lines) say(`  ${line}`)

  const engine = await engineCalled(options.engine)
  const { preset, steps } = options
  const experiment = problemExperiment(kernel, { preset, steps, rows, engine, seed })
  await prepareFolder(out, json)
  say(`\nEngine: ${engine.name}: ${engine.description}.`)
  const outcome = await runExperiment(experiment)
  const published = publishedFigure(name, latents)
  const { verdict } = outcome.evaluation
  printOutcome(outcome, published)

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
      subtitle: `${trainRows} rows to train on, ${testRows} held out for all scores below.`,
      prediction: theory.lines,
      verdict: [verdict.sentence, ...reasonsOf(verdict), ...unmixingLines(outcome)],
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
