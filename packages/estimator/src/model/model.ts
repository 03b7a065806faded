/** A trained model as plain data, its graph, and its file. */

import type { HostTensors } from '@mechid/engine'
import { readSafetensors, writeSafetensors } from '@mechid/files'
import type { CausalGraph, Tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Configuration } from '../configuration/configuration.js'
import type { ModelShape } from '../configuration/model-shape.js'
import { type EstimatorError, fileUnusable, otherFile } from '../errors.js'

/** A trained model: all that it takes to encode, decode and read the graph. */
export interface Model {
  readonly shape: ModelShape
  readonly configuration: Configuration
  readonly parameters: HostTensors
}

/** How sure each edge is, in (0, 1). Row = effect (latent), column = cause (past latent or action column). */
export interface EdgeProbabilities {
  /** Of Gz, d × d; absent for static data. */
  readonly latents?: ReadonlyArray<ReadonlyArray<number>>
  /** Of Ga, d × k; absent without actions. */
  readonly actions?: ReadonlyArray<ReadonlyArray<number>>
}

const table = (logits: ArrayLike<number>, columns: number, f: (logit: number) => number): number[][] =>
  Array.from({ length: columns === 0 ? 0 : logits.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => f(logits[i * columns + j]))
  )

const gates = ({ parameters, shape }: Model, f: (logit: number) => number): EdgeProbabilities => ({
  ...(shape.temporal ? { latents: table(parameters['gates/latents'].data, shape.latents, f) } : {}),
  ...(shape.actions > 0 ? { actions: table(parameters['gates/actions'].data, shape.actions, f) } : {})
})

/** The logit that the last of `most` open edges has; those with less are not counted. */
const leastLogit = ({ parameters, shape, configuration: { sparsity } }: Model): number => {
  if (sparsity._tag !== 'Constraint') return 0
  const logits = [
    ...(shape.temporal ? parameters['gates/latents'].data : []),
    ...(shape.actions > 0 ? parameters['gates/actions'].data : [])
  ].filter((logit) => logit > 0)
  const most = Math.floor(sparsity.edges)
  if (logits.length <= most) return 0
  return most === 0 ? Number.POSITIVE_INFINITY : logits.sort((p, q) => q - p)[most - 1]
}

/**
 * The learned graph: an edge is there iff the logit of its gate is positive ([MS] section 5). Where the configuration
 * bounds the number of edges and more gates are open, which only undecided ones can be, the most probable ones count.
 */
export const learnedGraph = (model: Model): CausalGraph => {
  const least = leastLogit(model)
  return gates(model, (logit) => (logit > 0 && logit >= least ? 1 : 0))
}

/** An edge is undecided if its probability is neither below this nor above 1 − this. */
const UNDECIDED = 0.1

/** The edges that training has not decided: those with a probability of 0.1 to 0.9, whether `learnedGraph` counts them or not. */
export const undecidedEdges = (model: Model): CausalGraph =>
  gates(model, (logit) => {
    const probability = 1 / (1 + Math.exp(-logit))
    return probability > UNDECIDED && probability < 1 - UNDECIDED ? 1 : 0
  })

/** How sure each edge is: σ(logit) of its gate, in (0, 1). */
export const edgeProbabilities = (model: Model): EdgeProbabilities =>
  gates(model, (logit) => 1 / (1 + Math.exp(-logit)))

const KIND = 'mechid model'

const unusable =
  (path: string) =>
  (error: Tagged): EstimatorError =>
    fileUnusable(path, error)

/**
 * Writes a model as `.safetensors`, atomically. `metadata` is kept with it, such as the standardization that whoever encodes
 * has to repeat.
 *
 * Error: `FileUnusable`.
 */
export const saveModel = (
  path: string,
  { shape, configuration, parameters }: Model,
  metadata: Readonly<Record<string, string>> = {}
): TE.TaskEither<EstimatorError, void> =>
  pipe(
    writeSafetensors(path, parameters, {
      ...metadata,
      kind: KIND,
      shape: JSON.stringify(shape),
      configuration: JSON.stringify(configuration)
    }),
    TE.mapLeft(unusable(path))
  )

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

/** Reads a model that `saveModel` wrote. Error: `FileUnusable`, with what is missing where it is another file. */
export const loadModel = (path: string): TE.TaskEither<EstimatorError, LoadedModel> =>
  pipe(
    readSafetensors(path),
    TE.mapLeft(unusable(path)),
    TE.flatMapEither(({ tensors, metadata }) =>
      E.map((model: Model): LoadedModel => ({ model, metadata }))(
        modelOf(path, tensors as HostTensors, metadata)
      )
    )
  )
