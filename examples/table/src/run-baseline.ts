/** One problem with one seed and one of the other methods: trained, and held-out rows encoded. */
import {
  type BaselineMethod,
  componentsOf,
  encodeBaseline,
  fastIca,
  labelledRows,
  trainBaseline
} from '@mechid/baselines'
import { encodeRows, preset, type RunOptions, withSteps } from '@mechid/estimator'
import {
  type Experiment,
  type ExperimentData,
  experimentData,
  finished,
  interruptible,
  orFail,
  progressBar,
  trainWithProgress
} from '@mechid/example-terminal'
import { linesOf, subset } from '@mechid/simulators'
import type { Samples } from '@mechid/values'
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
}

const ADVICE = 'the same command goes on from here'
const BETWEEN_UPDATES = 10

/** Rows that train, with their true latents. */
const labelled = ({ data, train }: ExperimentData): ReturnType<typeof labelledRows> => {
  const { x, z } = subset(data, train)
  return labelledRows(linesOf(x), linesOf(z ?? x))
}

const trained = async (
  method: BaselineMethod,
  { experiment: { kernel, engine, seed, checkpoint }, data, steps }: BaselineRun
): Promise<Encoded> => {
  const source = method.needs === 'labels' ? orFail(labelled(data)) : data.source
  let bar: ReturnType<typeof progressBar> | undefined
  const result = await interruptible(
    (signal) =>
      trainBaseline(source, {
        method,
        latents: kernel.latents,
        engine,
        seed,
        signal,
        ...(steps === null ? {} : { configuration: { steps } }),
        ...(checkpoint === undefined ? {} : { checkpoint, resume: true }),
        onProgress: ({ step, steps: all, loss }) => {
          bar ??= progressBar(method.name, all)
          if (step % BETWEEN_UPDATES === 0 || step === all) bar.update(step, { loss: loss.toFixed(3) })
        }
      })(),
    () => bar?.stop()
  )
  const baseline = finished(result, checkpoint !== undefined, ADVICE)
  const { x, z, a } = data.held
  return { z, zHat: orFail(await encodeBaseline(baseline, x, a)()), seconds: baseline.seconds }
}

/** The codes of the preset's dense model: of rows that train, and of held-out ones. */
const denseCodes = async ({
  experiment: { kernel, engine, seed, checkpoint },
  data,
  steps
}: BaselineRun): Promise<{ readonly train: Samples; readonly held: Samples }> => {
  const { features, actions, temporal } = data.source
  const { dense } = orFail(preset('fast', { latents: kernel.latents, features, actions, temporal }))
  const resumable: Pick<RunOptions, 'checkpoint' | 'resume'> =
    checkpoint === undefined ? {} : { checkpoint, resume: true }
  const { model } = finished(
    await trainWithProgress(data.source, {
      latents: kernel.latents,
      configuration: steps === null ? dense : withSteps(dense, steps),
      engine,
      seed,
      ...resumable
    }),
    checkpoint !== undefined,
    ADVICE
  )
  const encoded = async (x: Samples): Promise<Samples> => orFail(await encodeRows(engine, model, x)())
  return {
    train: await encoded(linesOf(subset(data.data, data.train).x)),
    held: await encoded(data.held.x)
  }
}

const separated = async (of: 'data' | 'codes', run: BaselineRun): Promise<Encoded> => {
  const { data, experiment } = run
  const started = performance.now()
  const { train, held } =
    of === 'codes'
      ? await denseCodes(run)
      : { train: linesOf(subset(data.data, data.train).x), held: data.held.x }
  const ica = orFail(fastIca(train, { components: experiment.kernel.latents, seed: experiment.seed }))
  return {
    z: data.held.z,
    zHat: orFail(componentsOf(ica, held)),
    seconds: (performance.now() - started) / 1000,
    ...(ica.converged ? {} : { note: `its directions had not settled after ${ica.iterations} steps` })
  }
}

/** Trains a method, and encodes the held-out rows. */
export const runBaseline = async (
  method: Exclude<Method, { readonly _tag: 'Preset' }>,
  experiment: Experiment,
  steps: number | null
): Promise<Encoded> => {
  const run = { experiment, data: orFail(experimentData(experiment)), steps }
  return method._tag === 'Trained' ? trained(method.method, run) : separated(method.of, run)
}
