/** 16-bit floating point: IEEE 754 binary16 and bfloat16, to and from float32, rounding to nearest even. */

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

const HALF_INFINITY = 0x7c00
const FLOAT_INFINITY = 0x7f800000
/** Float32 bits of 65520, the least magnitude that rounds to infinity in binary16. */
const HALF_OVERFLOW = 0x477ff000
/** Float32 bits of 2^−14, the least normal binary16. */
const HALF_NORMAL = 0x38800000
/** Exponent biases 127 − 15, in place. */
const REBIAS = 0x38000000

const decodeHalf = (half: number): number => {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

let halves: Float32Array | undefined
/** All 65,536 values; built at the first use. */
const halfTable = (): Float32Array => {
  halves ??= Float32Array.from({ length: 0x10000 }, (_, half) => decodeHalf(half))
  return halves
}

const roundHalfEven = (x: number): number => {
  const floor = Math.floor(x)
  const rest = x - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}

const encodeHalf = (value: number): number => {
  float[0] = value
  const sign = (bits[0] >>> 16) & 0x8000
  const magnitude = bits[0] & 0x7fffffff
  if (magnitude > FLOAT_INFINITY) return sign | 0x7e00
  if (magnitude >= HALF_OVERFLOW) return sign | HALF_INFINITY
  if (magnitude < HALF_NORMAL) return sign | roundHalfEven(Math.abs(float[0]) * 2 ** 24)
  return sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - REBIAS) >>> 13)
}

const encodeBrain = (value: number): number => {
  float[0] = value
  if ((bits[0] & 0x7fffffff) > FLOAT_INFINITY) return (bits[0] >>> 16) | 0x40
  return (bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) >>> 16
}

/** `out[at + i]` = the value of the binary16 pattern `patterns[i]`. */
export const fromFloat16 = (patterns: Uint16Array, out: Float32Array | Float64Array, at: number): void => {
  const table = halfTable()
  for (let i = 0; i < patterns.length; i++) out[at + i] = table[patterns[i]]
}

/** `out[at + i]` = the value of the bfloat16 pattern `patterns[i]`. */
export const fromBfloat16 = (patterns: Uint16Array, out: Float32Array | Float64Array, at: number): void => {
  for (let i = 0; i < patterns.length; i++) {
    bits[0] = patterns[i] << 16
    out[at + i] = float[0]
  }
}

/** `out[i]` = the binary16 pattern nearest `values[at + i]`; beyond ±65,504 it overflows to infinity. */
export const toFloat16 = (values: Float32Array, at: number, out: Uint16Array): void => {
  for (let i = 0; i < out.length; i++) out[i] = encodeHalf(values[at + i])
}

/** `out[i]` = the bfloat16 pattern nearest `values[at + i]`. */
export const toBfloat16 = (values: Float32Array, at: number, out: Uint16Array): void => {
  for (let i = 0; i < out.length; i++) out[i] = encodeBrain(values[at + i])
}
