/** Positions and velocities of a ball from its pictures. */
import { affineFields, message as algebraMessage, ambiguityOf } from '@mechid/algebra'
import { type Engine, encodeRows, message, ofClass, trainKnownMechanism } from '@mechid/estimator'
import { orFail } from '@mechid/example-terminal'
import type { ActionDomain, Mechanism } from '@mechid/mechanisms'
import {
  type Ambiguity,
  affineMaps,
  exact,
  message as metricMessage,
  moduloGroup,
  type Samples,
  shifts
} from '@mechid/metrics'
import { exampleSource } from '@mechid/simulators'
import { ball, type Motion, motion, simulateMotion, trueMotion } from './ball.js'
import { drawFrames, PIXELS, SIDE } from './drawing.js'

const LATENTS = 4
/** Frames of a sequence. */
const FRAMES = 12
/** Frames of an observation: one shows no velocity, two leave open whether there was a bounce between them. */
const VIEWS = 3
const SEQUENCES = 800
const TEST_SEQUENCES = 100
/** Far from the seeds of training data. */
const TEST_SEED = 1_000_000

export interface PixelPrediction {
  /** Of affine fields that commute with every push: free flight, and with bounces off walls at known places. */
  readonly free: number
  readonly walls: number
}

const pushDomains: ActionDomain[] = [0, 1].map(() => ({ _tag: 'Interval', low: -ball.push, high: ball.push }))

const fieldsOf = (mechanism: Mechanism, reach: number): number =>
  orFail(
    ambiguityOf([mechanism], {
      dictionary: affineFields,
      actionDomains: [pushDomains],
      box: Array.from({ length: LATENTS }, () => [-reach, reach] as const)
    }),
    algebraMessage
  ).dimension

/** What is left open among affine maps, with the engine's gravity and restitution. */
export const predictPixels = (): PixelPrediction => {
  const mechanism: Mechanism = { latents: LATENTS, actions: 2, step: trueMotion }
  return { free: fieldsOf(mechanism, 0.2), walls: fieldsOf(mechanism, 0.8) }
}

/** Frames and states of windows: row r is an observation of VIEWS frames, and the state of its last frame. */
const windows = ({ states }: Motion, frames: Float32Array, sequences: number): { x: Samples; z: Samples } => {
  const each = FRAMES - VIEWS + 1
  const rows = sequences * each
  const x = new Float32Array(rows * VIEWS * PIXELS)
  const z = new Float32Array(rows * LATENTS)
  for (let r = 0; r < rows; r++) {
    const first = Math.floor(r / each) * FRAMES + (r % each)
    const last = first + VIEWS - 1
    x.set(frames.subarray(first * PIXELS, (first + VIEWS) * PIXELS), r * VIEWS * PIXELS)
    z.set(states.subarray(last * LATENTS, (last + 1) * LATENTS), r * LATENTS)
  }
  return { x: { data: x, shape: [rows, VIEWS * PIXELS] }, z: { data: z, shape: [rows, LATENTS] } }
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
  frames: { height: SIDE, width: SIDE, channels: 1, filters: [8, 16, 16] },
  views: VIEWS,
  encoder: { width: 64, depth: 1 },
  decoder: { width: 64, depth: 1 },
  pushesFirst: { from: 0.2, to: 0.5 },
  decayFrom: 0.5,
  batch: 64
}

/** Learns from the pictures alone; gravity is learned along. */
export const learnPixels = async (
  engine: Engine,
  {
    seed,
    steps,
    onProgress
  }: { seed: number; steps: number; onProgress: (step: number, loss: number) => void }
): Promise<PixelResult> => {
  const train = simulateMotion(SEQUENCES, FRAMES, seed)
  const data = {
    x: { data: drawFrames(train.states), shape: [SEQUENCES, FRAMES, PIXELS] },
    a: { data: train.pushes, shape: [SEQUENCES, FRAMES - 1, 2] }
  }
  const training = trainKnownMechanism({
    data: exampleSource(data, undefined, { views: VIEWS }),
    dynamics: ofClass(motion),
    configuration: { ...configuration, steps },
    engine,
    seed,
    onProgress: ({ step, loss }) => onProgress(step, loss)
  })
  const { model, mechanism, seconds } = orFail(await training(), message)
  const test = simulateMotion(TEST_SEQUENCES, FRAMES, TEST_SEED + seed)
  const { x, z } = windows(test, drawFrames(test.states), TEST_SEQUENCES)
  const zHat = orFail(await encodeRows(engine, model, x)(), message)
  const score = (ambiguity: Ambiguity): ReadonlyArray<number> =>
    orFail(moduloGroup(z, zHat, ambiguity), metricMessage).perLatent
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

/** The last frame of observation `row`. */
export const lastFrame = ({ x }: PixelResult, row: number): Float32Array | Float64Array =>
  x.data.subarray(((row + 1) * VIEWS - 1) * PIXELS, (row + 1) * VIEWS * PIXELS)
