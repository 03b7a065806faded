/** xoroshiro128+ (D. Blackman, S. Vigna, 2018; constants 24, 16, 37): the recurrence under every stream. */
import type { Key } from './seed-path.js'

/**
 * Four 32-bit words of state (s0 low, s0 high, s1 low, s1 high), then the last output (low, high).
 *
 * The state is a typed array so that it can live in the memory of the module that fills arrays.
 */
export type State = Int32Array

export const STATE_WORDS = 6

export const stateFromKey = (key: Key): State => Int32Array.of(key[1], key[0], key[3], key[2], 0, 0)

/** One step: the sum of both halves goes to the output words, then the state moves on. */
export const advance = (state: State): void => {
  const low0 = state[0]
  const high0 = state[1]
  const low1 = state[2]
  const high1 = state[3]
  const low = (low0 + low1) | 0
  const carry = ((low0 & low1) | ((low0 | low1) & ~low)) >>> 31
  state[4] = low
  state[5] = (high0 + high1 + carry) | 0
  const a0 = low1 ^ low0
  const a1 = high1 ^ high0
  state[0] = (low0 << 24) ^ (high0 >>> 8) ^ a0 ^ (a0 << 16)
  state[1] = (high0 << 24) ^ (low0 >>> 8) ^ a1 ^ ((a1 << 16) | (a0 >>> 16))
  state[2] = (a1 << 5) ^ (a0 >>> 27)
  state[3] = (a0 << 5) ^ (a1 >>> 27)
}

/** Uniform on the open interval (0, 1) from the top 52 bits of one output. */
export const nextUniform = (state: State): number => {
  advance(state)
  return ((state[5] >>> 0) * 0x100000 + (state[4] >>> 12) + 0.5) * 2 ** -52
}
