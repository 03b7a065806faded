/** The loop that trains anything which is a pure step: resumable, observable, stoppable. */
import {
  type Engine,
  type EngineSession,
  engineFailed,
  type HostTensor,
  type HostTensors,
  type StepFunction
} from '@mechid/engine'
import { firstNotFinite, type Tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type Diverged, diverged, type EstimatorError, fileUnusable } from '../errors.js'
import { parametersOf } from './carry.js'
import { checkFolder } from './checkpoint-folder.js'
import { gathered } from './gathered.js'
import { emptyTerms, type History, nonFinite } from './history.js'
import { type Checkpoint, type Fingerprint, readCheckpoint, writeCheckpoint } from './internal/checkpoint.js'
import { pause } from './internal/pause.js'

/** Feeds of a training step, refilled in place. */
export interface StepFeeds {
  readonly feeds: HostTensors
  /** Fills the feeds of step `step`. They must depend on seed, data and step alone, so that any step can come first. */
  readonly fill: (step: number) => Promise<void>
}

/** Anything that trains. */
export interface Trainable<Term extends string = string> {
  /** Who trains, in messages. Default: `runTraining`. */
  readonly name?: string
  readonly step: StepFunction
  /** The carry before the first step. */
  readonly initial: HostTensors
  readonly feeds: StepFeeds
  /** The scalar outputs that are recorded at each step. */
  readonly terms: ReadonlyArray<Term>
  readonly steps: number
  /** Two trainings with equal fingerprints are one and the same. */
  readonly fingerprint: () => Promise<Fingerprint>
}

/** How a training is run. */
export interface RunOptions {
  readonly engine: Engine
  /**
   * The folder in which the state is saved, every so many steps and at the end. It is created where it is missing. Default:
   * nothing is saved.
   */
  readonly checkpoint?: { readonly directory: string; readonly every: number }
  /**
   * Whether to continue from the checkpoint if there is one. Default false. It may be one of a training of fewer steps: the
   * rest is then done with the schedules of the longer one, so that the numbers are not those of an unbroken run.
   */
  readonly resume?: boolean
  /** Told the steps that the checkpoint's training was to have, where they are fewer; before the first step. */
  readonly onLengthened?: (stepsBefore: number) => void
  /** Aborting stops the training after the present step and saves a checkpoint. */
  readonly signal?: AbortSignal
}

/** What a run of a training came to. */
export interface RunResult<Term extends string = string> {
  readonly carry: HostTensors
  readonly history: History<Term>
  /** Step that the training was resumed at, 0 for a fresh one. */
  readonly resumedAt: number
  readonly aborted: boolean
  /** Wall time of this call. */
  readonly seconds: number
}

const STEPS_BETWEEN_PAUSES = 8

const isSound = ({ data }: HostTensor): boolean => data instanceof Int32Array || firstNotFinite(data) < 0

const carryIsFinite = (carry: HostTensors): boolean => Object.values(carry).every(isSound)

/** Parts of a model with parameters that are not finite, such as `decoder` or `gates`. */
const brokenParts = (carry: HostTensors): readonly string[] => {
  const names = Object.entries(parametersOf(carry)).flatMap(([name, tensor]) =>
    isSound(tensor) ? [] : [name]
  )
  return [...new Set(names.map((name) => (name.endsWith('logVariance') ? name : name.split('/')[0])))]
}

type Outcome<A> = E.Either<EstimatorError, A>

interface Run {
  readonly trainable: Trainable
  readonly fingerprint: Fingerprint
  readonly options: RunOptions
  readonly onStep: (step: number, outputs: HostTensors) => void
  readonly session: EngineSession
  readonly history: Record<string, Float32Array>
  readonly start: number
}

const save = async (
  { fingerprint, options, session, history }: Run,
  step: number
): Promise<Outcome<boolean>> => {
  const { checkpoint } = options
  if (checkpoint === undefined) return E.right(false)
  const carry = await session.carry()
  // A step's outputs come before its update; a bad update shows in the next step, and must not be saved.
  if (!carryIsFinite(carry)) return E.right(false)
  const state: Checkpoint = { step, carry, history }
  return E.map(() => true)(await writeCheckpoint(checkpoint.directory, fingerprint, state)())
}

/** What broke at a step, and whether there is a state to go back to. */
const divergedAt = async (
  { trainable, options, session }: Run,
  step: number,
  broken: ReturnType<typeof nonFinite>,
  saved: number
): Promise<Diverged> =>
  diverged({
    where: trainable.name ?? 'runTraining',
    step,
    ...broken[0],
    terms: broken.map(({ term }) => term),
    parameters: brokenParts(await session.carry()),
    lastGoodStep: saved,
    kept: options.checkpoint !== undefined && saved > 0
  })

/** Runs the steps; answers how many are done in all. */
const runSteps = async (run: Run): Promise<Outcome<number>> => {
  const { steps, feeds, terms } = run.trainable
  const { signal, checkpoint } = run.options
  let saved = run.start
  for (let step = run.start; step < steps; step++) {
    if (signal?.aborted === true) return E.map(() => step)(await save(run, step))
    const filled = await gathered(() => feeds.fill(step))
    if (E.isLeft(filled)) return filled
    await run.session.run(feeds.feeds)
    const outputs = await run.session.outputs()
    const broken = nonFinite(outputs)
    if (broken.length > 0) return E.left(await divergedAt(run, step + 1, broken, saved))
    for (const term of terms) run.history[term][step] = outputs[term].data[0]
    run.onStep(step + 1, outputs)
    const done = step + 1
    if (checkpoint !== undefined && (done % checkpoint.every === 0 || done === steps)) {
      const written = await save(run, done)
      if (E.isLeft(written)) return written
      if (written.right) saved = done
    }
    if (done % STEPS_BETWEEN_PAUSES === 0) await pause()
  }
  return E.right(steps)
}

/** A folder that cannot be written is told before the first step, not at the first checkpoint. */
const checkCheckpoint = async (checkpoint: RunOptions['checkpoint']): Promise<Outcome<void>> => {
  if (checkpoint === undefined) return E.right(undefined)
  const { directory } = checkpoint
  return E.mapLeft((error: Tagged) => fileUnusable(directory, error))(await checkFolder(directory)())
}

const prepare = async (
  trainable: Trainable,
  options: RunOptions,
  onStep: Run['onStep']
): Promise<Outcome<Run>> => {
  const { checkpoint, resume, engine } = options
  const writable = await checkCheckpoint(checkpoint)
  if (E.isLeft(writable)) return writable
  const identified = await gathered(trainable.fingerprint)
  if (E.isLeft(identified)) return identified
  const fingerprint = identified.right
  const found =
    resume === true && checkpoint !== undefined
      ? await readCheckpoint(checkpoint.directory, fingerprint)()
      : E.right(undefined)
  if (E.isLeft(found)) return found
  if (found.right?.lengthenedFrom !== undefined) options.onLengthened?.(found.right.lengthenedFrom)
  const history = emptyTerms(trainable.terms, trainable.steps)
  for (const term of trainable.terms) history[term].set(found.right?.history[term] ?? [])
  const carry = found.right?.carry ?? trainable.initial
  const opened = await engine.open(trainable.step, carry, trainable.feeds.feeds)()
  return E.map(
    (session: EngineSession): Run => ({
      trainable,
      fingerprint,
      options,
      onStep,
      session,
      history,
      start: found.right?.step ?? 0
    })
  )(opened)
}

/**
 * Runs a training to its end, or until it is aborted. `onStep` is told the number of steps done and the step's outputs.
 *
 * When to use it: for a step function of your own that needs checkpoints, resuming, a stop button and a guard against values
 * that are not finite. `train` and `trainKnownMechanism` use it.
 *
 * A run that is killed and resumed gives the same numbers as an unbroken one: what a step sees depends on its feeds alone,
 * and the checkpoint holds everything else. A finished training, too, can go on: `resume` with more steps.
 *
 * Errors: `CheckpointMismatch`, `DataUnavailable` where the feeds fail, `FileUnusable`, `EngineFailed`, `EngineUnavailable`; `Diverged` when an output stops being
 * finite, with the term that broke; a checkpoint on disk is then the last good one.
 */
export const runTraining =
  <Term extends string>(
    trainable: Trainable<Term>,
    options: RunOptions,
    onStep: (step: number, outputs: HostTensors) => void = () => undefined
  ): TaskEither<EstimatorError, RunResult<Term>> =>
  async () => {
    const started = performance.now()
    try {
      const prepared = await prepare(trainable, options, onStep)
      if (E.isLeft(prepared)) return prepared
      const run = prepared.right
      try {
        const done = await runSteps(run)
        if (E.isLeft(done)) return done
        return E.right({
          carry: await run.session.carry(),
          history: { steps: done.right, terms: run.history as Record<Term, Float32Array> },
          resumedAt: run.start,
          aborted: done.right < trainable.steps,
          seconds: (performance.now() - started) / 1000
        })
      } finally {
        run.session.dispose()
      }
    } catch (cause) {
      return E.left(engineFailed(options.engine.name, cause))
    }
  }
