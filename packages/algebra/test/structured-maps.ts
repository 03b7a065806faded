/** Random maps with structure, whose entries are what they are meant to be, without rounding. */
import type { Generator } from '@mechid/random'
import type { AffineMap, LinearGaussian } from '../src/index.js'
import { integerRows } from './exact-commutant.js'
import { blocks, diagonal, jordan, product, type Rows } from './matrices.js'

const pick = <A>(random: Generator, list: ReadonlyArray<A>): A => list[random.integer(list.length)]

/** 0, or 2^−j: about 10^−1 to 10^−10. */
const nearby = (random: Generator): number =>
  random.uniform() < 0.6 ? 0 : 2 ** -(3 + random.integer(31)) * pick(random, [1, -1, 3])

/** Eigenvalues from few, so that they repeat, at times almost; of one map, at one of two scales. */
const eigenvalue = (random: Generator, scales: ReadonlyArray<number>): number =>
  pick(random, scales) * (pick(random, [1, 2, 2, -1, 0.5]) + nearby(random))

const block = (random: Generator, room: number, scales: ReadonlyArray<number>): Rows => {
  const kind = random.uniform()
  if (kind < 0.25 && room >= 2) {
    const [a, b] = [eigenvalue(random, scales), eigenvalue(random, scales)]
    return [
      [a, -b],
      [b, a]
    ]
  }
  if (kind < 0.55 && room >= 2)
    return jordan(2 + random.integer(Math.min(2, room - 1)), eigenvalue(random, scales))
  return [[eigenvalue(random, scales)]]
}

/** A direct sum of Jordan blocks, rotations with a scaling, and numbers. */
const direct = (random: Generator, d: number, scales: ReadonlyArray<number>): Rows => {
  const parts: Rows[] = []
  for (let size = 0; size < d; ) {
    const next = block(random, d - size, scales)
    parts.push(next)
    size += next.length
  }
  return blocks(...parts)
}

/** S M S⁻¹ for S = 1 + c e_i e_jᵀ. */
const sheared = (m: Rows, i: number, j: number, c: number): Rows => {
  const one: Rows = m.map((_, r) => m.map((__, k) => (r === k ? 1 : 0)))
  const [s, back] = [one.map((row) => [...row]), one.map((row) => [...row])]
  s[i][j] = c
  back[i][j] = -c
  return product(product(s, m), back)
}

/** Whether floating point has rounded nothing: (1 + c E_ij) M = M' (1 + c E_ij), in integers. */
const isExact = (before: Rows, after: Rows, i: number, j: number, c: number): boolean => {
  const d = before.length
  const both = integerRows([...before, ...after]).rows
  const [m, n] = [both.slice(0, d), both.slice(d)]
  const factor = BigInt(c)
  return m.every((row, r) =>
    row.every((x, k) => {
      const left = r === i ? x + factor * m[j][k] : x
      const right = k === j ? n[r][k] + factor * n[r][i] : n[r][k]
      return left === right
    })
  )
}

/** One or two maps in common coordinates: sheared by integers, latents in units of 10^±6, sizes of 10^±60. */
export const structuredMaps = (random: Generator): Rows[] => {
  const d = pick(random, [2, 2, 3, 3, 3, 4, 4, 5])
  const scales = pick(random, [[1], [1], [1, 2 ** 20], [1, 2 ** -10]])
  let maps: Rows[] = Array.from({ length: random.uniform() < 0.7 ? 1 : 2 }, () => direct(random, d, scales))
  for (let k = random.integer(4); k > 0; k--) {
    const i = random.integer(d)
    const j = (i + 1 + random.integer(d - 1)) % d
    const c = pick(random, [1, -1, 2])
    const next = maps.map((m) => sheared(m, i, j, c))
    if (maps.every((m, l) => isExact(m, next[l], i, j, c))) maps = next
  }
  const units = Array.from({ length: d }, () => (random.uniform() < 0.5 ? 1 : 2 ** (random.integer(41) - 20)))
  const size = pick(random, [1, 1, 2 ** 200, 2 ** -200])
  return maps.map((m) => m.map((row, i) => row.map((x, j) => (size * x * units[i]) / units[j])))
}

/** Shifts of small integers, often 0, in the units of the maps or of their own. */
const shiftFor = (random: Generator, d: number): number[] => {
  const size = pick(random, [1, 1, 2 ** -30, 2 ** 30])
  return Array.from({ length: d }, () => size * pick(random, [0, 0, 1, -2, 3]))
}

export const structuredAffineMaps = (random: Generator): AffineMap[] =>
  structuredMaps(random).map((matrix) => ({ matrix, shift: shiftFor(random, matrix.length) }))

/** What commutes with rotations, in coordinates in which noise is white: numbers, equal ones among them, and turns. */
const turning = (random: Generator, d: number): Rows => {
  const parts: Rows[] = []
  for (let size = 0; size < d; ) {
    const [a, b] = [pick(random, [1, 0.5, 0.5, 1.5]) + nearby(random), pick(random, [0.5, 1])]
    const next =
      size + 2 <= d && random.uniform() < 0.3
        ? [
            [a, -b],
            [b, a]
          ]
        : [[a]]
    parts.push(next)
    size += next.length
  }
  return blocks(...parts)
}

/** L R L⁻¹ with noise L Lᵀ, L of integers with 1 on the diagonal; latents in units of 10^±6. */
export const structuredKernels = (random: Generator): LinearGaussian[] => {
  const d = pick(random, [2, 3, 3, 4])
  const one = diagonal(...new Array<number>(d).fill(1))
  const steps = Array.from({ length: random.integer(3) }, () => {
    const i = 1 + random.integer(d - 1)
    return { i, j: random.integer(i), c: pick(random, [1, -1, 2]) }
  })
  const units = Array.from({ length: d }, () => 2 ** (random.integer(41) - 20))
  const count = random.uniform() < 0.7 ? 1 : 2
  return Array.from({ length: count }, () => {
    let matrix = turning(random, d)
    let covariance = count === 1 ? one : diagonal(...one.map(() => pick(random, [1, 1, 2])))
    for (const { i, j, c } of steps) {
      matrix = sheared(matrix, i, j, c)
      const s = one.map((row, r) => row.map((x, k) => (r === i && k === j ? c : x)))
      covariance = product(
        product(s, covariance),
        s[0].map((_, k) => s.map((row) => row[k]))
      )
    }
    return {
      matrix: matrix.map((row, i) => row.map((x, j) => (x * units[i]) / units[j])),
      covariance: covariance.map((row, i) => row.map((x, j) => x * units[i] * units[j])),
      shift: shiftFor(random, d).map((x, i) => x * units[i])
    }
  })
}
