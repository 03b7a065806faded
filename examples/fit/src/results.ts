/** Writes the results of a fit: latents.npz, graph.json, model.safetensors, model.onnx, results.json, report.html, pictures. */
import { join, resolve } from 'node:path'
import { writeOnnx } from '@mechid/compiler'
import {
  edgeProbabilities,
  encoderFunction,
  type InputColumn,
  saveModel,
  undecidedEdges
} from '@mechid/estimator'
import { orFail, writeJson, writeReport } from '@mechid/example-terminal'
import { writeNpz } from '@mechid/files'
import type { Coding } from '@mechid/recordings'
import type { Fit } from './fit.js'
import { fitReport, type Seeds } from './report.js'
import { seedsSummary } from './seeds.js'
import { latentName } from './sentences.js'

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
      return [name, learned < 0 ? null : latentName(learned)]
    })
  )
}

const summary = (fit: Fit, seeds: Seeds | undefined, date: string): unknown => {
  const { file, seed, engine, origin, prepared, trained, evaluation } = fit
  const { learnedPrediction, explained, comparison } = evaluation
  return {
    dataset: file,
    date,
    origin,
    split: {
      seed: origin.splitSeed,
      unit: prepared.sequences.temporal ? 'sequence' : 'row',
      training: prepared.split.train.length,
      heldOut: prepared.split.test.length
    },
    notes: prepared.notes,
    assignment: assignmentOf(fit),
    seed,
    engine: engine.name,
    engineDescription: engine.description,
    ...(seeds === undefined ? {} : { seeds: seedsSummary(seeds.fits, seeds.agreement) }),
    seconds: trained.seconds,
    prediction: learnedPrediction,
    metrics: {
      explained,
      heldOutNats: evaluation.heldOut,
      told: evaluation.told,
      unused: evaluation.unused.map(latentName),
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

/** What is done to each recorded feature or channel, in units of the recording, in which bytes go up to 255. */
const inputColumns = ({ recorded, features, frames }: Coding): readonly InputColumn[] => {
  const unit = frames?.bytes === true ? 255 : 1
  const used = new Map(
    features.map(({ name, mean, scale }) => [name, { mean: unit * mean, scale: unit * scale, used: true }])
  )
  return recorded.map((name) => used.get(name) ?? { mean: 0, scale: 1, used: false })
}

/** The encoder for other programs: recorded features in, latents out, standardization inside, names as metadata. */
const writeEncoder = async (folder: string, { prepared, trained }: Fit): Promise<void> => {
  const { coding } = prepared
  const { frames } = coding
  const columns = inputColumns(coding)
  const { latents } = trained.model.shape
  const inputs =
    frames === undefined ? columns : { height: frames.height, width: frames.width, channels: columns }
  const shape = frames === undefined ? [1, columns.length] : [1, frames.height, frames.width, frames.channels]
  orFail(
    await writeOnnx(
      resolve(folder, 'model.onnx'),
      encoderFunction(trained.model, inputs),
      { x: { shape } },
      {
        batch: ['x'],
        name: 'encoder',
        description:
          frames === undefined
            ? 'Recorded features x to latents z; features are standardized inside.'
            : 'Recorded frames x [n, height, width, channels], bytes as numbers from 0 to 255, to latents z.',
        metadata: {
          features: JSON.stringify(coding.recorded),
          latents: JSON.stringify(Array.from({ length: latents }, (_, i) => latentName(i)))
        }
      }
    )()
  )
}

/**
 * Writes all files. The report comes last: where it exists, all others do. `seeds`: all trainings, where this one is
 * the best of several.
 */
export const writeFit = async (
  folder: string,
  json: string | undefined,
  fit: Fit,
  seeds?: Seeds
): Promise<void> => {
  const { learned, trained, prepared, evaluation } = fit
  const date = new Date().toISOString()
  await writeLatents(folder, fit)
  await writeJson(join(folder, 'graph.json'), {
    convention: 'row = effect (learned latent), column = cause (past latent, or action column)',
    latentNames: Array.from({ length: trained.model.shape.latents }, (_, i) => latentName(i)),
    actionNames: prepared.actionNames,
    ...learned,
    probabilities: edgeProbabilities(trained.model),
    undecided: undecidedEdges(trained.model),
    ...(seeds === undefined ? {} : { seeds: seeds.agreement.graph }),
    prediction: evaluation.learnedPrediction,
    assignment: assignmentOf(fit)
  })
  const metadata = { coding: JSON.stringify(prepared.coding) }
  orFail(await saveModel(resolve(folder, 'model.safetensors'), trained.model, metadata)())
  await writeEncoder(folder, fit)
  const results = summary(fit, seeds, date)
  await writeJson(join(folder, 'results.json'), results)
  if (json !== undefined) await writeJson(json, results)
  await writeReport(folder, await fitReport(fit, seeds, date))
}
