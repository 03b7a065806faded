/**
 * Encoder and decoder learn given latents: ½ log of the mean squared error of each. Unlike a likelihood, in which the
 * encoder's own error counts, this does not pull at the chart.
 */
import type { HostTensors, StepFunction } from '@mechid/engine'
import { generator } from '@mechid/random'
import type { ExampleSource, Samples } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { DistillationSchedule } from '../configuration/staged-configuration.js'
import type { EstimatorError } from '../errors.js'
import { decode, encode } from '../model/autoencoder.js'
import type { Model } from '../model/model.js'
import { baseOptimizer } from '../optimizer/configured.js'
import { scalar } from '../tensors/host-tensors.js'
import { batches } from '../training/batches.js'
import { firstCarry, parametersOf, updated } from '../training/carry.js'
import { tensorsFingerprint } from '../training/data-fingerprint.js'
import { differentiate } from '../training/differentiate.js'
import { rateFactor } from '../training/schedule.js'
import { type RunOptions, type RunResult, runTraining, type StepFeeds } from '../training/training-loop.js'
import type { StageProgress } from './stage.js'

export interface Distillation extends RunOptions {
  /** Where encoder and decoder start. */
  readonly model: Model
  /** Observations [n, features] and their latents [n, d]. */
  readonly x: Samples
  readonly z: Samples
  readonly schedule: DistillationSchedule
  readonly seed: number
  readonly onProgress?: (progress: Omit<StageProgress, 'what'>) => void
}

const terms = ['loss', 'encoding', 'decoding'] as const

const isCoder = (name: string): boolean => /^(encoder|decoder)\/(view\/)?[a-z]\d+$/.test(name)

const stepOf = ({ shape, configuration }: Model): StepFunction => {
  const optimizer = baseOptimizer(configuration)
  const error = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.mean(tf.square(tf.sub(a, b)))
  const halfLog = (a: tf.Tensor): tf.Tensor => tf.mul(tf.log(tf.add(a, 1e-10)), 0.5)
  return (carry, { x, z, learningRate }) => {
    const { gradients, outputs } = differentiate(parametersOf(carry), (current) => {
      const encoding = halfLog(error(encode(current, shape, configuration, x as tf.Tensor2D).mean, z))
      const decoding = halfLog(error(decode(current, configuration, z as tf.Tensor2D), x))
      const loss = tf.add(encoding, decoding) as tf.Scalar
      return {
        minimized: loss,
        outputs: { loss, encoding: encoding as tf.Scalar, decoding: decoding as tf.Scalar }
      }
    })
    return { carry: updated(carry, gradients, optimizer, learningRate), outputs }
  }
}

/** Rows as examples: observations, and latents in the place of actions. */
const rowSource = (x: Samples, z: Samples): ExampleSource => {
  const [examples, features] = x.shape
  const latents = z.shape[1]
  return {
    examples,
    features,
    actions: latents,
    temporal: false,
    order: (random) => random.permutation(examples),
    gather: (rows, toX, toZ) => {
      rows.forEach((row, i) => {
        for (let f = 0; f < features; f++) toX[i * features + f] = x.data[row * features + f]
        for (let j = 0; j < latents; j++) toZ[i * latents + j] = z.data[row * latents + j]
      })
    }
  }
}

const feedsOf = ({ x, z, schedule, seed }: Distillation, batch: number): StepFeeds => {
  const drawn = batches(rowSource(x, z), batch, generator(seed).split('distillation'))
  const learningRate = scalar(0)
  return {
    feeds: { x: drawn.x, z: drawn.a, learningRate },
    fill: async (step) => {
      await drawn.fill(step)
      learningRate.data[0] = schedule.learningRate * rateFactor(step, schedule.steps, schedule)
    }
  }
}

const asFloats = ({ data }: Samples): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data)

/**
 * The model with encoder and decoder trained to map `x` to the latents `z` and back.
 *
 * When to use it: for better latents than the encoder's own, such as those that `straighten` of `@mechid/unmixing` gives.
 * Transitions and gates stay as they are: the latents must keep their basis.
 *
 * Errors: those of `runTraining`.
 */
export const distil =
  (options: Distillation): TaskEither<EstimatorError, { readonly model: Model; readonly aborted: boolean }> =>
  async () => {
    const { model, x, z, schedule, seed, onProgress } = options
    const coders: HostTensors = Object.fromEntries(
      Object.entries(model.parameters).filter(([name]) => isCoder(name))
    )
    const batch = Math.min(schedule.batch, x.shape[0])
    const trainable = {
      name: 'distil',
      step: stepOf(model),
      initial: firstCarry(coders, baseOptimizer(model.configuration)),
      feeds: feedsOf(options, batch),
      terms,
      steps: schedule.steps,
      fingerprint: async () => ({
        model: `encoder and decoder from ${tensorsFingerprint(coders)}`,
        configuration: JSON.stringify({ coders: model.configuration, schedule }),
        seed: String(seed),
        data: `${x.shape.join(' × ')} observations and latents (${tensorsFingerprint({
          x: { data: asFloats(x), shape: x.shape },
          z: { data: asFloats(z), shape: z.shape }
        })})`
      })
    }
    const done = await runTraining(trainable, options, (step, outputs) =>
      onProgress?.({ step, steps: schedule.steps, loss: outputs.loss.data[0] })
    )()
    return E.map(({ carry, aborted }: RunResult<(typeof terms)[number]>) => ({
      model: { ...model, parameters: { ...model.parameters, ...parametersOf(carry) } },
      aborted
    }))(done)
  }
