/** Sines of columns: in WebAssembly, several times as fast as `Math.sin`, or in JavaScript with the same numbers. */
import { instance, type Memory } from '@mechid/wasm'
import { SINE_MODULE } from './sine-module.js'

/** Writes the sines of `x` to `out`, which is as long. */
export type Sines = (x: Float64Array, out: Float64Array) => void

/** Adding it rounds a double of moderate size to the nearest integer. */
const ROUNDING = 1.5 * 2 ** 52
/** π in two parts; the first has 33 bits, so that its product with n is exact. */
const PI_HIGH = 3.1415926534682512
const PI_LOW = 1.2154201013012384e-10

/**
 * sin x = (−1)ⁿ sin y with y = x − nπ in [−π/2, π/2], by a polynomial in y that interpolates at Chebyshev's nodes;
 * within two units in the last place. Near the multiples of π (|y| < 10⁻⁴) and beyond |x| = 10⁵, where the two
 * parts of π are too few, and for what is not finite, it is `Math.sin`.
 */
export const sine = (x: number): number => {
  const n = x * (1 / Math.PI) + ROUNDING - ROUNDING
  const r = x - n * PI_HIGH
  const w = n * PI_LOW
  const y = r - w
  const z = y * y
  if (!(z > 1e-8 && x * x < 1e10)) return Math.sin(x)
  let p = 2.73144475909634e-15
  p = -7.643970296165793e-13 + z * p
  p = 1.6058977312444268e-10 + z * p
  p = -2.5052107616995878e-8 + z * p
  p = 2.755731921916323e-6 + z * p
  p = -0.00019841269841254974 + z * p
  p = 0.008333333333333316 + z * p
  p = -0.16666666666666666 + z * p
  // What y lost when w was taken from r, times about the cosine.
  const tail = (r - y - w) * (1 - 0.5 * z)
  const s = y + (y * z * p + tail)
  return (n & 1) === 0 ? s : -s
}

export const plainSines: Sines = (x, out) => {
  for (let i = 0; i < x.length; i++) out[i] = sine(x[i])
}

interface SineExports {
  readonly memory: Memory
  readonly sines: (pairs: number) => void
}

const NUMBERS = 4096

/** `undefined` where the host has no WebAssembly, no SIMD, or forbids it. */
export const assembledSines = (): Sines | undefined => {
  const exports = instance<SineExports>(SINE_MODULE, 0, { sine: { beyond: Math.sin } })
  if (exports === undefined) return undefined
  const numbers = new Float64Array(exports.memory.buffer, 0, NUMBERS)
  return (x, out) => {
    for (let start = 0; start < x.length; start += NUMBERS) {
      const count = Math.min(NUMBERS, x.length - start)
      numbers.set(count === x.length ? x : x.subarray(start, start + count))
      exports.sines((count + 1) >> 1)
      out.set(count === NUMBERS ? numbers : numbers.subarray(0, count), start)
    }
  }
}

let chosen: Sines | undefined

/** The fastest that works here. Which it is shows in its speed only. */
export const sines: Sines = (x, out) => {
  chosen ??= assembledSines() ?? plainSines
  chosen(x, out)
}
