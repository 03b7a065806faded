/**
 * Units of latents in which maps are balanced, so that no decision depends on the units that a user happened to choose:
 * in units u a map has the entries M_ij u_j / u_i, and these are made as alike as a diagonal scaling can.
 */
import { type Dense, frobenius, scaled, solve, zeros } from '@mechid/numerics'

/** A unit for each latent, all powers of two: rescaling by them is exact. */
export type Units = Float64Array

/** A logarithm of 0 that takes part in no sum. */
const NONE = Number.NEGATIVE_INFINITY

const EPSILON = 2 ** -52

/** A one-way coupling of so many roundings a latent may be rounding itself. */
const ROUNDINGS = 25

/**
 * Whether entry e is a one-way coupling that may be rounding in the diagonal beside it (of shifts, in the longest): balancing
 * would scale it up to what it is not. Of two-way couplings the product stays as small as it is.
 */
const isFaint = ({ data, shape: [n] }: Dense, e: number, hasShifts = false): boolean => {
  const [i, j] = [Math.floor(e / n), e % n]
  if (i === j || data[e] === 0 || data[j * n + i] !== 0) return false
  let beside = Math.max(Math.abs(data[i * n + i]), Math.abs(data[j * n + j]))
  if (hasShifts && j === n - 1) {
    beside = 0
    for (let l = 0; l < n - 1; l++) beside = Math.max(beside, Math.abs(data[l * n + j]))
  }
  return Math.abs(data[e]) <= ROUNDINGS * n * EPSILON * beside
}

/** log₂ |M_ij| without faint couplings. */
const logsOf = (m: Dense, hasShifts: boolean): Float64Array =>
  m.data.map((x, e) => (x === 0 || isFaint(m, e, hasShifts) ? NONE : Math.log2(Math.abs(x))))

/** Adds `weight` times (Σ signs[k] x_k)² to a quadratic form, and `weight · value` to its linear part. */
const addSquare = (
  form: Dense,
  linear: Dense,
  entries: ReadonlyArray<readonly [index: number, sign: number]>,
  value: number
): void => {
  const n = form.shape[0]
  for (const [i, s] of entries) {
    linear.data[i] += s * value
    for (const [j, t] of entries) form.data[i * n + j] += s * t
  }
}

/** Keeps what no entry ties down near 0. */
const RIDGE = 1e-9

/**
 * Exponents s and a level t_k for each map, by least squares: log |M_ij| + s_j − s_i ≈ t_k. Where to start from: units of a
 * user change s by themselves, and nothing else.
 */
const leastSquaresExponents = (logs: ReadonlyArray<Float64Array>, n: number): Float64Array => {
  const size = n + logs.length
  const [form, linear] = [zeros(size, size), zeros(size, 1)]
  logs.forEach((log, k) => {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const value = log[i * n + j]
        if (value === NONE) continue
        const level = [n + k, 1] as const
        addSquare(form, linear, i === j ? [level] : [[i, 1], [j, -1], level], value)
      }
  })
  for (let i = 0; i < size; i++) form.data[i * size + i] += RIDGE
  return solve(form, linear).data.slice(0, n)
}

/** Squares of the entries off the diagonal in units 2^s, each map relative to its largest entry; the largest over maps. */
const jointSquares = (logs: ReadonlyArray<Float64Array>, s: Float64Array): Float64Array => {
  const n = s.length
  const out = new Float64Array(n * n)
  for (const log of logs) {
    const there = log.map((x, e) => x + s[e % n] - s[Math.floor(e / n)])
    const largest = there.reduce((most, x) => Math.max(most, x), NONE)
    if (largest === NONE) continue
    there.forEach((x, e) => {
      if (e % (n + 1) !== 0) out[e] = Math.max(out[e], 4 ** (x - largest))
    })
  }
  return out
}

/**
 * One sweep of coordinate descent, in place, on Σ (w − log w) over the entries w off the diagonal: those that close cycles
 * are balanced as by E. E. Osborne (1960); those that close none, which he would scale without end, come to rest near 1,
 * and one that is far smaller than others pulls them but little. Answers the largest change of an exponent.
 */
const sweep = (w: Float64Array, count: Int8Array, s: Float64Array): number => {
  const n = s.length
  let most = 0
  for (let i = 0; i < n; i++) {
    let [column, row, surplus] = [0, 0, 0]
    for (let j = 0; j < n; j++) {
      if (j === i) continue
      column += w[j * n + i]
      row += w[i * n + j]
      surplus += count[j * n + i] - count[i * n + j]
    }
    const root = Math.sqrt(surplus * surplus + 4 * column * row)
    const y = surplus > 0 ? (surplus + root) / (2 * column) : (2 * row) / (root - surplus)
    if (!(y > 0 && Number.isFinite(y))) continue
    for (let j = 0; j < n; j++) {
      if (j === i) continue
      w[j * n + i] *= y
      w[i * n + j] /= y
    }
    const change = Math.log2(y) / 2
    s[i] += change
    most = Math.max(most, Math.abs(change))
  }
  return most
}

const ROUNDS = 3
const SWEEPS = 20
/** Exponents are rounded in the end. */
const STILL = 0.02
/** Units within 2^±400 of each other: quotients of them are finite. */
const MOST = 400

/**
 * Units that balance square maps together. For maps D M_k D⁻¹ with diagonal D they are those for M_k times D, up to
 * rounding to powers of two, over some fourteen orders of magnitude: every step sees the entries in the units found so far
 * alone. `hasShifts`: the last column holds shifts, with a 1 below.
 */
export const balancingUnits = (maps: ReadonlyArray<Dense>, hasShifts = false): Units => {
  const n = maps[0].shape[0]
  const logs = maps.map((m) => logsOf(m, hasShifts))
  const isOff = (e: number): boolean => e % (n + 1) !== 0
  if (!logs.some((log) => log.some((x, e) => isOff(e) && x !== NONE))) return new Float64Array(n).fill(1)
  const s = leastSquaresExponents(logs, n)
  const count = Int8Array.from({ length: n * n }, (_, e) =>
    isOff(e) && logs.some((log) => log[e] !== NONE) ? 1 : 0
  )
  for (let round = 0; round < ROUNDS; round++) {
    const w = jointSquares(logs, s)
    for (let k = 0; k < SWEEPS && sweep(w, count, s) > STILL; k++);
  }
  const middle = s.reduce((sum, x) => sum + x, 0) / n
  return s.map((x) => 2 ** Math.max(-MOST, Math.min(MOST, Math.round(x - middle))))
}

/** The nearest powers of two. */
export const powersOfTwo = (sizes: ReadonlyArray<number>): Units =>
  Float64Array.from(sizes, (x) => 2 ** Math.max(-MOST, Math.min(MOST, Math.round(Math.log2(x)))))

/** x times 2^e, by halves: neither overflows before the product does. */
const timesPower = (x: number, e: number): number => {
  if (x === 0) return 0
  const half = Math.trunc(e / 2)
  return x * 2 ** half * 2 ** (e - half)
}

const exponentOf = (x: number): number => Math.round(Math.log2(x))

const largestLog = ({ data, shape: [n] }: Dense, units: Units): number =>
  data.reduce((most, x, e) => {
    const log = Math.log2(Math.abs(x)) + Math.log2(units[e % n]) - Math.log2(units[Math.floor(e / n)])
    return x === 0 ? most : Math.max(most, log)
  }, NONE)

/** The map in given units, of Frobenius norm 1, without over- and underflow; the zero map stays. */
export const balanced = (m: Dense, units: Units): Dense => {
  const n = m.shape[0]
  const size = Math.floor(largestLog(m, units))
  if (size === NONE) return m
  const data = m.data.map((x, e) =>
    timesPower(x, exponentOf(units[e % n]) - exponentOf(units[Math.floor(e / n)]) - size)
  )
  const there: Dense = { data, shape: m.shape }
  return scaled(1 / frobenius(there), there)
}

/** Entries A_ij u_j / u_i of rows i and columns j, d × d or d × (d + 1). */
export const inUnits = ({ data, shape }: Dense, units: Units): Dense => {
  const [rows, columns] = shape
  const out = new Float64Array(data.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const e = i * columns + j
      if (data[e] !== 0) out[e] = (data[e] * units[j]) / units[i]
    }
  return { data: out, shape }
}

/** Back from given units. */
export const outOfUnits = ({ data, shape }: Dense, units: Units): Dense => ({
  data: data.map((x, e) => (x * units[Math.floor(e / shape[1])]) / units[e % shape[1]]),
  shape
})

/** Frobenius norm 1, without over- and underflow; the zero matrix stays. */
export const normalized = (m: Dense): Dense => {
  let largest = 0
  for (const x of m.data) largest = Math.max(largest, Math.abs(x))
  if (largest === 0) return m
  const size = Math.floor(Math.log2(largest))
  const isSafe = Math.abs(size) < MOST
  const data = isSafe ? m.data.slice() : m.data.map((x) => timesPower(x, -size))
  let sum = 0
  for (const x of data) sum += x * x
  const factor = 1 / Math.sqrt(sum)
  for (let e = 0; e < data.length; e++) data[e] *= factor
  return { data, shape: m.shape }
}
