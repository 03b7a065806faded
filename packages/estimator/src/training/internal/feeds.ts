/** Draws what a training step is fed: a batch, and the noise that the step itself must not draw. */

import type { Generator } from '@mechid/random'
import type { ExampleSource } from '@mechid/values'
import type { Configuration } from '../../configuration/configuration.js'
import { type ModelShape, possibleEdges, transitionInputs } from '../../configuration/model-shape.js'
import { scalar, zeros } from '../../tensors/host-tensors.js'
import { batches } from '../batches.js'
import type { Occurrences } from '../occurrences.js'
import { rateFactor } from '../schedule.js'
import { edgeBound, penaltyWeight } from '../sparsity-schedule.js'
import type { StepFeeds } from '../training-loop.js'

/** Feeds of a training step, refilled in place. */
export interface FeedSource extends StepFeeds {
  /** The bound on the number of edges at that step. */
  readonly boundAt: (step: number) => number
}

const fillLogistic = (out: Float32Array, random: Generator): void => {
  random.fillUniform(out)
  for (let i = 0; i < out.length; i++) out[i] = Math.log(out[i] / (1 - out[i]))
}

/** A 1 at a random place of each row, else 0. The last `together` places are one, and get their 1 together. */
const fillOneOfEach = (out: Float32Array, columns: number, together: number, random: Generator): void => {
  out.fill(0)
  const places = columns - Math.max(0, together - 1)
  for (let row = 0; row < out.length; row += columns) {
    const place = Math.floor(places * random.uniform())
    out.fill(1, row + place, place === places - 1 ? row + columns : row + place + 1)
  }
}

const entropyWeightAt = (step: number, { gateEntropy, steps }: Configuration): number =>
  gateEntropy === undefined ? 0 : gateEntropy.nats * Math.max(0, 1 - step / (gateEntropy.until * steps))

/** The feeds of one training; `random` is the training's own stream. */
export const feedSource = (
  source: ExampleSource,
  shape: ModelShape,
  configuration: Configuration,
  random: Generator,
  occurrences?: Occurrences
): FeedSource => {
  const { batch, steps, learningRate, sparsity } = configuration
  const frames = shape.temporal ? 2 * batch : batch
  const inputs = transitionInputs(shape)
  const drawn = batches(source, batch, random.split('order'))
  const posteriorNoise = zeros(frames, shape.latents)
  const gateNoise = zeros(shape.latents, inputs)
  const flips = zeros(shape.latents, inputs)
  const gateEntropy = scalar(0)
  const rate = scalar(0)
  const bound = scalar(0)
  const penalty = scalar(0)
  const noises = random.split('noise')
  const possible = possibleEdges(shape)
  const together = occurrences?.exclusive === true ? shape.actions : 1
  const boundAt = (step: number): number => edgeBound(sparsity, possible, step, steps)
  return {
    feeds: {
      x: drawn.x,
      ...(shape.actions > 0 ? { a: drawn.a } : {}),
      posteriorNoise,
      gateNoise,
      ...(configuration.gates === 'local-expectation' ? { flips, gateEntropy } : {}),
      learningRate: rate,
      bound,
      penalty
    },
    boundAt,
    fill: async (step) => {
      await drawn.fill(step)
      const noise = noises.split(step)
      noise.fillNormal(posteriorNoise.data)
      fillLogistic(gateNoise.data, noise)
      fillOneOfEach(flips.data, inputs, together, noise)
      rate.data[0] = learningRate * rateFactor(step, steps, configuration)
      gateEntropy.data[0] = entropyWeightAt(step, configuration)
      bound.data[0] = boundAt(step)
      penalty.data[0] = penaltyWeight(sparsity, step, steps)
    }
  }
}
