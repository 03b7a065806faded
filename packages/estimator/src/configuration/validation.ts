/** Checks what a training is handed, once, before it starts. */

import {
  type CausalGraph,
  type ExampleSource,
  invalidOption,
  shapeMismatch,
  tooFewRows
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { EstimatorError } from '../errors.js'
import { misfit } from '../model/autoencoder.js'
import type { Configuration } from './configuration.js'
import { type ModelShape, modelShape, possibleEdges } from './model-shape.js'
import { isStaged, type Recipe, type StagedConfiguration, sharpened } from './staged-configuration.js'

type Check = EstimatorError | undefined

const option = (name: string, actual: unknown, expected: string): Check =>
  invalidOption('configuration', name, actual, expected)

const positiveInteger = (name: string, value: number, where = 'configuration'): Check =>
  Number.isInteger(value) && value > 0 ? undefined : invalidOption(where, name, value, 'a positive integer')

const within = (name: string, value: number, low: number, high: number): Check =>
  value >= low && value <= high ? undefined : option(name, value, `between ${low} and ${high}`)

const positive = (name: string, value: number): Check =>
  value > 0 && Number.isFinite(value) ? undefined : option(name, value, 'a positive number')

const graphCheck = (shape: ModelShape, graph: CausalGraph): Check => {
  const tables = [
    ['sparsity.graph.latents', graph.latents, shape.temporal ? shape.latents : undefined],
    ['sparsity.graph.actions', graph.actions, shape.actions > 0 ? shape.actions : undefined]
  ] as const
  for (const [name, rows, columns] of tables) {
    if (rows === undefined || columns === undefined) continue
    const widths = new Set(rows.map((row) => row.length))
    if (rows.length !== shape.latents || widths.size !== 1 || !widths.has(columns)) {
      const actual = `${rows.length} rows of ${[...widths].join(' or ')}`
      return shapeMismatch('configuration', name, actual, `${shape.latents} rows of ${columns}`)
    }
    if (rows.some((row) => row.some((edge) => edge !== 0 && edge !== 1))) {
      return option(name, 'a table with other numbers', 'made of 0 and 1')
    }
  }
  return undefined
}

const sparsityCheck = (shape: ModelShape, { sparsity }: Configuration): Check => {
  switch (sparsity._tag) {
    case 'Constraint':
      return (
        within('sparsity.edges', sparsity.edges, 0, possibleEdges(shape)) ??
        within('sparsity.from', sparsity.from, 0, 1) ??
        within('sparsity.to', sparsity.to, sparsity.from, 1) ??
        positive('sparsity.dualRate', sparsity.dualRate)
      )
    case 'Penalty':
      return (
        within('sparsity.weight', sparsity.weight, 0, Number.MAX_VALUE) ??
        within('sparsity.from', sparsity.from, 0, 1) ??
        within('sparsity.to', sparsity.to, sparsity.from, 1)
      )
    case 'Oracle':
      return graphCheck(shape, sparsity.graph)
    case 'Dense':
      return undefined
  }
}

const shapeCheck = (shape: ModelShape): Check => {
  if (shape.latents > shape.features) {
    const expected = `at most the number of features, ${shape.features}; more latents cannot be recovered`
    return invalidOption('shape', 'latents', shape.latents, expected)
  }
  return shape.temporal || shape.actions > 0
    ? undefined
    : invalidOption('shape', 'data', 'static and without actions', 'temporal, or static with actions')
}

const transitionCheck = ({ transition, transitionVariance }: Configuration): Check => {
  const { frequencies = [], width, depth } = transition
  const odd = frequencies.find((frequency) => !(frequency > 0 && Number.isFinite(frequency)))
  if (odd !== undefined) return option('transition.frequencies', odd, 'made of positive numbers')
  if (depth !== 0) {
    return positiveInteger('transition.width', width) ?? positiveInteger('transition.depth', depth)
  }
  if (frequencies.length === 0) return option('transition.depth', 0, 'a positive integer without frequencies')
  return transitionVariance === 'network'
    ? option('transition.depth', 0, 'a positive integer where the variance is an output of the network')
    : undefined
}

const oneOf = (name: string, value: string, choices: readonly string[]): Check =>
  choices.includes(value) ? undefined : option(name, value, choices.join(' or '))

/** The configuration itself if it suits the shape, else the first thing that is wrong with it. */
export const checkConfiguration = (
  shape: ModelShape,
  configuration: Configuration
): E.Either<EstimatorError, Configuration> => {
  const c = configuration
  const wrong =
    positiveInteger('latents', shape.latents, 'shape') ??
    shapeCheck(shape) ??
    positiveInteger('batch', c.batch) ??
    positiveInteger('steps', c.steps) ??
    positiveInteger('encoder.width', c.encoder.width) ??
    positiveInteger('decoder.width', c.decoder.width) ??
    misfit('configuration', shape, c) ??
    transitionCheck(c) ??
    oneOf('posterior', c.posterior ?? 'amortized', ['amortized', 'precise']) ??
    oneOf('trains', c.trains ?? 'everything', ['everything', 'transitions']) ??
    positive('learningRate', c.learningRate) ??
    positive('gateTemperature', c.gateTemperature) ??
    within('decayFrom', c.decayFrom, 0, 1) ??
    within('finalRate', c.finalRate, 0, 1) ??
    sparsityCheck(shape, c)
  return wrong === undefined ? E.right(configuration) : E.left(wrong)
}

/** A training needs at least one full batch. */
const checkEnough = (source: ExampleSource, { batch }: Configuration): Check =>
  source.examples >= batch ? undefined : tooFewRows('data', source.examples, batch)

/**
 * The recipe itself, if this training can start with it, else the first thing that is wrong. `train` checks this first.
 *
 * When to use it: in programs that report mistakes before they touch the disk.
 *
 * Errors: `InvalidOption`, `ShapeMismatch`, `TooFewRows`.
 */
export const checkTraining = <A extends Recipe>(
  source: ExampleSource,
  latents: number,
  recipe: A
): E.Either<EstimatorError, A> => {
  for (const configuration of isStaged(recipe) ? trainingsOf(recipe) : [recipe as Configuration]) {
    const wrong = checkStage(source, latents, configuration)
    if (wrong !== undefined) return E.left(wrong)
  }
  return E.right(recipe)
}

/** The dense training, its sharpening, and the refinement as it is where networks are needed. */
const trainingsOf = ({ dense, sharpening, refinement }: StagedConfiguration): readonly Configuration[] => {
  const { networks, ...schedule } = refinement
  return [
    dense,
    ...(sharpening === undefined ? [] : [sharpened(dense, sharpening)]),
    { ...dense, ...networks, ...schedule }
  ]
}

const checkStage = (source: ExampleSource, latents: number, configuration: Configuration): Check => {
  const checked = checkConfiguration(modelShape(source, latents), configuration)
  return E.isLeft(checked) ? checked.left : checkEnough(source, configuration)
}
