/** The parameters of the mechanism-sparsity autoencoder: where they start, and which are trained. */
import type { HostTensor } from '@mechid/engine'
import type { Generator } from '@mechid/random'
import type { Configuration } from '../configuration/configuration.js'
import { type ModelShape, transitionInputs } from '../configuration/model-shape.js'
import { initialBlocks } from '../networks/perceptrons.js'
import { filled, scalar, zeros } from '../tensors/host-tensors.js'
import { initialAutoencoder } from './autoencoder.js'
import { CERTAIN, certainGates } from './edge-gates.js'
import { initialSeries, isUnit } from './transition-series.js'

const initialGates = (shape: ModelShape, configuration: Configuration): Record<string, HostTensor> => {
  const { sparsity, initialGateLogit } = configuration
  const gates: Record<string, HostTensor> = {}
  const start = (columns: number, known: ReadonlyArray<ReadonlyArray<number>> | undefined): HostTensor => {
    if (sparsity._tag === 'Constraint' || sparsity._tag === 'Penalty') {
      return filled(initialGateLogit, shape.latents, columns)
    }
    return known === undefined ? filled(CERTAIN, shape.latents, columns) : certainGates(known)
  }
  const known = sparsity._tag === 'Oracle' ? sparsity.graph : {}
  if (shape.temporal) gates['gates/latents'] = start(shape.latents, known.latents)
  if (shape.actions > 0) gates['gates/actions'] = start(shape.actions, known.actions)
  return gates
}

const initialTransition = (
  shape: ModelShape,
  { transition, transitionVariance }: Configuration,
  random: Generator
): Record<string, HostTensor> => {
  const inputs = transitionInputs(shape)
  const { frequencies = [], depth } = transition
  const outputs = transitionVariance === 'network' ? 2 : 1
  return {
    ...(depth === 0 ? {} : initialBlocks('transition', shape.latents, inputs, transition, outputs, random)),
    ...(frequencies.length === 0 ? {} : initialSeries(shape.latents, inputs, frequencies))
  }
}

/** Parameters at step 0, from the seed's stream `random`. */
export const initialParameters = (
  shape: ModelShape,
  configuration: Configuration,
  random: Generator
): Record<string, HostTensor> => {
  const { latents } = shape
  return {
    ...initialAutoencoder(shape, configuration, random),
    ...(configuration.decoderVariance === 'learned'
      ? { 'decoder/logVariance': scalar(Math.log(configuration.initialDecoderVariance)) }
      : {}),
    ...initialTransition(shape, configuration, random.split('transition')),
    ...(configuration.transitionVariance === 'optimal'
      ? {}
      : { 'transition/logVariance': filled(Math.log(configuration.initialTransitionVariance), latents) }),
    ...(shape.temporal ? { 'first/mean': zeros(latents), 'first/logVariance': zeros(latents) } : {}),
    ...initialGates(shape, configuration)
  }
}

/** Whether a parameter is of encoder or decoder. */
export const isOfCoders = (name: string): boolean => /^(encoder|decoder)\//.test(name)

/** Whether a parameter is trained: the gates of an oracle or dense model are not, nor are units, nor coders where transitions alone are. */
export const isTrained =
  ({ sparsity, trains }: Pick<Configuration, 'sparsity' | 'trains'>) =>
  (name: string): boolean =>
    !isUnit(name) &&
    !(trains === 'transitions' && isOfCoders(name)) &&
    (!name.startsWith('gates/') || sparsity._tag === 'Constraint' || sparsity._tag === 'Penalty')
