/** From a recording to what a training can start from: checked, split, coded, and everything noteworthy said. */
import {
  type Degenerate,
  type InvalidOption,
  invalidOption,
  type Samples,
  type ShapeMismatch,
  type TooFewRows
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type ActionCoding, codeActions, codedDependences, codedNames, MOST_VALUES } from './action-coding.js'
import type { Channels } from './channels.js'
import { applyCodingToActions, applyFeatureCoding, type Coding } from './coding.js'
import { dependentActions, type LinearDependence } from './dependent-actions.js'
import type { MissingValues } from './errors.js'
import { type CodedFeatures, featureCoding } from './feature-coding.js'
import { duplicatesAmong } from './features.js'
import { checkParts } from './missing.js'
import { momentsOf, varying } from './moments.js'
import type { Recording } from './recording.js'
import { type SequenceSource, sequenceSource } from './sequence-source.js'
import {
  examplesIn,
  linesIn,
  type SequenceSplit,
  type Sequences,
  sequencesOf,
  splitSequences
} from './sequences.js'

export interface PrepareOptions {
  /**
   * `continuous` (default): columns of numbers are standardized; `discrete`: each of their values becomes a column of
   * 0 and 1. Text is discrete always.
   */
  readonly actions?: 'continuous' | 'discrete'
  /** Refuse features that do not vary instead of leaving them out. */
  readonly strict?: boolean
  /** Decides which rows or sequences are held out; 1 if left out. */
  readonly splitSeed?: number
}

export interface Prepared {
  /** Standardized features of all lines, in the recording's order. */
  readonly x: Samples<Float32Array>
  readonly featureNames: readonly string[]
  /** Coded actions of all their lines. */
  readonly a?: Samples<Float32Array>
  readonly actionNames: readonly string[]
  /** Columns of `a` that follow from others: what data cannot tell apart, for `predict`. */
  readonly dependent: readonly LinearDependence[]
  /** True latents of all lines. */
  readonly z?: Samples<Float32Array>
  readonly latentNames: readonly string[]
  readonly sequences: Sequences
  readonly split: SequenceSplit
  /** The lines of `x` and `z` that are held out. */
  readonly testLines: Int32Array
  /** Examples of what is not held out. */
  readonly training: SequenceSource
  /** Examples of what is held out. */
  readonly heldOut: SequenceSource
  /** Of the lines of the training. */
  readonly coding: Coding
  /** What people should know before a training starts, a sentence each. */
  readonly notes: readonly string[]
}

export type PrepareError = Degenerate | InvalidOption | MissingValues | ShapeMismatch | TooFewRows

type Outcome<A> = E.Either<PrepareError, A>

/** Of those named, and which tell the same. */
const featuresOf = (
  name: string,
  x: Channels,
  lines: Int32Array,
  strict: boolean
): Outcome<CodedFeatures> => {
  const moments = { ...momentsOf(x, lines), varies: varying(x, lines) }
  return E.map(({ coding, notes }: CodedFeatures): CodedFeatures => {
    const said = duplicatesAmong(x, lines).map(
      ({ feature, of, exact }) => `${feature} is ${exact ? 'a copy' : 'a multiple'} of ${of}`
    )
    const more = said.length > 5 ? `; and ${said.length - 5} more` : ''
    return {
      coding,
      notes:
        said.length === 0
          ? notes
          : [...notes, `Features that tell the same: ${said.slice(0, 5).join('; ')}${more}.`]
    }
  })(featureCoding(name, x.names, moments, strict))
}

/** How actions are coded, and which of the coded columns follow from others. */
export interface CodedActions extends ActionCoding {
  readonly dependent: readonly LinearDependence[]
}

export const actionsOf = (
  name: string,
  a: Channels,
  lines: Int32Array,
  kind: PrepareOptions['actions']
): Outcome<CodedActions> => {
  const coding = codeActions(a, lines, kind === 'discrete')
  if (coding.tooMany.length > 0) {
    const actual = `more than ${MOST_VALUES} different values`
    return E.left(
      invalidOption(name, `discrete action ${coding.tooMany[0]}`, actual, 'fewer, or continuous actions')
    )
  }
  const numbers = coding.columns.some(({ _tag }) => _tag === 'Number')
  const dependent = numbers ? dependentActions(a, lines) : []
  const notes = dependent.map(
    ({ action, formula, of }) =>
      `Action ${action} follows from ${of.join(' and ')} (${formula}): data cannot tell which of them acts, which the promise for latents has to count. Leave ${action} out.`
  )
  return E.right({
    ...coding,
    notes: [...coding.notes, ...notes],
    dependent: codedDependences(
      dependent.map(({ dependence }) => dependence),
      coding.columns
    )
  })
}

export const asFloat32 = ({ names, lines, data }: Channels): Samples<Float32Array> => ({
  data: data instanceof Float32Array ? data : Float32Array.from(data),
  shape: [lines, names.length]
})

export const sequenceNotes = ({ window, count, starts, temporal }: Sequences): readonly string[] => {
  if (!temporal) return []
  let single = 0
  for (let s = 0; s < count; s++) if (starts[s + 1] - starts[s] === 1) single++
  return [
    ...(window === undefined
      ? []
      : [
          `Cut into ${count} windows of ${window} frames, so that a tenth of them can be held out; steps from one window to the next are not used.`
        ]),
    ...(single === 0
      ? []
      : [
          `${single} ${single === 1 ? 'sequence has' : 'sequences have'} one frame only, which no step follows.`
        ])
  ]
}

/**
 * Prepares a recording for a training. A tenth of its rows or sequences is held out, by `splitSeed` alone; means and
 * standard deviations are those of the rest, in double precision. Features that do not vary are left out, actions are
 * coded; `notes` says so, and says which features and actions tell the same as others.
 *
 * Errors: `ShapeMismatch`, `MissingValues` (of all columns at once), `TooFewRows` (20 are needed), `Degenerate` (no
 * feature varies; with `strict`, some does not), `InvalidOption`.
 *
 * @example
 * const { training, notes } = orThrow(prepare(await orThrow(readRecording(['data.csv']))))
 */
export const prepare = (recording: Recording, options: PrepareOptions = {}): Outcome<Prepared> => {
  const { name, x, a, z } = recording
  const complete = checkParts(name, [x, a, z])
  if (E.isLeft(complete)) return complete
  const sequences = sequencesOf(recording)
  if (E.isLeft(sequences)) return sequences
  const split = splitSequences(sequences.right, options.splitSeed ?? 1)
  const features = featuresOf(name, x, linesIn(sequences.right, split.train), options.strict === true)
  if (E.isLeft(features)) return features
  const actions =
    a === undefined
      ? undefined
      : actionsOf(name, a, examplesIn(sequences.right, split.train).actionLines, options.actions)
  if (actions !== undefined && E.isLeft(actions)) return actions
  const columns = actions?.right.columns ?? []
  const coding: Coding = { ...features.right.coding, ...(a === undefined ? {} : { actions: columns }) }
  const coded = {
    x: applyFeatureCoding(x, coding),
    ...(a === undefined || codedNames(columns).length === 0 ? {} : { a: applyCodingToActions(a, columns) }),
    ...(z === undefined ? {} : { z: asFloat32(z) })
  }
  return E.right({
    ...coded,
    featureNames: coding.features.map((feature) => feature.name),
    actionNames: codedNames(columns),
    dependent: actions?.right.dependent ?? [],
    latentNames: z?.names ?? [],
    sequences: sequences.right,
    split,
    testLines: linesIn(sequences.right, split.test),
    training: sequenceSource(coded.x, coded.a, sequences.right, split.train),
    heldOut: sequenceSource(coded.x, coded.a, sequences.right, split.test),
    coding,
    notes: [
      ...recording.notes,
      ...sequenceNotes(sequences.right),
      ...features.right.notes,
      ...(actions?.right.notes ?? [])
    ]
  })
}
