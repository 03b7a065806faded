/** Writes the results of a fit: latents.npz, graph.json, model.safetensors, results.json, report.html, pictures. */
import { join, resolve } from 'node:path'
import type { Engine } from '@mechid/engine'
import { edgeProbabilities, saveModel, type Trained } from '@mechid/estimator'
import { orFail, reportContent, writeJson, writeReport } from '@mechid/example-terminal'
import { writeNpz } from '@mechid/files'
import type { CausalGraph } from '@mechid/values'
import type { Prepared } from './data.js'
import type { FitEvaluation } from './evaluation.js'

export interface Fit {
  readonly file: string
  readonly seed: number
  readonly engine: Engine
  readonly prepared: Prepared
  readonly trained: Trained
  readonly learned: CausalGraph
  readonly evaluation: FitEvaluation
}

/** `z_hat`: of every row or frame of the file; `test_rows`: the held-out rows. */
const writeLatents = async (folder: string, { prepared, evaluation }: Fit): Promise<void> => {
  const { shape, split } = prepared
  const { data } = evaluation.encoded
  const width = evaluation.encoded.shape[1]
  const size = shape.temporal ? [shape.rows, shape.frames, width] : [shape.rows, width]
  const arrays = {
    z_hat: { data, shape: size },
    test_rows: { data: split.test, shape: [split.test.length] }
  }
  orFail(await writeNpz(resolve(folder, 'latents.npz'), arrays)())
}

const summary = ({ file, seed, engine, trained, evaluation }: Fit): unknown => {
  const { learnedPrediction, explained, comparison } = evaluation
  return {
    dataset: file,
    seed,
    engine: engine.name,
    seconds: trained.seconds,
    prediction: learnedPrediction,
    metrics: {
      explained,
      ...(comparison === undefined
        ? {}
        : {
            mcc: comparison.mcc.value,
            rCon: comparison.rCon?.value,
            r: comparison.r.value,
            mccChance: comparison.mcc.chance
          })
    }
  }
}

const verdict = ({ evaluation }: Fit): string[] =>
  evaluation.comparison === undefined
    ? [
        'The file has no true latents to score against. Train with several seeds, and trust the latents on which the runs agree (mean MCC of all pairs).'
      ]
    : ['Learned latents against the true ones of the file, on held-out rows:']

const report = (fit: Fit) => {
  const { file, seed, engine, prepared, trained, learned, evaluation } = fit
  const { shape, split } = prepared
  return reportContent({
    title: `${file}: ${trained.model.shape.latents} latents`,
    subtitle: `${shape.rows} rows, ${split.test.length} of them held out for all scores below.`,
    prediction: [
      'If the learned graph is the true one, mechanism sparsity identifies:',
      ...(evaluation.learnedPrediction?.explanation ?? [])
    ],
    verdict: verdict(fit),
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
    ...(evaluation.comparison === undefined ? {} : { comparison: evaluation.comparison })
  })
}

/** Writes all files. The report comes last: where it exists, all others do. */
export const writeFit = async (folder: string, json: string | undefined, fit: Fit): Promise<void> => {
  const { learned, trained, prepared, evaluation } = fit
  await writeLatents(folder, fit)
  await writeJson(join(folder, 'graph.json'), {
    convention: 'row = effect (learned latent), column = cause (past latent, or action column)',
    ...learned,
    probabilities: edgeProbabilities(trained.model),
    prediction: evaluation.learnedPrediction
  })
  const { mean, scale } = prepared.standardization
  const metadata = { standardization: JSON.stringify({ mean, scale }) }
  orFail(await saveModel(resolve(folder, 'model.safetensors'), trained.model, metadata)())
  await writeJson(join(folder, 'results.json'), summary(fit))
  if (json !== undefined) await writeJson(json, summary(fit))
  await writeReport(folder, report(fit))
}
