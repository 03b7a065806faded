/**
 * The state of a training on disk. One file holds tensors and description together, so that no crash can
 * leave the two in disagreement; it is written beside its target and renamed.
 */
import type { HostTensors } from '@mechid/engine'
import { prefixed, withoutPrefix } from '@mechid/engine'
import { readSafetensors, writeSafetensors } from '@mechid/files'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type CheckpointMismatch,
  checkpointMismatch,
  type EstimatorError,
  fileUnusable,
  otherFile
} from '../../errors.js'
import { checkpointPath, hasCheckpoint } from '../checkpoint-folder.js'
import { differences } from './differences.js'

/** What identifies a training: a checkpoint continues only the training that wrote it. */
export interface Fingerprint {
  readonly model: string
  readonly configuration: string
  readonly seed: string
  readonly data: string
}

export interface Checkpoint {
  /** Steps done. */
  readonly step: number
  readonly carry: HostTensors
  /** The first `step` values of each term. */
  readonly history: Readonly<Record<string, Float32Array>>
}

/** A checkpoint that a training can go on from. */
export interface FoundCheckpoint extends Checkpoint {
  /** The steps that its training was to have, where they are fewer than those of the one that goes on from it. */
  readonly lengthenedFrom?: number
}

const KIND = 'mechid checkpoint'
const CARRY = 'carry/'
const HISTORY = 'history/'

/** Writes a checkpoint; the one before stays until the new one is whole. */
export const writeCheckpoint = (
  directory: string,
  fingerprint: Fingerprint,
  { step, carry, history }: Checkpoint
): TE.TaskEither<EstimatorError, void> => {
  const path = checkpointPath(directory)
  const recorded: HostTensors = Object.fromEntries(
    Object.entries(history).map(([name, data]) => [name, { data: data.subarray(0, step), shape: [step] }])
  )
  const tensors = { ...prefixed(carry, CARRY), ...prefixed(recorded, HISTORY) }
  return pipe(
    writeSafetensors(path, tensors, { kind: KIND, step: String(step), ...fingerprint }),
    TE.mapLeft((error) => fileUnusable(path, error))
  )
}

/** The steps of a training, and all else that its configuration says. */
const stepsApart = (configuration: string): readonly [steps: unknown, rest: string] => {
  try {
    const { steps, ...rest } = JSON.parse(configuration)
    return [steps, JSON.stringify(rest)]
  } catch {
    return [undefined, configuration]
  }
}

/** The steps that `actual` was to have, where it differs from `expected` in having fewer, and in nothing else. */
const lengthenedFrom = (actual: string | undefined, expected: string): number | undefined => {
  const [before, here] = stepsApart(actual ?? '')
  const [now, there] = stepsApart(expected)
  return typeof before === 'number' && typeof now === 'number' && before < now && here === there
    ? before
    : undefined
}

const mismatch = (
  path: string,
  expected: Fingerprint,
  metadata: Readonly<Record<string, string>>
): CheckpointMismatch | undefined => {
  for (const what of ['model', 'data', 'seed', 'configuration'] as const) {
    const longer = what === 'configuration' && lengthenedFrom(metadata[what], expected[what]) !== undefined
    if (metadata[what] !== expected[what] && !longer) {
      return checkpointMismatch(path, what, ...differences(metadata[what] ?? 'missing', expected[what]))
    }
  }
  return undefined
}

/** The checkpoint of this very training, or of a shorter one that is the same else; undefined where there is none yet. */
export const readCheckpoint = (
  directory: string,
  fingerprint: Fingerprint
): TE.TaskEither<EstimatorError, FoundCheckpoint | undefined> => {
  const path = checkpointPath(directory)
  if (!hasCheckpoint(directory)) return TE.right(undefined)
  return pipe(
    readSafetensors(path),
    TE.mapLeft((error): EstimatorError => fileUnusable(path, error)),
    TE.flatMapEither(({ tensors, metadata }): E.Either<EstimatorError, FoundCheckpoint> => {
      const step = Number(metadata.step)
      if (metadata.kind !== KIND) return E.left(otherFile(path, 'kind', metadata.kind, KIND))
      if (!Number.isInteger(step)) return E.left(otherFile(path, 'step', metadata.step, 'a whole number'))
      const wrong = mismatch(path, fingerprint, metadata)
      if (wrong !== undefined) return E.left(wrong)
      const host = tensors as HostTensors
      const before = lengthenedFrom(metadata.configuration, fingerprint.configuration)
      return E.right({
        step,
        ...(before === undefined ? {} : { lengthenedFrom: before }),
        carry: withoutPrefix(host, CARRY),
        history: Object.fromEntries(
          Object.entries(withoutPrefix(host, HISTORY)).map(([name, { data }]) => [name, data as Float32Array])
        )
      })
    })
  )
}
