/** One problem with one seed and one of the other methods: trained, and held-out rows encoded. */
import {
  type BaselineMethod,
  componentsOf,
  encodeBaseline,
  fastIca,
  labelledRows,
  trainBaseline
} from '@mechid/baselines'
import { encodeRows, preset, train, withSteps } from '@mechid/estimator'
import { linesOf, subset } from '@mechid/simulators'
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import {
  type Experiment,
  type ExperimentData,
  type ExperimentError,
  experimentData,
  stopped,
  type Watch
} from './experiment.js'
import type { Method } from './methods.js'

/** Held-out rows as a method encodes them. */
export interface Encoded {
  readonly z: Samples
  readonly zHat: Samples
  readonly seconds: number
  /** What is noteworthy of the training. */
  readonly note?: string
}

interface BaselineRun {
  readonly experiment: Experiment
  readonly data: ExperimentData
  /** null: those of the method. */
  readonly steps: number | null
  readonly watch: Pick<Watch, 'signal' | 'onProgress'>
}

type Outcome<A> = E.Either<ExperimentError, A>

/** Rows that train, with their true latents. */
const labelled = ({ data, train: rows }: ExperimentData): ReturnType<typeof labelledRows> => {
  const { x, z } = subset(data, rows)
  return labelledRows(linesOf(x), linesOf(z ?? x))
}

const trained = async (
  method: BaselineMethod,
  {
    experiment: { kernel, engine, seed, checkpoint },
    data,
    steps,
    watch: { signal, onProgress }
  }: BaselineRun
): Promise<Outcome<Encoded>> => {
  const source = method.needs === 'labels' ? labelled(data) : E.right(data.source)
  if (E.isLeft(source)) return source
  const result = await trainBaseline(source.right, {
    method,
    latents: kernel.latents,
    engine,
    seed,
    signal,
    ...(steps === null ? {} : { configuration: { steps } }),
    ...(checkpoint === undefined ? {} : { checkpoint, resume: true }),
    onProgress: (progress) => onProgress({ ...progress, edges: Number.NaN, bound: Number.NaN })
  })()
  if (E.isLeft(result)) return result
  const { aborted, history, seconds } = result.right
  if (aborted) return E.left(stopped(history.steps))
  const { x, z, a } = data.held
  const encoded = await encodeBaseline(result.right, x, a)()
  return E.map((zHat: Samples): Encoded => ({ z, zHat, seconds }))(encoded)
}

interface Codes {
  readonly train: Samples
  readonly held: Samples
}

/** Rows that train, as they were observed. */
const observed = ({ data, train: rows }: ExperimentData): Samples => linesOf(subset(data, rows).x)

/** The codes of the preset's dense model: of rows that train, and of held-out ones. */
const denseCodes = async ({
  experiment: { kernel, engine, seed, checkpoint },
  data,
  steps,
  watch
}: BaselineRun): Promise<Outcome<Codes>> => {
  const { features, actions, temporal } = data.source
  const recipe = preset('fast', { latents: kernel.latents, features, actions, temporal })
  if (E.isLeft(recipe)) return recipe
  const { dense } = recipe.right
  const result = await train(data.source, {
    latents: kernel.latents,
    configuration: steps === null ? dense : withSteps(dense, steps),
    engine,
    seed,
    ...watch,
    ...(checkpoint === undefined ? {} : { checkpoint, resume: true })
  })()
  if (E.isLeft(result)) return result
  const { model, aborted, history } = result.right
  if (aborted) return E.left(stopped(history.steps))
  const codes = await encodeRows(engine, model, observed(data))()
  if (E.isLeft(codes)) return codes
  const held = await encodeRows(engine, model, data.held.x)()
  return E.map((right: Samples): Codes => ({ train: codes.right, held: right }))(held)
}

const separated = async (of: 'data' | 'codes', run: BaselineRun): Promise<Outcome<Encoded>> => {
  const { data, experiment } = run
  const started = performance.now()
  const codes: Outcome<Codes> =
    of === 'codes' ? await denseCodes(run) : E.right({ train: observed(data), held: data.held.x })
  if (E.isLeft(codes)) return codes
  const ica = fastIca(codes.right.train, { components: experiment.kernel.latents, seed: experiment.seed })
  if (E.isLeft(ica)) return ica
  const { converged, iterations } = ica.right
  return E.map(
    (zHat: Samples): Encoded => ({
      z: data.held.z,
      zHat,
      seconds: (performance.now() - started) / 1000,
      ...(converged ? {} : { note: `its directions had not settled after ${iterations} steps` })
    })
  )(componentsOf(ica.right, codes.right.held))
}

/** Trains a method, and encodes the held-out rows. A training that the signal stopped answers an error, too. */
export const runBaseline = async (
  method: Exclude<Method, { readonly _tag: 'Preset' }>,
  experiment: Experiment,
  steps: number | null,
  watch: BaselineRun['watch']
): Promise<Outcome<Encoded>> => {
  const data = experimentData(experiment)
  if (E.isLeft(data)) return data
  const run = { experiment, data: data.right, steps, watch }
  return method._tag === 'Trained' ? trained(method.method, run) : separated(method.of, run)
}
