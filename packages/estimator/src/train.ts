/** The training loop: resumable, observable, stoppable. */
import { checkWritable, type FileError, message as fileMessage } from '@mechid/files'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type Checkpoint, type Fingerprint, readCheckpoint, writeCheckpoint } from './checkpoint.js'
import type { Configuration } from './configuration.js'
import type { Engine, EngineSession, HostTensors } from './engine.js'
import type { EstimatorError } from './errors.js'
import type { ExampleSource } from './example-source.js'
import { type FeedSource, feedSource } from './feeds.js'
import { emptyTerms, firstNonFinite, type History, historyTerms } from './history.js'
import type { Model } from './model.js'
import { initialParameters, type ModelShape } from './sparsity-vae.js'
import { initialCarry, parametersOf, trainingStep } from './training-step.js'
import { checkTraining, modelShape } from './validation.js'

/** What a listener is told after each step. */
export interface Progress {
  /** Steps done. */
  readonly step: number
  readonly steps: number
  /** Negative ELBO per example and feature, in nats. */
  readonly loss: number
  /** Expected edges, and their present bound. */
  readonly edges: number
  readonly bound: number
}

export interface TrainingOptions {
  readonly data: ExampleSource
  readonly latents: number
  readonly configuration: Configuration
  readonly engine: Engine
  /** Equal seeds give equal results on the same engine. */
  readonly seed: number
  /**
   * Where and how often (in steps) the state is saved; the last one stays when the training ends. The folder is
   * created where it is missing.
   */
  readonly checkpoint?: { readonly directory: string; readonly every: number }
  /** Continue from the checkpoint if there is one. */
  readonly resume?: boolean
  readonly onProgress?: (progress: Progress) => void
  /** Aborting stops after the present step and saves a checkpoint. */
  readonly signal?: AbortSignal
}

export interface Trained {
  readonly model: Model
  readonly history: History
  /** Step that the training was resumed at, 0 for a fresh one. */
  readonly resumedAt: number
  readonly aborted: boolean
  /** Wall time of this call. */
  readonly seconds: number
}

const SAMPLED_EXAMPLES = 16

/** A fingerprint of the data: sizes, and an FNV-1a hash of a few examples. */
const dataFingerprint = async (source: ExampleSource): Promise<string> => {
  const count = Math.min(SAMPLED_EXAMPLES, source.examples)
  const indices = Int32Array.from({ length: count }, (_, i) => Math.floor((i * source.examples) / count))
  const x = new Float32Array(count * source.features * (source.temporal ? 2 : 1))
  const a = new Float32Array(count * source.actions)
  await source.gather(indices, x, a)
  let hash = 0x811c9dc5
  for (const words of [new Int32Array(x.buffer), new Int32Array(a.buffer)]) {
    for (const word of words) hash = Math.imul(hash ^ word, 0x01000193)
  }
  return `${source.examples} examples of ${source.features} features and ${source.actions} actions (${(hash >>> 0).toString(16)})`
}

const fingerprintOf = async (
  { data, seed, configuration }: TrainingOptions,
  shape: ModelShape
): Promise<Fingerprint> => ({
  model: `${shape.latents} latents, ${shape.features} features, ${shape.actions} action columns, ${shape.temporal ? 'temporal' : 'static'}`,
  configuration: JSON.stringify(configuration),
  seed: String(seed),
  data: await dataFingerprint(data)
})

const STEPS_BETWEEN_PAUSES = 8

/** Lets timers, signals and progress bars run. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const carryIsFinite = (carry: HostTensors): boolean =>
  Object.values(carry).every(({ data }) => data.every((value) => Number.isFinite(value)))

interface Run {
  readonly options: TrainingOptions
  readonly session: EngineSession
  readonly feeds: FeedSource
  readonly fingerprint: Fingerprint
  readonly history: ReturnType<typeof emptyTerms>
  readonly start: number
}

type Outcome<A> = E.Either<EstimatorError, A>

const save = async (run: Run, step: number): Promise<Outcome<boolean>> => {
  const { checkpoint } = run.options
  if (checkpoint === undefined) return E.right(false)
  const carry = await run.session.carry()
  // A step's outputs come before its update; a bad update shows in the next step, and must not be saved.
  if (!carryIsFinite(carry)) return E.right(false)
  const state: Checkpoint = { step, carry, history: run.history }
  return E.map(() => true)(await writeCheckpoint(checkpoint.directory, run.fingerprint, state)())
}

const record = (run: Run, step: number, outputs: HostTensors): void => {
  for (const term of historyTerms) run.history[term][step] = outputs[term].data[0]
  run.options.onProgress?.({
    step: step + 1,
    steps: run.options.configuration.steps,
    loss: outputs.loss.data[0],
    edges: outputs.edges.data[0],
    bound: run.feeds.boundAt(step)
  })
}

/** Runs the steps; answers how many are done in all. */
const runSteps = async (run: Run): Promise<Outcome<number>> => {
  const { configuration, signal, checkpoint } = run.options
  let saved = run.start
  for (let step = run.start; step < configuration.steps; step++) {
    if (signal?.aborted === true) {
      return E.map(() => step)(await save(run, step))
    }
    await run.feeds.fill(step)
    await run.session.run(run.feeds.feeds)
    const outputs = await run.session.outputs()
    const bad = firstNonFinite(outputs)
    if (bad !== undefined) return E.left({ _tag: 'Diverged', step: step + 1, ...bad, lastGoodStep: saved })
    record(run, step, outputs)
    const done = step + 1
    if (checkpoint !== undefined && (done % checkpoint.every === 0 || done === configuration.steps)) {
      const written = await save(run, done)
      if (E.isLeft(written)) return written
      if (written.right) saved = done
    }
    if (done % STEPS_BETWEEN_PAUSES === 0) await pause()
  }
  return E.right(configuration.steps)
}

/** A folder that cannot be written is told before the first step, not at the first checkpoint. */
const checkFolder = async (checkpoint: TrainingOptions['checkpoint']): Promise<Outcome<void>> => {
  if (checkpoint === undefined) return E.right(undefined)
  const { directory } = checkpoint
  return E.mapLeft(
    (error: FileError): EstimatorError => ({
      _tag: 'FileUnusable',
      path: directory,
      reason: fileMessage(error)
    })
  )(await checkWritable(directory)())
}

const prepare = async (options: TrainingOptions, shape: ModelShape): Promise<Outcome<Run>> => {
  const { data, configuration, seed, engine, checkpoint, resume } = options
  const random = generator(seed)
  const fingerprint = await fingerprintOf(options, shape)
  const writable = await checkFolder(checkpoint)
  if (E.isLeft(writable)) return writable
  const found =
    resume === true && checkpoint !== undefined
      ? await readCheckpoint(checkpoint.directory, fingerprint)()
      : E.right(undefined)
  if (E.isLeft(found)) return found
  const feeds = feedSource(data, shape, configuration, random.split('training'))
  const carry =
    found.right?.carry ??
    initialCarry(initialParameters(shape, configuration, random.split('initial')), configuration)
  const history = emptyTerms(configuration.steps)
  for (const term of historyTerms) history[term].set(found.right?.history[term] ?? [])
  const opened = await engine.open(trainingStep(shape, configuration), carry, feeds.feeds)()
  return E.map((session: EngineSession) => ({
    options,
    session,
    feeds,
    fingerprint,
    history,
    start: found.right?.step ?? 0
  }))(opened)
}

const failure = (engine: Engine, cause: unknown): EstimatorError => ({
  _tag: 'EngineFailed',
  engine: engine.name,
  reason: cause instanceof Error ? cause.message : String(cause)
})

/**
 * Trains the mechanism-sparsity autoencoder ([MS] section 5).
 *
 * A run that was killed and resumed gives the same numbers as an unbroken one: what a step sees depends on seed,
 * data and step alone, and the checkpoint holds everything else.
 *
 * Errors: `BadOption`, `ShapeMismatch`, `TooFewRows`, `CheckpointMismatch`, `FileUnusable`, `EngineFailed`, and
 * `Diverged` when a term stops being finite; the checkpoint on disk is then the last good one.
 */
export const train =
  (options: TrainingOptions): TaskEither<EstimatorError, Trained> =>
  async () => {
    const started = performance.now()
    const { data, latents, configuration, engine } = options
    const shape = modelShape(data, latents)
    const checked = checkTraining(data, latents, configuration)
    if (E.isLeft(checked)) return checked
    try {
      const prepared = await prepare(options, shape)
      if (E.isLeft(prepared)) return prepared
      const run = prepared.right
      try {
        const done = await runSteps(run)
        if (E.isLeft(done)) return done
        const parameters = parametersOf(await run.session.carry())
        return E.right({
          model: { shape, configuration, parameters },
          history: { steps: done.right, terms: run.history },
          resumedAt: run.start,
          aborted: done.right < configuration.steps,
          seconds: (performance.now() - started) / 1000
        })
      } finally {
        run.session.dispose()
      }
    } catch (cause) {
      return E.left(failure(engine, cause))
    }
  }
