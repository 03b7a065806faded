/** What the encoder sees of a motion: a few frames and the pushes between them. */
import type { ExampleSource, Samples } from '@mechid/values'
import type { Motion } from './ball.js'
import { drawFrames, PIXELS } from './drawing.js'

const LATENTS = 4
/** Numbers of a push. */
const AXES = 2

/** Frames of an observation. One shows no velocity; two leave open whether the ball bounced between them. */
export const VIEWS = 3
/**
 * Numbers of the pushes between them. Without these, three frames do not tell a bounce from a push: the mean velocity given
 * exact positions has R² .963 and .960, and no encoder can have more.
 */
export const PUSHES = AXES * (VIEWS - 1)
/** Numbers of an observation. */
export const FEATURES = VIEWS * PIXELS + PUSHES

/** A motion as recorded: sequences of pictures and pushes. */
export interface Recording {
  readonly pictures: Float32Array
  readonly pushes: Float32Array
  readonly sequences: number
  /** Of a sequence. */
  readonly frames: number
}

export const record = ({ states, pushes }: Motion, sequences: number): Recording => {
  const frames = states.length / LATENTS / sequences
  return { pictures: drawFrames(states), pushes, sequences, frames }
}

/** Writes the observation that starts at frame `from` of a sequence. */
const observe = (
  { pictures, pushes, frames }: Recording,
  sequence: number,
  from: number,
  out: Float32Array,
  at: number
): void => {
  const picture = (sequence * frames + from) * PIXELS
  const push = (sequence * (frames - 1) + from) * AXES
  out.set(pictures.subarray(picture, picture + VIEWS * PIXELS), at)
  out.set(pushes.subarray(push, push + PUSHES), at + VIEWS * PIXELS)
}

/** Pairs of consecutive observations, and the push after the last frame of the first. */
export const pairsOf = (recording: Recording): ExampleSource => {
  const { pushes, sequences, frames } = recording
  const each = frames - VIEWS
  const examples = sequences * each
  return {
    examples,
    features: FEATURES,
    beside: PUSHES,
    actions: AXES,
    temporal: true,
    order: (random) => random.permutation(examples),
    gather: (indices, x, a) =>
      indices.forEach((index, i) => {
        const sequence = Math.floor(index / each)
        const from = index % each
        observe(recording, sequence, from, x, i * FEATURES)
        observe(recording, sequence, from + 1, x, (indices.length + i) * FEATURES)
        const push = (sequence * (frames - 1) + from + VIEWS - 1) * AXES
        a.set(pushes.subarray(push, push + AXES), i * AXES)
      })
  }
}

/** All observations of a motion, and the state at the last frame of each. */
export const observationsOf = (motion: Motion, sequences: number): { x: Samples; z: Samples } => {
  const recording = record(motion, sequences)
  const { frames } = recording
  const each = frames - VIEWS + 1
  const rows = sequences * each
  const x = new Float32Array(rows * FEATURES)
  const z = new Float32Array(rows * LATENTS)
  for (let r = 0; r < rows; r++) {
    const [sequence, from] = [Math.floor(r / each), r % each]
    observe(recording, sequence, from, x, r * FEATURES)
    const last = sequence * frames + from + VIEWS - 1
    z.set(motion.states.subarray(last * LATENTS, (last + 1) * LATENTS), r * LATENTS)
  }
  return { x: { data: x, shape: [rows, FEATURES] }, z: { data: z, shape: [rows, LATENTS] } }
}

/** The last picture of observation `row`. */
export const lastPicture = (x: Samples, row: number): Float32Array | Float64Array => {
  const end = row * FEATURES + VIEWS * PIXELS
  return x.data.subarray(end - PIXELS, end)
}
