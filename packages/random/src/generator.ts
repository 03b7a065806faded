/** A seeded, splittable random generator. */
import { fills } from './fill.js'
import { childKey, type Key, rootKey } from './seed-path.js'
import { advance, nextUniform, stateFromKey } from './xoroshiro.js'
import { nextNormal } from './ziggurat.js'

/**
 * A seeded stream of random numbers that can be split into independent streams.
 *
 * Streams are mutable: each call advances them. `split` does not advance the parent and depends only on the parent's
 * seed path and the label. So `root.split('step').split(1000)` is the same stream however much was drawn before, as
 * resumable trainings and parallel simulations need.
 *
 * Filling an array gives the same numbers as single draws, several times faster.
 */
export interface Generator {
  /** Uniform on the open interval (0, 1): never 0, never 1. 52 random bits. */
  readonly uniform: () => number
  /** Standard normal. */
  readonly normal: () => number
  /** Uniform integer in [0, bound), without bias. `bound` in 1..2^31. */
  readonly integer: (bound: number) => number
  /** Fills `out` with uniforms on (0, 1). */
  readonly fillUniform: (out: Float32Array | Float64Array) => void
  /** Fills `out` with standard normals. */
  readonly fillNormal: (out: Float32Array | Float64Array) => void
  /** A random permutation of 0..n−1. */
  readonly permutation: (n: number) => Int32Array
  /** An independent stream that depends on this stream's seed path and `label` alone. */
  readonly split: (label: string | number) => Generator
}

const fromKey = (key: Key): Generator => {
  const state = stateFromKey(key)

  const integer = (bound: number): number => {
    for (;;) {
      advance(state)
      const word = state[5] >>> 0
      const value = word % bound
      // The last, incomplete run of `bound` words would favour small values.
      if (word - value <= 0x100000000 - bound) return value
    }
  }

  return {
    uniform: () => nextUniform(state),
    normal: () => nextNormal(state),
    integer,
    fillUniform: (out) => fills().uniforms(state, out),
    fillNormal: (out) => fills().normals(state, out),
    permutation: (n) => {
      const order = new Int32Array(n)
      for (let i = 0; i < n; i++) {
        const j = integer(i + 1)
        order[i] = order[j]
        order[j] = i
      }
      return order
    },
    split: (label) => fromKey(childKey(key, label))
  }
}

/**
 * A root stream. Any finite number is a seed; equal seeds give equal streams on every machine.
 *
 * Use it for simulations, trainings and resampling. It is not for secrets: its output can be predicted.
 *
 * @example
 * const random = generator(1)
 * const noise = random.split('noise').normal()
 */
export const generator = (seed: number): Generator => fromKey(rootKey(seed))
