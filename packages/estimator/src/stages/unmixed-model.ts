/** A model in the basis that unmixing found: encoder and decoder folded, transitions rebuilt, edges set. */
import type { Unmixed } from '@mechid/unmixing'
import type { ModelShape } from '../autoencoder.js'
import type { Configuration, EdgeTable } from '../configuration.js'
import type { HostTensor, HostTensors } from '../engine.js'
import { filled } from '../host-tensors.js'
import type { Model } from '../model.js'
import { foldMap } from './fold-map.js'

/** Sines of a series, in radians a unit. */
const frequenciesOf = ({ harmonics: { step, count } }: Unmixed['transitions']): number[] =>
  Array.from({ length: count }, (_, k) => step * (k + 1))

/** The configuration of a model whose transitions are series, on a fixed graph. */
export const seriesConfiguration = (
  configuration: Configuration,
  unmixed: Unmixed,
  graph: EdgeTable
): Configuration => {
  const { gateEntropy, ...rest } = configuration
  return {
    ...rest,
    transition: { width: 1, depth: 0, frequencies: frequenciesOf(unmixed.transitions) },
    transitionVariance: 'optimal',
    gates: 'soft',
    sparsity: { _tag: 'Oracle', graph }
  }
}

/** Certain gates, as an oracle has them. */
const CERTAIN = 40

const gatesOf = (edges: ReadonlyArray<ReadonlyArray<number>>): HostTensor => ({
  data: Float32Array.from(edges.flat(), (edge) => (edge === 1 ? CERTAIN : -CERTAIN)),
  shape: [edges.length, edges[0].length]
})

/** Parameters of series: closed-form coefficients, and the units in which inputs are read. */
const seriesParameters = (
  { transitions, actionUnits }: Unmixed,
  { latents, actions, temporal }: ModelShape
): Record<string, HostTensor> => {
  const inputs = actions + (temporal ? latents : 0)
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

const PARTS = ['transition/', 'gates/', 'first/']

/** Encoder and decoder in the new basis, and latents of variance 1 in the first frames. */
export const foldedCoders = (
  { parameters, configuration, shape }: Model,
  { map }: Unmixed,
  variances: ArrayLike<number>
): Record<string, HostTensor> => {
  const folded = foldMap(parameters, configuration.encoder.depth, map, variances)
  return {
    ...Object.fromEntries(
      Object.entries(folded).filter(([name]) => !PARTS.some((part) => name.startsWith(part)))
    ),
    ...(shape.temporal
      ? { 'first/mean': filled(0, shape.latents), 'first/logVariance': filled(0, shape.latents) }
      : {})
  }
}

/** The model in the new basis, with the edges of `graph`: decoding encodings gives what it gave before. */
export const unmixedModel = (
  model: Model,
  unmixed: Unmixed,
  variances: ArrayLike<number>,
  graph: EdgeTable
): Model => {
  const parameters: HostTensors = {
    ...foldedCoders(model, unmixed, variances),
    ...seriesParameters(unmixed, model.shape),
    ...(graph.latents === undefined ? {} : { 'gates/latents': gatesOf(graph.latents) }),
    ...(graph.actions === undefined ? {} : { 'gates/actions': gatesOf(graph.actions) })
  }
  return {
    shape: model.shape,
    configuration: seriesConfiguration(model.configuration, unmixed, graph),
    parameters
  }
}
