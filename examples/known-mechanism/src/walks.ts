/** A Gaussian and a Laplace random walk, learned by likelihood: what stays open, predicted and measured. */
import { affineFields, ambiguityOf } from '@mechid/algebra'
import type { Engine } from '@mechid/engine'
import { encodeRows, knownKernel, trainWithRestarts } from '@mechid/estimator'
import { orFail } from '@mechid/example-terminal'
import { gaussian, type Kernel, laplace, type Noise, randomWalk } from '@mechid/mechanisms'
import { mcc, moduloIsometry } from '@mechid/metrics'
import { generator } from '@mechid/random'
import {
  type DataSet,
  exampleSource,
  linearMixing,
  linesOf,
  simulate,
  splitRows,
  subset
} from '@mechid/simulators'
import { orThrow } from '@mechid/values'

const LATENTS = 4
const ROWS = 16_000
const TEST_SHARE = 0.25
const STEP = 0.5
/** Standard deviation of the noise of each feature. With less, the decoder holds the encoder fast, and training is slow. */
const NOISE = 0.1

export const noises: ReadonlyArray<Noise> = [gaussian, laplace]

export interface WalkPrediction {
  readonly noise: string
  /** Dimension of the Lie algebra of affine fields that commute. */
  readonly dimension: number
  /** Number of signed permutations that commute. */
  readonly order: bigint
}

const walkOf = (noise: Noise): Kernel => orThrow(randomWalk(LATENTS, noise, STEP))

export const predictWalk = (noise: Noise): WalkPrediction => {
  const { dimension, finite } = orFail(ambiguityOf([walkOf(noise)], { dictionary: affineFields }))
  return { noise: noise.name, dimension, order: orFail(finite).order }
}

/** Scores on held-out rows. */
export interface WalkRun {
  readonly noise: string
  readonly seed: number
  readonly mcc: number
  /** R² modulo isometries: orthogonal maps and shifts. */
  readonly isometries: number
  /** R² modulo signed permutations and shifts. */
  readonly signedPermutations: number
  readonly seconds: number
}

const configuration = {
  encoder: { width: 1, depth: 0 },
  decoder: { width: 1, depth: 0 },
  batch: 256,
  steps: 3000,
  learningRate: 3e-2
}

/** Restarts, of which the likeliest is taken: the likelihood of a Laplace walk has local optima. */
const STARTS = 3

/** Restarts count their seeds on from here, so that those of two seeds differ. */
const BETWEEN_SEEDS = 1000

export const learnWalk = async (
  noise: Noise,
  engine: Engine,
  seed: number,
  starts = STARTS
): Promise<WalkRun> => {
  const kernel = walkOf(noise)
  const random = generator(seed)
  const mixing = orThrow(
    linearMixing({ latents: LATENTS, features: 4 * LATENTS, random: random.split('mixing') })
  )
  const { data } = orThrow(simulate({ kernel, mixing, rows: ROWS, observationNoise: NOISE, seed }))
  const split = splitRows(ROWS, { validation: 0, test: TEST_SHARE }, random.split('split'))
  const training = trainWithRestarts(
    {
      data: exampleSource(data, split.train),
      dynamics: knownKernel(kernel),
      configuration,
      engine,
      seed: BETWEEN_SEEDS * seed
    },
    { starts, threshold: Number.NEGATIVE_INFINITY }
  )
  const started = performance.now()
  const { model } = orFail(await training())
  const held = subset(data, split.test)
  const z = linesOf(held.z as NonNullable<DataSet['z']>)
  const zHat = orFail(await encodeRows(engine, model, linesOf(held.x))())
  const modulo = (group: 'orthogonal' | 'signed permutations'): number =>
    orFail(moduloIsometry(z, zHat, group)).value
  return {
    noise: noise.name,
    seed,
    mcc: orFail(mcc(z, zHat)).value,
    isometries: modulo('orthogonal'),
    signedPermutations: modulo('signed permutations'),
    seconds: (performance.now() - started) / 1000
  }
}
