/** Learns positions and velocities of a ball from its pictures. */
import { affineFields, ambiguityOf } from '@mechid/algebra'
import type { Engine } from '@mechid/engine'
import { encodeRows, ofClass, trainKnownMechanism } from '@mechid/estimator'
import { orFail } from '@mechid/example-terminal'
import type { ActionDomain, Mechanism } from '@mechid/mechanisms'
import { type AmbiguityGroup, affineMaps, exact, moduloGroup, shifts } from '@mechid/metrics'
import type { Samples } from '@mechid/values'
import { ball, motion, simulateMotion, trueMotion } from './ball.js'
import { SIDE } from './drawing.js'
import { observationsOf, pairsOf, record, VIEWS } from './observations.js'

const LATENTS = 4
/** Frames of a sequence. */
const FRAMES = 12
const SEQUENCES = 3000
/** Many: bounces are rare and cause most of the error of velocities. */
const TEST_SEQUENCES = 1000
/** Far from the seeds of training data. */
const TEST_SEED = 1_000_000

export interface PixelPrediction {
  /** Dimension of the affine fields that commute with free flight under every push. */
  readonly free: number
  /** The same with bounces off walls at known places. */
  readonly walls: number
}

const pushDomains: ActionDomain[] = [0, 1].map(() => ({ _tag: 'Interval', low: -ball.push, high: ball.push }))

const openDimension = (mechanism: Mechanism, reach: number): number =>
  orFail(
    ambiguityOf([mechanism], {
      dictionary: affineFields,
      actionDomains: [pushDomains],
      box: Array.from({ length: LATENTS }, () => [-reach, reach] as const)
    })
  ).dimension

/** What stays open among affine maps, with the engine's gravity and restitution. */
export const predictPixels = (): PixelPrediction => {
  const mechanism: Mechanism = { latents: LATENTS, actions: 2, step: trueMotion }
  return { free: openDimension(mechanism, 0.2), walls: openDimension(mechanism, 0.8) }
}

export const pixelLatents = ['x', 'y', 'x velocity', 'y velocity'] as const

export interface PixelResult {
  /** R² of each of `pixelLatents` on held-out frames, modulo nothing, shifts, and all affine maps. */
  readonly exact: ReadonlyArray<number>
  readonly shifts: ReadonlyArray<number>
  readonly affine: ReadonlyArray<number>
  readonly gravity: number
  readonly x: Samples
  readonly z: Samples
  readonly zHat: Samples
  readonly seconds: number
}

const configuration = {
  frames: {
    height: SIDE,
    width: SIDE,
    channels: 1,
    filters: [8, 8, 16],
    viewCode: { size: 16, rate: 1 / ball.interval }
  },
  views: VIEWS,
  encoder: { width: 128, depth: 3 },
  decoder: { width: 64, depth: 1 },
  optimizer: { _tag: 'Muon', matrixRate: 4 },
  eachPair: { weight: 0.75, floor: 0.05 },
  curriculum: { from: 0.08, to: 0.16 },
  decayFrom: 0.25,
  batch: 64
} as const

/** Learns from pictures and pushes alone; gravity is learned with them. */
export const learnPixels = async (
  engine: Engine,
  {
    seed,
    steps,
    onProgress
  }: { seed: number; steps: number; onProgress: (step: number, loss: number) => void }
): Promise<PixelResult> => {
  const training = trainKnownMechanism({
    data: pairsOf(record(simulateMotion(SEQUENCES, FRAMES, seed), SEQUENCES)),
    dynamics: ofClass(motion),
    configuration: { ...configuration, steps },
    engine,
    seed,
    onProgress: ({ step, loss }) => onProgress(step, loss)
  })
  const { model, mechanism, seconds } = orFail(await training())
  const { x, z } = observationsOf(simulateMotion(TEST_SEQUENCES, FRAMES, TEST_SEED + seed), TEST_SEQUENCES)
  const zHat = orFail(await encodeRows(engine, model, x)())
  const score = (ambiguity: AmbiguityGroup): ReadonlyArray<number> =>
    orFail(moduloGroup(z, zHat, ambiguity)).perLatent
  const [gravity] = mechanism
  return {
    exact: score(exact()),
    shifts: score(shifts(LATENTS)),
    affine: score(affineMaps(LATENTS)),
    gravity,
    x,
    z,
    zHat,
    seconds
  }
}
