/** What a method is: an objective over batches, and what it needs of the data. A value; anyone can write another one. */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import type { Autoencoder, Objective, Products } from '@mechid/estimator'
import type { Generator } from '@mechid/random'
import type { ExampleSource } from '@mechid/values'
import type * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import { type NotApplicable, notApplicable } from './errors.js'

/**
 * The data that a method can use. `rows`: any, frames of sequences count as rows; `actions`: static rows with actions;
 * `frames`: pairs of frames; `labels`: static rows whose true latents stand in the place of actions, see `labelledRows`.
 */
export type Needs = 'rows' | 'actions' | 'frames' | 'labels'

const needed: Readonly<Record<Needs, string>> = {
  rows: 'any',
  actions: 'static, with actions',
  frames: 'temporal, pairs of frames',
  labels: 'static, with true latents in the place of actions (labelledRows)'
}

/** What a step sees of its data. B examples, of f features. */
export interface BaselineBatch {
  /** Static [B, f]; temporal [2B, f], first frames before second ones. Actions that the encoder sees follow the features. */
  readonly x: tf.Tensor2D
  /** What a decoder has to give: `x` without what was recorded beside it. */
  readonly decoded: tf.Tensor2D
  /** [B, actions]; absent without actions. */
  readonly a?: tf.Tensor2D
  /** Standard normal, as many rows as `x`, one column a latent; absent unless the method `samples`. */
  readonly noise?: tf.Tensor2D
}

/** What of a training, beside its data, an objective may depend on. */
export interface BaselineContext {
  readonly model: Autoencoder
  /** Examples in all, from which batches are drawn. */
  readonly examples: number
  readonly products: Products
}

/** A method that trains an encoder by gradients. */
export interface BaselineMethod {
  /** As the literature calls it. */
  readonly name: string
  readonly needs: Needs
  /** Whether the encoder sees actions beside the features (default: no). */
  readonly seesActions?: boolean
  /** Whether there is a decoder. */
  readonly decodes: boolean
  /** Whether the objective draws latents from the posterior. */
  readonly samples: boolean
  /** Rows that a batch must have (default: 1). */
  readonly leastBatch?: number
  /** The method's own options: what tells two trainings apart. Numbers among them must be 0 or more. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Names of settings that must be above 0 (default: none). */
  readonly positive?: readonly string[]
  /** What the objective answers beside the loss, scalars that are recorded at each step. */
  readonly terms: readonly string[]
  /** Parameters beside encoder and decoder. */
  readonly initial?: (model: Autoencoder, random: Generator) => Readonly<Record<string, HostTensor>>
  /** Absent: nothing is trained. */
  readonly objective?: (parameters: NamedTensors, batch: BaselineBatch, context: BaselineContext) => Objective
}

const shown = ({ temporal, actions }: Pick<ExampleSource, 'temporal' | 'actions'>): string =>
  `${temporal ? 'temporal' : 'static'}, ${actions === 0 ? 'without' : 'with'} actions`

const suits: Readonly<Record<Needs, (data: Pick<ExampleSource, 'temporal' | 'actions'>) => boolean>> = {
  rows: () => true,
  actions: ({ temporal, actions }) => !temporal && actions > 0,
  frames: ({ temporal }) => temporal,
  labels: ({ temporal, actions }) => !temporal && actions > 0
}

/**
 * The method itself if it can use such data. Error: `NotApplicable`, with what it needs.
 *
 * @example
 * checkMethod(slowVae(), { temporal: false, actions: 3 }) // Left: SlowVAE: the data are static, with actions, expected …
 */
export const checkMethod = (
  method: BaselineMethod,
  data: Pick<ExampleSource, 'temporal' | 'actions'>
): E.Either<NotApplicable, BaselineMethod> =>
  suits[method.needs](data)
    ? E.right(method)
    : E.left(notApplicable(method.name, needed[method.needs], shown(data)))
