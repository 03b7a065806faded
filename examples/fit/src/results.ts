/** Writes the results of a fit: latents.npz, graph.json, model.safetensors, model.onnx, results.json, report.html, pictures. */
import { join, resolve } from 'node:path'
import { writeOnnx } from '@mechid/compiler'
import type { Engine } from '@mechid/engine'
import {
  edgeProbabilities,
  encoderFunction,
  type Model,
  saveModel,
  type Trained,
  undecidedEdges
} from '@mechid/estimator'
import { orFail, reportContent, writeJson, writeReport } from '@mechid/example-terminal'
import { writeNpz } from '@mechid/files'
import type { CausalGraph } from '@mechid/values'
import type { Prepared } from './data.js'
import type { FitEvaluation } from './evaluation.js'
import { ofLearned, toldSentence, undecidedSentence, unusedSentence } from './sentences.js'

export interface Fit {
  readonly file: string
  readonly seed: number
  readonly engine: Engine
  readonly prepared: Prepared
  readonly trained: Trained
  readonly learned: CausalGraph
  readonly evaluation: FitEvaluation
}

/**
 * `z_hat` for every row or frame of the files, in their order; `test_rows`: the lines that training did not see; of
 * sequences of unequal length, `lengths`.
 */
const writeLatents = async (folder: string, { prepared, evaluation }: Fit): Promise<void> => {
  const { sequences, testLines } = prepared
  const { data, shape } = evaluation.encoded
  const { temporal, count, starts } = sequences
  const lengths = Int32Array.from({ length: temporal ? count : 0 }, (_, s) => starts[s + 1] - starts[s])
  const equal = lengths.every((length) => length === lengths[0])
  const size = temporal && equal ? [count, lengths[0], shape[1]] : [...shape]
  const held = temporal && equal ? prepared.split.test : testLines
  orFail(
    await writeNpz(resolve(folder, 'latents.npz'), {
      z_hat: { data, shape: size },
      test_rows: { data: held, shape: [held.length] },
      ...(temporal && !equal ? { lengths: { data: lengths, shape: [lengths.length] } } : {})
    })()
  )
}

/** True latent → learned latent, by name; null where there is none. */
const assignmentOf = ({ prepared, evaluation }: Fit): Readonly<Record<string, string | null>> | undefined => {
  const { comparison } = evaluation
  if (comparison === undefined) return undefined
  return Object.fromEntries(
    prepared.latentNames.map((name, i) => {
      const learned = comparison.assignment[i] ?? -1
      return [name, learned < 0 ? null : `ẑ${learned}`]
    })
  )
}

const summary = (fit: Fit): unknown => {
  const { file, seed, engine, prepared, trained, evaluation } = fit
  const { learnedPrediction, explained, comparison } = evaluation
  return {
    dataset: file,
    notes: prepared.notes,
    assignment: assignmentOf(fit),
    seed,
    engine: engine.name,
    seconds: trained.seconds,
    prediction: learnedPrediction,
    metrics: {
      explained,
      heldOutNats: evaluation.heldOut,
      told: evaluation.told,
      unused: evaluation.unused.map((i) => `ẑ${i}`),
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

/** What was learned at all, and what is undecided. */
export const findings = ({
  model,
  evaluation,
  prepared
}: Pick<Fit, 'evaluation' | 'prepared'> & { readonly model: Model }): readonly string[] => {
  const undecided = undecidedSentence(model, prepared.actionNames)
  const unused = unusedSentence(evaluation.unused)
  return [toldSentence(model, evaluation.told), unused, undecided].filter((said) => said !== undefined)
}

const verdict = ({ evaluation }: Fit): string[] =>
  evaluation.comparison === undefined
    ? [
        'The file has no true latents to score against. Train with several seeds, and trust the latents on which the runs agree (mean MCC of all pairs).'
      ]
    : ['Learned latents against the true ones of the file, on held-out rows:']

const report = (fit: Fit) => {
  const { file, seed, engine, prepared, trained, learned, evaluation } = fit
  const { sequences, split } = prepared
  const units = sequences.temporal ? 'sequences' : 'rows'
  return reportContent({
    title: `${file}: ${trained.model.shape.latents} latents`,
    subtitle: `${sequences.count} ${units}, ${split.test.length} of them held out for all scores below.`,
    prediction: [
      ...prepared.notes,
      'If the learned graph is the true one, mechanism sparsity identifies:',
      ...ofLearned(evaluation.learnedPrediction?.explanation ?? [])
    ],
    actionNames: prepared.actionNames,
    verdict: [...findings({ model: trained.model, evaluation, prepared }), ...verdict(fit)],
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

/** The encoder for other programs: recorded features in, latents out, standardization inside, names as metadata. */
const writeEncoder = async (folder: string, { prepared, trained }: Fit): Promise<void> => {
  const { coding } = prepared
  const used = new Map(coding.features.map(({ name, mean, scale }) => [name, { mean, scale, used: true }]))
  const columns = coding.recorded.map((name) => used.get(name) ?? { mean: 0, scale: 1, used: false })
  const { latents } = trained.model.shape
  orFail(
    await writeOnnx(
      resolve(folder, 'model.onnx'),
      encoderFunction(trained.model, columns),
      { x: { shape: [1, columns.length] } },
      {
        batch: ['x'],
        name: 'encoder',
        description: 'Recorded features x to latents z; features are standardized inside.',
        metadata: {
          features: JSON.stringify(coding.recorded),
          latents: JSON.stringify(Array.from({ length: latents }, (_, i) => `ẑ${i}`))
        }
      }
    )()
  )
}

/** Writes all files. The report comes last: where it exists, all others do. */
export const writeFit = async (folder: string, json: string | undefined, fit: Fit): Promise<void> => {
  const { learned, trained, prepared, evaluation } = fit
  await writeLatents(folder, fit)
  await writeJson(join(folder, 'graph.json'), {
    convention: 'row = effect (learned latent), column = cause (past latent, or action column)',
    latentNames: Array.from({ length: trained.model.shape.latents }, (_, i) => `ẑ${i}`),
    actionNames: prepared.actionNames,
    ...learned,
    probabilities: edgeProbabilities(trained.model),
    undecided: undecidedEdges(trained.model),
    prediction: evaluation.learnedPrediction,
    assignment: assignmentOf(fit)
  })
  const metadata = { coding: JSON.stringify(prepared.coding) }
  orFail(await saveModel(resolve(folder, 'model.safetensors'), trained.model, metadata)())
  await writeEncoder(folder, fit)
  await writeJson(join(folder, 'results.json'), summary(fit))
  if (json !== undefined) await writeJson(json, summary(fit))
  await writeReport(folder, report(fit))
}
