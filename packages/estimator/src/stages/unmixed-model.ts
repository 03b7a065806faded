/** A model in the basis that unmixing found: encoder and decoder folded, transitions rebuilt, edges set. */

import type { HostTensor, HostTensors } from '@mechid/engine'
import type { Generator } from '@mechid/random'
import type { Unmixed } from '@mechid/unmixing'
import type { CausalGraph } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from '../configuration/configuration.js'
import { type ModelShape, transitionInputs } from '../configuration/model-shape.js'
import type { EstimatorError } from '../errors.js'
import { certainGates } from '../model/edge-gates.js'
import type { Model } from '../model/model.js'
import { isOfCoders } from '../model/parameters.js'
import { initialBlocks, type NetworkSize } from '../networks/perceptrons.js'
import { filled, zeros } from '../tensors/host-tensors.js'
import { type CodeMap, foldMap } from './fold-map.js'

/** Sines of a series, in radians a unit. */
const frequenciesOf = ({ harmonics: { step, count } }: Unmixed['transitions']): number[] =>
  Array.from({ length: count }, (_, k) => step * (k + 1))

/** Whether causes change how much latents vary. Series are means alone, so networks have to say that. */
export const changesVariances = ({ hypothesis }: Unmixed): boolean => hypothesis === 'variances'

/** The configuration of a model whose transitions are series, and networks beside them if given, on a fixed graph. */
export const seriesConfiguration = (
  configuration: Configuration,
  unmixed: Unmixed,
  graph: CausalGraph,
  networks: NetworkSize = { width: 1, depth: 0 }
): Configuration => {
  const { gateEntropy, ...rest } = configuration
  return {
    ...rest,
    transition: { ...networks, frequencies: frequenciesOf(unmixed.transitions) },
    transitionVariance: changesVariances(unmixed) && networks.depth > 0 ? 'network' : 'optimal',
    gates: 'soft',
    sparsity: { _tag: 'Oracle', graph }
  }
}

/** Gates that hold a graph fixed. */
export const gatesOf = ({ latents, actions }: CausalGraph): Record<string, HostTensor> => ({
  ...(latents === undefined ? {} : { 'gates/latents': certainGates(latents) }),
  ...(actions === undefined ? {} : { 'gates/actions': certainGates(actions) })
})

/** Networks of transitions that add nothing yet: random, but for their last layer. */
const silentNetworks = (
  shape: ModelShape,
  networks: NetworkSize,
  variances: boolean,
  random: Generator
): Record<string, HostTensor> => {
  const outputs = variances ? 2 : 1
  const blocks = initialBlocks(
    'transition',
    shape.latents,
    transitionInputs(shape),
    networks,
    outputs,
    random
  )
  const last = Object.keys(blocks).filter(
    (name) => name.endsWith(`w${networks.depth}`) || name.endsWith(`b${networks.depth}`)
  )
  return {
    ...blocks,
    ...Object.fromEntries(last.map((name) => [name, zeros(...blocks[name].shape)])),
    // Latents have variance 1.
    ...(variances ? { 'transition/logVariance': zeros(shape.latents) } : {})
  }
}

/** Parameters of series: closed-form coefficients, and the units in which inputs are read. */
const seriesParameters = (
  { transitions, actionUnits }: Unmixed,
  shape: ModelShape
): Record<string, HostTensor> => {
  const { latents, actions } = shape
  const inputs = transitionInputs(shape)
  const centre = filled(0, inputs)
  const unit = filled(1, inputs)
  actionUnits.forEach((action, l) => {
    centre.data[inputs - actions + l] = action.centre
    unit.data[inputs - actions + l] = action.unit
  })
  return {
    'transition/series': {
      data: Float32Array.from(transitions.functions),
      shape: [latents, inputs, 1 + 2 * transitions.harmonics.count]
    },
    'transition/offset': { data: Float32Array.from(transitions.offsets), shape: [latents] },
    'transition/centre': centre,
    'transition/unit': unit
  }
}

/** Encoder and decoder in the new basis, and latents of variance 1 in the first frames. */
export const foldedCoders = (
  { parameters, configuration, shape }: Model,
  map: CodeMap,
  variances: ArrayLike<number>
): E.Either<EstimatorError, Record<string, HostTensor>> =>
  E.map((folded: HostTensors) => ({
    ...Object.fromEntries(Object.entries(folded).filter(([name]) => isOfCoders(name))),
    ...(shape.temporal
      ? { 'first/mean': filled(0, shape.latents), 'first/logVariance': filled(0, shape.latents) }
      : {})
  }))(foldMap(parameters, configuration.encoder.depth, map, variances))

/**
 * The model in the basis that unmixing found, with the edges of `graph` fixed and transitions as unmixing fitted them.
 * Decoding encodings gives what it gave before. `variances`: mean posterior variance of each code. `beside`: networks that
 * learn beside these transitions, at first without effect.
 *
 * When to use it: to train on from an answer of `unmix`; `train` in stages does it for you.
 *
 * Errors: those of `foldMap`.
 */
export const unmixedModel = (
  model: Model,
  unmixed: Unmixed,
  variances: ArrayLike<number>,
  graph: CausalGraph,
  beside?: { readonly networks: NetworkSize; readonly random: Generator }
): E.Either<EstimatorError, Model> =>
  E.map(
    (coders: HostTensors): Model => ({
      shape: model.shape,
      configuration: seriesConfiguration(model.configuration, unmixed, graph, beside?.networks),
      parameters: {
        ...coders,
        ...seriesParameters(unmixed, model.shape),
        ...(beside === undefined
          ? {}
          : silentNetworks(model.shape, beside.networks, changesVariances(unmixed), beside.random)),
        ...gatesOf(graph)
      }
    })
  )(foldedCoders(model, unmixed.map, variances))
