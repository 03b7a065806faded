/** From a stored recording to what a training can start from, as `prepare` does it for one in memory. */
import { type ExampleSource, reasonOf, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { codedNames } from './action-coding.js'
import { applyCodingToActions, type Coding } from './coding.js'
import { type OtherFeatures, otherFeatures, type RecordingError, unavailable } from './errors.js'
import { type CodedFeatures, type FeatureMoments, featureCoding } from './feature-coding.js'
import type { FrameSize } from './frame-axes.js'
import type { LineStore } from './line-store.js'
import { checkParts } from './missing.js'
import { type Observations, storedObservations } from './observations.js'
import type { StoredRecording } from './open-recording.js'
import {
  actionsOf,
  asFloat32,
  type CodedActions,
  type Prepared,
  type PrepareOptions,
  sequenceNotes
} from './prepare.js'
import { examplesIn, linesIn, type Sequences, sequencesOf, splitSequences } from './sequences.js'
import { checkStoredComplete, storedMoments } from './stored-moments.js'
import { type StoredSourceOptions, storedSource } from './stored-source.js'

/** As `Prepared`, of observations that are read when they are needed. */
export interface PreparedStored extends Omit<Prepared, 'x' | 'training' | 'heldOut'> {
  /** Standardized features of all lines, in the recording's order. */
  readonly observations: Observations
  /** The size of frames as the model sees them: without channels that do not vary. Absent: plain features. */
  readonly frames?: FrameSize
  readonly training: ExampleSource
  readonly heldOut: ExampleSource
  /** Closes the files, after which nothing can be read any more. */
  readonly close: () => Promise<void>
}

export interface PrepareStoredOptions extends PrepareOptions, StoredSourceOptions {}

type Outcome<A> = E.Either<RecordingError, A>

/** What is done to features or channels, or why nothing can be learned from them. */
const codingOf = (
  { name, names, frames, x }: StoredRecording,
  moments: FeatureMoments,
  strict: boolean
): Outcome<CodedFeatures> =>
  E.map(({ coding, notes }: CodedFeatures) => ({
    coding: { ...coding, ...(frames === undefined ? {} : { frames: { ...frames, bytes: x.bytes } }) },
    notes
  }))(featureCoding(name, names, moments, strict, frames === undefined ? 'feature' : 'channel'))

/** By line, whether it is one of the training. */
const marked = (store: LineStore, lines: Int32Array): Uint8Array => {
  const marks = new Uint8Array(store.lines)
  for (const line of lines) marks[line] = 1
  return marks
}

/** What stands before observations are read. */
interface Layout {
  readonly sequences: Sequences
  readonly split: ReturnType<typeof splitSequences>
  readonly actions: CodedActions | undefined
}

const layoutOf = (recording: StoredRecording, options: PrepareOptions): Outcome<Layout> => {
  const { name, a, z } = recording
  const complete = checkParts(name, [a, z])
  if (E.isLeft(complete)) return complete
  const sequences = sequencesOf(recording)
  if (E.isLeft(sequences)) return sequences
  const split = splitSequences(sequences.right, options.splitSeed ?? 1)
  if (a === undefined) return E.right({ sequences: sequences.right, split, actions: undefined })
  const lines = examplesIn(sequences.right, split.train).actionLines
  return E.map((actions: CodedActions) => ({ sequences: sequences.right, split, actions }))(
    actionsOf(name, a, lines, options.actions)
  )
}

const preparedOf = (
  recording: StoredRecording,
  { sequences, split, actions }: Layout,
  { coding: features, notes }: CodedFeatures,
  options: PrepareStoredOptions
): PreparedStored => {
  const { x, a, z, frames, close } = recording
  const columns = actions?.columns ?? []
  const coding: Coding = { ...features, ...(a === undefined ? {} : { actions: columns }) }
  const acting =
    a === undefined || codedNames(columns).length === 0 ? undefined : applyCodingToActions(a, columns)
  const source = (chosen: Int32Array): ExampleSource =>
    storedSource(x, coding, acting, sequences, chosen, options)
  return {
    observations: storedObservations(x, coding),
    ...(frames === undefined ? {} : { frames: { ...frames, channels: coding.features.length } }),
    ...(acting === undefined ? {} : { a: acting }),
    ...(z === undefined ? {} : { z: asFloat32(z) }),
    featureNames: coding.features.map((feature) => feature.name),
    actionNames: codedNames(columns),
    dependent: actions?.dependent ?? [],
    latentNames: z?.names ?? [],
    sequences,
    split,
    testLines: linesIn(sequences, split.test),
    training: source(split.train),
    heldOut: source(split.test),
    coding,
    notes: [...recording.notes, ...sequenceNotes(sequences), ...notes, ...(actions?.notes ?? [])],
    close
  }
}

/**
 * Prepares a stored recording for a training, as `prepare` does: one pass over the observations, and a few mebibytes of
 * them in memory. Frames get one mean and one scale a channel, of all pixels of the training; pixels that never change are no
 * defect, a channel that never changes is left out. Features that copy others are not looked for.
 *
 * Errors: those of `prepare`, and `Unavailable` where the file can no longer be read. The recording stays open.
 *
 * @example
 * const { training, frames } = await orThrow(prepareStored(recording))
 */
export const prepareStored =
  (
    recording: StoredRecording,
    options: PrepareStoredOptions = {}
  ): TaskEither<RecordingError, PreparedStored> =>
  async () => {
    const { name, x, names } = recording
    const layout = layoutOf(recording, options)
    if (E.isLeft(layout)) return layout
    const { sequences, split } = layout.right
    try {
      const moments = await storedMoments(name, x, names, marked(x, linesIn(sequences, split.train)))
      if (E.isLeft(moments)) return moments
      const features = codingOf(recording, moments.right, options.strict === true)
      return E.map((found: CodedFeatures) => preparedOf(recording, layout.right, found, options))(features)
    } catch (cause) {
      return E.left(unavailable(name, reasonOf(cause)))
    }
  }

/** Why observations are not those that a model was trained on. */
const misfit = ({ name, names, frames, x }: StoredRecording, coding: Coding): OtherFeatures | undefined => {
  const said = (size: FrameSize | undefined): readonly string[] =>
    size === undefined ? [] : [`frames of ${size.height} × ${size.width}`]
  const [trained, given] = [
    [...said(coding.frames), ...coding.recorded],
    [...said(frames), ...names]
  ]
  return trained.length === given.length && trained.every((word, j) => word === given[j]) && x.width > 0
    ? undefined
    : otherFeatures(name, trained, given)
}

/** Brightness that a frame of numbers may have, where a model saw bytes: 1, and something for noise. */
const BRIGHTEST = 2

/**
 * The observations of another recording as the model of a coding takes them. Frames of bytes and frames of numbers from 0 to
 * 1 may stand for each other.
 *
 * Errors: `OtherFeatures` where number, names or order differ, or frames have another size; `ShapeMismatch` for frames of
 * numbers far above 1 where the model saw bytes; `MissingValues`; `Unavailable`.
 */
export const codeStored =
  (recording: StoredRecording, coding: Coding): TaskEither<RecordingError, Observations> =>
  async () => {
    const { name, x, names } = recording
    const wrong = misfit(recording, coding)
    if (wrong !== undefined) return E.left(wrong)
    try {
      const complete = await checkStoredComplete(name, x, names)
      if (E.isLeft(complete)) return complete
      if (coding.frames?.bytes === true && !x.bytes && complete.right > BRIGHTEST) {
        const actual = `numbers up to ${complete.right}`
        return E.left(
          shapeMismatch(name, 'x', actual, 'bytes, or numbers from 0 to 1, as the model saw bytes')
        )
      }
      return E.right(storedObservations(x, coding))
    } catch (cause) {
      return E.left(unavailable(name, reasonOf(cause)))
    }
  }
