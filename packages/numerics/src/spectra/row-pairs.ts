/** Passes over the lower triangle of a symmetric matrix, two rows at a time: what tridiagonal form takes its time for. */
import { instance, type Memory } from '@mechid/wasm'
import { ROW_PAIRS_MODULE } from './row-pairs-module.js'

/**
 * An n × n matrix with two vectors. Both passes take the rows i and i + 1, i even, of the leading 2 · pairs rows,
 * and of them the columns before i.
 */
export interface RowPairs {
  readonly a: Float64Array
  readonly v: Float64Array
  readonly p: Float64Array
  /** p += A v, for A with the part above the diagonal as below. */
  readonly times: (pairs: number) => void
  /** A −= v pᵀ + p vᵀ. */
  readonly update: (pairs: number) => void
}

/** The same in JavaScript. */
export const plainRowPairs = (n: number): RowPairs => {
  const [a, v, p] = [new Float64Array(n * n), new Float64Array(n), new Float64Array(n)]
  const times = (pairs: number): void => {
    for (let i = 0; i < 2 * pairs; i += 2) {
      const [at, to] = [i * n, i * n + n]
      const [x0, x1] = [v[i], v[i + 1]]
      let [s0, s1, t0, t1] = [0, 0, 0, 0]
      for (let j = 0; j < i; j += 2) {
        s0 += a[at + j] * v[j]
        s1 += a[to + j] * v[j]
        t0 += a[at + j + 1] * v[j + 1]
        t1 += a[to + j + 1] * v[j + 1]
        p[j] += a[at + j] * x0 + a[to + j] * x1
        p[j + 1] += a[at + j + 1] * x0 + a[to + j + 1] * x1
      }
      p[i] += s0 + t0
      p[i + 1] += s1 + t1
    }
  }
  const update = (pairs: number): void => {
    for (let i = 0; i < 2 * pairs; i += 2) {
      const [at, to] = [i * n, i * n + n]
      const [x0, y0, x1, y1] = [v[i], p[i], v[i + 1], p[i + 1]]
      for (let j = 0; j < i; j++) {
        const [w, q] = [v[j], p[j]]
        a[at + j] -= x0 * q + y0 * w
        a[to + j] -= x1 * q + y1 * w
      }
    }
  }
  return { a, v, p, times, update }
}

type Pass = (a: number, stride: number, pairs: number, v: number, p: number) => void

interface RowPairFunctions {
  readonly memory: Memory
  readonly times: Pass
  readonly update: Pass
}

/** `undefined` where the host cannot run it. */
export const assembledRowPairs = (n: number): RowPairs | undefined => {
  const size = n * n + 2 * n
  const functions = instance<RowPairFunctions>(ROW_PAIRS_MODULE, 8 * size)
  if (functions === undefined) return undefined
  const numbers = new Float64Array(functions.memory.buffer, 0, size)
  const [v, p] = [n * n, n * n + n]
  return {
    a: numbers.subarray(0, v),
    v: numbers.subarray(v, p),
    p: numbers.subarray(p),
    times: (pairs) => functions.times(0, 8 * n, pairs, 8 * v, 8 * p),
    update: (pairs) => functions.update(0, 8 * n, pairs, 8 * v, 8 * p)
  }
}

/** From this size on, a module of its own is worth it. */
const LARGE = 64

/** The fastest that works here. */
export const rowPairs = (n: number): RowPairs =>
  (n >= LARGE ? assembledRowPairs(n) : undefined) ?? plainRowPairs(n)
