/** The seeded, splittable random generator. */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { childKey, type Key, rootKey } from './seed-path.js'
import { edge, height, inside, TAIL_START } from './ziggurat.js'

/**
 * A seeded stream of random numbers that can be split into independent streams.
 *
 * Streams are mutable: each call advances them. `split` does not advance the parent and depends only on the
 * parent's seed path and the label, so `root.split('step').split(1000)` is the same stream however much was
 * drawn before: what resumable training and parallel simulation need.
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
  /** An independent stream, determined by this stream's seed path and `label` alone. */
  readonly split: (label: string | number) => Generator
}

const FLOAT32_BELOW_ONE = 1 - 2 ** -24

const fromKey = (key: Key): Generator => {
  const source = xoroshiro128plusFromState(key)
  const bits = (): number => source.next()

  const uniform = (): number => {
    const high = bits() >>> 6
    const low = bits() >>> 6
    return (high * 0x4000000 + low + 0.5) / 0x10000000000000
  }

  const tail = (): number => {
    for (;;) {
      const x = -Math.log(uniform()) / TAIL_START
      const y = -Math.log(uniform())
      if (y + y > x * x) return TAIL_START + x
    }
  }

  const normal = (): number => {
    for (;;) {
      const word = bits()
      // Layer from the upper bits, since the lowest bits of xoroshiro128+ are its weakest.
      const layer = word >>> 24
      const u = (((word & 0xffffff) << 8) | (bits() >>> 24)) / 0x80000000
      const magnitude = u < 0 ? -u : u
      if (magnitude < inside[layer]) return u * edge[layer]
      if (layer === 0) return u < 0 ? -tail() : tail()
      const x = u * edge[layer]
      const y = height[layer] + uniform() * (height[layer + 1] - height[layer])
      if (y < Math.exp(-0.5 * x * x)) return x
    }
  }

  const integer = (bound: number): number => {
    const limit = 0x100000000 - (0x100000000 % bound)
    for (;;) {
      const word = bits() >>> 0
      if (word < limit) return word % bound
    }
  }

  return {
    uniform,
    normal,
    integer,
    fillUniform: (out) => {
      if (out instanceof Float32Array) {
        for (let i = 0; i < out.length; i++) {
          const u = uniform()
          out[i] = u < FLOAT32_BELOW_ONE ? u : FLOAT32_BELOW_ONE
        }
      } else for (let i = 0; i < out.length; i++) out[i] = uniform()
    },
    fillNormal: (out) => {
      for (let i = 0; i < out.length; i++) out[i] = normal()
    },
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
 * @example
 * const random = generator(1)
 * const noise = random.split('noise').normal()
 */
export const generator = (seed: number): Generator => fromKey(rootKey(seed))
