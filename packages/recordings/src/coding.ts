/** What was done to a recording's columns, as plain data that a model's file can carry, and the same done to new ones. */
import { type Samples, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type ActionColumn, applyActionCoding, codedNames } from './action-coding.js'
import type { Channels } from './channels.js'
import type { MissingValues } from './errors.js'
import { type OtherFeatures, otherFeatures } from './errors.js'
import type { FrameSize } from './frame-axes.js'
import { checkComplete } from './missing.js'
import type { Recording } from './recording.js'

/** A feature that is used: (x − mean) / scale. */
export interface FeatureColumn {
  readonly name: string
  readonly mean: number
  readonly scale: number
}

export interface Coding {
  /** Names of all features of the recording, in order; those that are not among `features` were left out. */
  readonly recorded: readonly string[]
  readonly features: readonly FeatureColumn[]
  /** Absent without actions. */
  readonly actions?: readonly ActionColumn[]
  /** Where observations are frames: `recorded` and `features` are then their channels, the same for every pixel. */
  readonly frames?: FrameCoding
}

/** Frames as they were recorded. `bytes`: as bytes, of which 255 count as 1. */
export interface FrameCoding extends FrameSize {
  readonly bytes: boolean
}

/** Standardized features of all lines: in double precision up to the last step, whatever the file's precision. */
export const applyFeatureCoding = (x: Channels, { recorded, features }: Coding): Samples<Float32Array> => {
  const width = recorded.length
  const kept = features.length
  const source = features.map(({ name }) => recorded.indexOf(name))
  const data = new Float32Array(x.lines * kept)
  for (let i = 0, at = 0; i < x.lines; i++) {
    for (let p = 0; p < kept; p++, at++)
      data[at] = (x.data[i * width + source[p]] - features[p].mean) / features[p].scale
  }
  return { data, shape: [x.lines, kept] }
}

/** Coded actions of all lines. */
export const applyCodingToActions = (
  a: Channels,
  columns: readonly ActionColumn[]
): Samples<Float32Array> => ({
  data: applyActionCoding(a, columns),
  shape: [a.lines, codedNames(columns).length]
})

/**
 * The features of another recording as the model of a coding takes them.
 *
 * Errors: `OtherFeatures` where number, names or order differ; `MissingValues`.
 */
export const codeFeatures = (
  { name, x }: Recording,
  coding: Coding
): E.Either<OtherFeatures | MissingValues, Samples<Float32Array>> => {
  const { recorded } = coding
  const same = x.names.length === recorded.length && x.names.every((column, j) => column === recorded[j])
  if (!same) return E.left(otherFeatures(name, recorded, x.names))
  return E.map(() => applyFeatureCoding(x, coding))(checkComplete(name, x))
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string')

const isFeature = (value: unknown): value is FeatureColumn => {
  const { name, mean, scale } = (value ?? {}) as Partial<FeatureColumn>
  return typeof name === 'string' && Number.isFinite(mean) && Number.isFinite(scale) && (scale as number) > 0
}

/** A coding from the JSON in a model's file. Errors: `ShapeMismatch`. */
export const parseCoding = (
  where: string,
  text: string
): E.Either<ReturnType<typeof shapeMismatch>, Coding> => {
  const wrong = E.left(
    shapeMismatch(where, 'the coding of the features', text.slice(0, 60), 'one that `fit` wrote')
  )
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return wrong
  }
  const { recorded, features, actions, frames } = (parsed ?? {}) as Partial<Coding>
  if (!isNames(recorded) || !Array.isArray(features) || !features.every(isFeature)) return wrong
  if (!features.every(({ name }) => recorded.includes(name))) return wrong
  if (frames !== undefined && frames.channels !== recorded.length) return wrong
  return E.right({
    recorded,
    features,
    ...(actions === undefined ? {} : { actions }),
    ...(frames === undefined ? {} : { frames })
  })
}
