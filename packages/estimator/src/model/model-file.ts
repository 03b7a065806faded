/** A model's file. */
import type { HostTensors } from '@mechid/engine'
import { type FileInput, inputName, readSafetensors, safetensorsBytes, writeSafetensors } from '@mechid/files'
import type { Tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Configuration } from '../configuration/configuration.js'
import type { ModelShape } from '../configuration/model-shape.js'
import { type EstimatorError, fileUnusable, otherFile } from '../errors.js'
import type { Model } from './model.js'

const KIND = 'mechid model'

const unusable =
  (path: string) =>
  (error: Tagged): EstimatorError =>
    fileUnusable(path, error)

/** What stands beside the parameters. */
const described = (
  { shape, configuration }: Model,
  metadata: Readonly<Record<string, string>>
): Readonly<Record<string, string>> => ({
  ...metadata,
  kind: KIND,
  shape: JSON.stringify(shape),
  configuration: JSON.stringify(configuration)
})

/**
 * Writes a model as `.safetensors`, atomically. `metadata` is kept with it, such as the standardization that whoever encodes
 * has to repeat.
 *
 * Error: `FileUnusable`.
 */
export const saveModel = (
  path: string,
  model: Model,
  metadata: Readonly<Record<string, string>> = {}
): TE.TaskEither<EstimatorError, void> =>
  pipe(writeSafetensors(path, model.parameters, described(model, metadata)), TE.mapLeft(unusable(path)))

/**
 * The bytes of the file that `saveModel` writes. Use it where there is no disk, as in a page: `new Blob([bytes])` can be
 * offered for download, and `loadModel` reads it.
 *
 * Error: `FileUnusable`.
 */
export const modelBytes = (
  model: Model,
  metadata: Readonly<Record<string, string>> = {}
): E.Either<EstimatorError, Uint8Array<ArrayBuffer>> =>
  E.mapLeft(unusable('modelBytes'))(safetensorsBytes(model.parameters, described(model, metadata)))

/** What `loadModel` reads. */
export interface LoadedModel {
  readonly model: Model
  /** All that stands beside the parameters, what `saveModel` was given included. */
  readonly metadata: Readonly<Record<string, string>>
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Characters of an entry that a message shows. */
const SHOWN = 60

/** An entry of the metadata as a record whose entries `keys` are there. */
const parsed = <A>(
  path: string,
  metadata: Readonly<Record<string, string>>,
  name: string,
  keys: ReadonlyArray<keyof A & string>
): E.Either<EstimatorError, A> => {
  const text = metadata[name]
  const wrong = (): EstimatorError =>
    otherFile(path, name, text?.slice(0, SHOWN), `JSON with ${keys.join(', ')}`)
  if (text === undefined) return E.left(wrong())
  return pipe(
    E.tryCatch((): unknown => JSON.parse(text), wrong),
    E.filterOrElse((value) => isRecord(value) && keys.every((key) => key in value), wrong),
    E.map((value) => value as A)
  )
}

/** Parameters that every model of this shape has. */
const landmarks = ({ temporal, actions }: ModelShape): readonly string[] => [
  'encoder/w0',
  'decoder/w0',
  ...(temporal ? ['gates/latents'] : []),
  ...(actions > 0 ? ['gates/actions'] : [])
]

const modelOf = (
  path: string,
  parameters: HostTensors,
  metadata: Readonly<Record<string, string>>
): E.Either<EstimatorError, Model> => {
  if (metadata.kind !== KIND) return E.left(otherFile(path, 'kind', metadata.kind, KIND))
  return pipe(
    E.Do,
    E.bind('shape', () =>
      parsed<ModelShape>(path, metadata, 'shape', ['features', 'latents', 'actions', 'temporal'])
    ),
    E.bind('configuration', () =>
      parsed<Configuration>(path, metadata, 'configuration', ['encoder', 'decoder', 'transition', 'sparsity'])
    ),
    E.map(({ shape, configuration }): Model => ({ shape, configuration, parameters })),
    E.flatMap((model) => {
      const missing = landmarks(model.shape).find((name) => parameters[name] === undefined)
      return missing === undefined
        ? E.right(model)
        : E.left(otherFile(path, `tensor ${missing}`, undefined, 'the parameters of a model'))
    })
  )
}

/**
 * Reads a model that `saveModel` wrote: by its path (not in browsers), or a `Blob` or the bytes of it. Error: `FileUnusable`,
 * with what is missing where it is another file.
 */
export const loadModel = (source: FileInput): TE.TaskEither<EstimatorError, LoadedModel> => {
  const path = inputName(source)
  return pipe(
    readSafetensors(source),
    TE.mapLeft(unusable(path)),
    TE.flatMapEither(({ tensors, metadata }) =>
      E.map((model: Model): LoadedModel => ({ model, metadata }))(
        modelOf(path, tensors as HostTensors, metadata)
      )
    )
  )
}
