/** The sizes of the step that is measured, the operations in it, and the numbers that both sides start from. */
import type { HostTensor, HostTensors } from '@mechid/engine'
import {
  type Configuration,
  initialCarry,
  initialParameters,
  type NetworkSize,
  preset
} from '@mechid/estimator'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'

export const SHAPE = { latents: 10, features: 20, actions: 10, temporal: false }
/** ActionNonDiag at ten latents. */
export const EDGES = 20
const BATCHES = 4
export const RATE = 5e-4
export interface Size {
  readonly name: string
  readonly batch: number
  readonly coder: NetworkSize
  readonly transition: NetworkSize
  /** Steps in one measurement. */
  readonly calls: number
  readonly pairs: number
  /** Steps of the eager engine in one measurement, and how often. */
  readonly eager: { readonly pairs: number; readonly warmUps: number }
}

export const sizes: readonly Size[] = [
  {
    name: 'small',
    batch: 256,
    coder: { width: 64, depth: 3 },
    transition: { width: 64, depth: 3 },
    calls: 50,
    pairs: 15,
    eager: { pairs: 7, warmUps: 1 }
  },
  {
    name: 'default',
    batch: 512,
    coder: { width: 128, depth: 4 },
    transition: { width: 128, depth: 4 },
    calls: 10,
    pairs: 15,
    eager: { pairs: 5, warmUps: 1 }
  },
  {
    name: 'published',
    batch: 1024,
    coder: { width: 512, depth: 6 },
    transition: { width: 512, depth: 5 },
    calls: 1,
    pairs: 7,
    eager: { pairs: 1, warmUps: 1 }
  }
]

export const configurationOf = ({ batch, coder, transition }: Size): Configuration => ({
  ...orThrow(preset('published', SHAPE, EDGES)),
  batch,
  encoder: coder,
  decoder: coder,
  transition
})

/** Multiplications of one example's way through a perceptron. */
const products = (inputs: number, { width, depth }: NetworkSize, outputs: number): number =>
  inputs * width + (depth - 1) * width * width + width * outputs

/** Floating-point operations that no step can do without: products forward, and for inputs and weights backward. */
export const operationsOf = ({ batch, coder, transition }: Size): number => {
  const { latents, features, actions } = SHAPE
  const networks =
    products(features, coder, 2 * latents) +
    products(latents, coder, features) +
    latents * products(actions, transition, 1)
  // Nobody needs the gradients of what encoder and transitions read.
  const unneeded = features * coder.width + latents * actions * transition.width
  return 2 * batch * (3 * networks - unneeded)
}

export interface Inputs {
  readonly carry: HostTensors
  readonly arrays: Readonly<Record<string, HostTensor>>
  readonly feeds: readonly HostTensors[]
}

const scalar = (value: number): HostTensor => ({ data: Float32Array.of(value), shape: [] })

export const inputsFor = (configuration: Configuration): Inputs => {
  const random = generator(1)
  const parameters = initialParameters(SHAPE, configuration, random.split('parameters'))
  const { batch } = configuration
  const drawn = (name: string, ...rest: number[]): HostTensor => {
    const data = new Float32Array(rest.reduce((product, n) => product * n, BATCHES))
    random.split(name).fillNormal(data)
    return { data, shape: [BATCHES, ...rest] }
  }
  const arrays: Readonly<Record<string, HostTensor>> = {
    x: drawn('x', batch, SHAPE.features),
    a: drawn('a', batch, SHAPE.actions),
    posteriorNoise: drawn('posterior', batch, SHAPE.latents),
    gateNoise: drawn('gates', SHAPE.latents, SHAPE.actions)
  }
  const part = ({ data, shape }: HostTensor, i: number): HostTensor => ({
    data: data.subarray((i * data.length) / BATCHES, ((i + 1) * data.length) / BATCHES),
    shape: shape.slice(1)
  })
  const feeds = Array.from({ length: BATCHES }, (_, i) => ({
    ...Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, part(array, i)])),
    learningRate: scalar(RATE),
    bound: scalar(EDGES),
    penalty: scalar(0)
  }))
  return { carry: initialCarry(parameters, configuration), arrays, feeds }
}

export const PARAMETER = 'parameter/'

/** The mean absolute value of each parameter: small to send, and moved by every update. */
export const magnitudes = (carry: HostTensors): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(carry)
      .filter(([name]) => name.startsWith(PARAMETER))
      .map(([name, { data }]) => {
        let sum = 0
        for (let i = 0; i < data.length; i++) sum += Math.abs(data[i])
        return [name.slice(PARAMETER.length), sum / data.length]
      })
  )
