/**
 * The state of a training on disk. One file holds tensors and description together, so that no crash can
 * leave the two in disagreement; it is written beside its target and renamed.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { message as fileMessage, readSafetensors, writeSafetensors } from '@mechid/files'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HostTensor, HostTensors } from './engine.js'
import type { EstimatorError } from './errors.js'

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

const KIND = 'mechid checkpoint'
const CARRY = 'carry/'
const HISTORY = 'history/'

/** The checkpoint's file within a training's folder. */
export const checkpointPath = (directory: string): string => join(directory, 'checkpoint.safetensors')

const within = <A>(tensors: Readonly<Record<string, A>>, prefix: string): [string, A][] =>
  Object.entries(tensors).flatMap(([name, value]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), value] as [string, A]] : []
  )

/** Writes a checkpoint; the one before stays until the new one is whole. */
export const writeCheckpoint = (
  directory: string,
  fingerprint: Fingerprint,
  { step, carry, history }: Checkpoint
): TE.TaskEither<EstimatorError, void> => {
  const path = checkpointPath(directory)
  const tensors: Record<string, HostTensor> = {}
  for (const [name, tensor] of Object.entries(carry)) tensors[CARRY + name] = tensor
  for (const [name, data] of Object.entries(history)) {
    tensors[HISTORY + name] = { data: data.subarray(0, step), shape: [step] }
  }
  return pipe(
    writeSafetensors(path, tensors, { kind: KIND, step: String(step), ...fingerprint }),
    TE.mapLeft((error): EstimatorError => ({ _tag: 'FileUnusable', path, reason: fileMessage(error) }))
  )
}

const mismatch = (
  path: string,
  expected: Fingerprint,
  metadata: Readonly<Record<string, string>>
): EstimatorError | undefined => {
  for (const what of ['model', 'data', 'seed', 'configuration'] as const) {
    if (metadata[what] !== expected[what]) {
      const actual = metadata[what] ?? 'missing'
      return { _tag: 'CheckpointMismatch', path, what, expected: expected[what], actual }
    }
  }
  return undefined
}

/** The checkpoint of this very training, or undefined where there is none yet. */
export const readCheckpoint = (
  directory: string,
  fingerprint: Fingerprint
): TE.TaskEither<EstimatorError, Checkpoint | undefined> => {
  const path = checkpointPath(directory)
  if (!existsSync(path)) return TE.right(undefined)
  return pipe(
    readSafetensors(path),
    TE.mapLeft((error): EstimatorError => ({ _tag: 'FileUnusable', path, reason: fileMessage(error) })),
    TE.flatMapEither(({ tensors, metadata }): E.Either<EstimatorError, Checkpoint> => {
      const step = Number(metadata.step)
      if (metadata.kind !== KIND || !Number.isInteger(step)) {
        return E.left({ _tag: 'FileUnusable', path, reason: 'it is no checkpoint of this package' })
      }
      const wrong = mismatch(path, fingerprint, metadata)
      if (wrong !== undefined) return E.left(wrong)
      const host = tensors as HostTensors
      return E.right({
        step,
        carry: Object.fromEntries(within(host, CARRY)),
        history: Object.fromEntries(
          within(host, HISTORY).map(([name, { data }]) => [name, data as Float32Array])
        )
      })
    })
  )
}
