/** The report of a fit. */
import { reportContent } from '@mechid/example-terminal'
import type { ReportContent } from '@mechid/report'
import { heldOutLatents } from './evaluation.js'
import type { Fit } from './fit.js'
import { latentCharts } from './latent-charts.js'
import { latentRows, latentStates } from './latent-rows.js'
import { originFacts } from './origin.js'
import { type Agreement, agreementSentences } from './seeds.js'
import { responsesOf, sensorMapOf } from './sensor-map.js'
import { findings, latentName, ofLearned } from './sentences.js'

/** The trainings that a report tells of: one, or several of which one is shown. */
export interface Seeds {
  readonly fits: readonly Fit[]
  readonly agreement: Agreement
}

const verdict = (fit: Fit, seeds: Seeds | undefined): string[] => {
  const { prepared, trained, evaluation } = fit
  const scores =
    evaluation.comparison === undefined
      ? 'The file has no true latents to score against. Train with several seeds, and trust the latents on which the runs agree (mean MCC of all pairs).'
      : 'Learned latents against the true ones of the file, on held-out rows:'
  return [
    ...findings(trained.model, evaluation, prepared.actionNames),
    ...(seeds === undefined ? [] : agreementSentences(seeds.fits, seeds.agreement)),
    scores
  ]
}

/** Names for tables of true and learned latents: the file’s, and those of what is matched with them. */
const latentNames = ({ prepared, evaluation }: Fit): Pick<ReportContent, 'latentNames'> => {
  const { comparison } = evaluation
  if (comparison === undefined) return {}
  const learned = comparison.assignment.map((j) => (j < 0 ? '–' : latentName(j)))
  return { latentNames: { true: prepared.latentNames, learned } }
}

/** All that the page shows of latents, which takes some decoding. */
const latentContent = async (
  fit: Fit,
  agreement: Agreement | undefined
): Promise<Pick<ReportContent, 'latents' | 'sensorMap' | 'panels'>> => {
  const { engine, prepared, trained, evaluation } = fit
  const zHat = heldOutLatents(prepared, evaluation.encoded)
  const responses = await responsesOf(engine, trained.model, prepared, zHat)
  const names = Array.from({ length: zHat.shape[1] }, (_, i) => latentName(i))
  const entangledWith = evaluation.learnedPrediction?.entangledWith ?? names.map(() => [])
  return {
    latents: latentRows(fit, responses, agreement),
    ...(responses === undefined
      ? {}
      : {
          sensorMap: sensorMapOf(responses, prepared.featureNames, names, latentStates(fit), entangledWith)
        }),
    panels: latentCharts(fit, responses)
  }
}

/** `date`: when the fit was finished, ISO 8601. */
export const fitReport = async (fit: Fit, seeds: Seeds | undefined, date: string): Promise<ReportContent> => {
  const { file, seed, engine, origin, prepared, trained, learned, evaluation } = fit
  const { sequences, split, notes, actionNames } = prepared
  const units = sequences.temporal ? 'sequences' : 'rows'
  const all = seeds?.fits.map((one) => one.seed) ?? [seed]
  return reportContent({
    title: `${file}: ${trained.model.shape.latents} latents`,
    subtitle: `${sequences.count} ${units}, ${split.test.length} of them held out for all scores below.`,
    prediction: [
      ...notes,
      'If the learned graph is the true one, mechanism sparsity identifies:',
      ...ofLearned(evaluation.learnedPrediction?.explanation ?? [], actionNames)
    ],
    actionNames,
    verdict: verdict(fit, seeds),
    trained,
    learned,
    seed,
    engine: engine.description,
    otherScores: [
      {
        name: 'explained',
        value: evaluation.explained,
        explanation: 'share of the variance of the features that the model reconstructs, on held-out rows'
      }
    ],
    ...(seeds === undefined ? {} : { seeds: seeds.agreement.graph }),
    ...(evaluation.comparison === undefined ? {} : { comparison: evaluation.comparison }),
    more: {
      ...latentNames(fit),
      ...(await latentContent(fit, seeds?.agreement)),
      origin: originFacts(origin, prepared, all, engine, date)
    }
  })
}
