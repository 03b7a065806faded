/**
 * The best turn of two rows of a basis, the others held (as Jacobi's method for eigenvalues, C. G. J. Jacobi 1846): all entries
 * that it changes are known functions of the angle, so that every angle can be compared.
 */
import { entryProduct, meanSquares, type SlopeFamily, turnPair } from './slope-family.js'

/** How an entry of S counts. */
export interface Counting {
  readonly kind: 'logarithm' | 'count'
  /** e: how many noise variances make half a cause. */
  readonly half: number
}

/** What S counts for, all entries together. */
export const countOf = (squares: Float64Array, { kind, half }: Counting): number =>
  squares.reduce((sum, s) => sum + (kind === 'count' ? s / (s + half) : 0.5 * Math.log1p(s / half)), 0)

/** Angles that are compared besides those at which an entry vanishes. */
const GRID = 12
/** The best of these angles is sharpened within this, in so many steps of the golden section. */
const NEAR = 0.08
const GOLDEN = (Math.sqrt(5) - 1) / 2
const SECTIONS = 16
/** A sweep over all pairs that gains less is the last one. */
const LEAST_GAIN = 1e-4
const MOST_SWEEPS = 40

/** Entries with A cos² + 2 X cos sin + D sin², and their partners with the angle turned by a right one. */
interface PairTurn {
  /** A, X, D, end to end. */
  readonly forms: Float64Array
  /** Products of the entries ii, ij, ji, jj with each other, [4, 4]. */
  readonly block: Float64Array
}

/** What depends on the angle when rows i and j turn. */
const pairTurn = (family: SlopeFamily, i: number, j: number): PairTurn => {
  const { d, lags, actions } = family
  const forms: number[] = []
  const add = (lagCount: number, product: (lag: number, a: number, b: number) => number): void => {
    const sums = [0, 0, 0]
    for (let lag = 0; lag < lagCount; lag++) {
      sums[0] += product(lag, i, i)
      sums[1] += product(lag, i, j)
      sums[2] += product(lag, j, j)
    }
    forms.push(...sums)
  }
  for (let q = 0; q < d; q++) {
    if (q === i || q === j) continue
    add(lags, (lag, a, b) => entryProduct(family, a, lag * d + q, b, lag * d + q))
    add(lags, (lag, a, b) => entryProduct(family, q, lag * d + a, q, lag * d + b))
  }
  for (let l = 0; l < actions; l++) {
    add(1, (_, a, b) => entryProduct(family, a, lags * d + l, b, lags * d + l))
  }
  const pairs = [
    [i, i],
    [i, j],
    [j, i],
    [j, j]
  ]
  const block = new Float64Array(16)
  for (let lag = 0; lag < lags; lag++) {
    pairs.forEach(([a, c], p) => {
      pairs.forEach(([b, e], q) => {
        block[4 * p + q] += entryProduct(family, a, lag * d + c, b, lag * d + e)
      })
    })
  }
  return { forms: Float64Array.from(forms), block }
}

const inBlock = (block: Float64Array, w0: number, w1: number, w2: number, w3: number): number => {
  const w = [w0, w1, w2, w3]
  let sum = 0
  for (let p = 0; p < 4; p++) for (let q = 0; q < 4; q++) sum += w[p] * w[q] * block[4 * p + q]
  return sum
}

/** What the entries that the turn changes count at an angle. */
const countAt = ({ forms, block }: PairTurn, { kind, half }: Counting, angle: number): number => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const [cc, ss, cs] = [c * c, s * s, c * s]
  let sum = 0
  const count = (square: number): void => {
    // Rounding may leave a little less than nothing.
    const S = Math.max(0, square)
    sum += kind === 'count' ? S / (S + half) : 0.5 * Math.log1p(S / half)
  }
  for (let at = 0; at < forms.length; at += 3) {
    const [a, x, b] = [forms[at], forms[at + 1], forms[at + 2]]
    count(cc * a + 2 * cs * x + ss * b)
    count(ss * a - 2 * cs * x + cc * b)
  }
  count(inBlock(block, cc, cs, cs, ss))
  count(inBlock(block, -cs, cc, -ss, cs))
  count(inBlock(block, -cs, -ss, cc, cs))
  count(inBlock(block, ss, -cs, -cs, cc))
  return sum
}

/** Angles that may be the best, within a quarter turn: those at which an entry is least, and a grid. */
const anglesOf = ({ forms }: PairTurn): number[] => {
  const angles = Array.from({ length: GRID }, (_, k) => ((k - GRID / 2) * Math.PI) / 2 / GRID)
  for (let at = 0; at < forms.length; at += 3) {
    angles.push(0.5 * Math.atan2(-2 * forms[at + 1], forms[at + 2] - forms[at]))
  }
  return angles
}

/** The angle that counts least, and what it gains over none. */
const bestTurn = (turn: PairTurn, counting: Counting): { readonly angle: number; readonly gain: number } => {
  const value = (angle: number): number => countAt(turn, counting, angle)
  const still = value(0)
  let [angle, least] = [0, still]
  for (const candidate of anglesOf(turn)) {
    const found = value(candidate)
    if (found < least) [angle, least] = [candidate, found]
  }
  let [low, high] = [angle - NEAR, angle + NEAR]
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
  let [atLeft, atRight] = [value(left), value(right)]
  for (let section = 0; section < SECTIONS; section++) {
    if (atLeft < atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - GOLDEN * (high - low)
      atLeft = value(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + GOLDEN * (high - low)
      atRight = value(right)
    }
  }
  const [near, atNear] = atLeft < atRight ? [left, atLeft] : [right, atRight]
  return atNear < least ? { angle: near, gain: still - atNear } : { angle, gain: still - least }
}

/** Turns pair after pair, family and basis `b` [d, d] in place, until a sweep gains nothing; answers what is then counted. */
export const turnPairs = (family: SlopeFamily, b: Float64Array, counting: Counting): number => {
  const { d } = family
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let gained = 0
    for (let i = 0; i < d; i++) {
      for (let j = i + 1; j < d; j++) {
        const { angle, gain } = bestTurn(pairTurn(family, i, j), counting)
        if (!(gain > 1e-9)) continue
        gained += gain
        turnPair(family, i, j, angle)
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
        for (let k = 0; k < d; k++) {
          const [x, y] = [b[i * d + k], b[j * d + k]]
          b[i * d + k] = cos * x + sin * y
          b[j * d + k] = cos * y - sin * x
        }
      }
    }
    if (gained < LEAST_GAIN) break
  }
  return countOf(meanSquares(family), counting)
}
