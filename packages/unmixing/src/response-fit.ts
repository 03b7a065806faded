/**
 * Next codes as any smooth function of the whole past and the actions: ridge regression on lines and random Fourier
 * features (A. Rahimi, B. Recht 2007). It supposes nothing of mechanisms and needs no basis, so it says how well any
 * mechanism could predict, and its slopes say which directions of the past move which ones next.
 */
import { solveShifted } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { projected } from './additive-transitions.js'
import type { Sizes } from './basis.js'
import { columnTable, usableRows } from './columns.js'
import type { WhitenedCodes } from './whitened-codes.js'

export interface ResponseFit {
  /** Covariance [d, d] of what is left of the next codes, on rows that the fit did not see. */
  readonly residualCovariance: Float64Array
  /** Slopes [d, inputs] at so many rows, end to end, inputs being past codes, lag by lag, then actions: rows near the centre, since a fit is poor at the rim of its data. */
  readonly slopes: (points: number) => Float64Array
}

/** Sizes of random frequencies, in radians a standard deviation of each input. */
const SCALES = [0.1, 0.2, 0.35, 0.6]
const FREQUENCIES = 720
/** Rows for each term, at least. */
const ROWS_PER_TERM = 8
const RIDGE = 1e-5
/** Share of rows at which slopes may be taken. */
const CENTRAL = 0.7

/** Value of a variable, by its index and the row. */
type Variables = (index: number, row: number) => number

/** What is predicted from what. */
interface Regression {
  readonly inputs: number
  readonly input: Variables
  readonly targets: number
  readonly target: Variables
}

interface FourierRidge {
  /** Of random sines and cosines, [count, inputs]. */
  readonly omega: Float64Array
  readonly count: number
  /** Weights of a constant, lines, and a sine and a cosine of each frequency: [1 + inputs + 2 count, targets]. */
  readonly theta: Float64Array
  readonly residualCovariance: Float64Array
}

/** Fits on the first `rows` rows, scores on the `heldOut` after them. */
const fourierRidge = (
  { inputs, input, targets, target }: Regression,
  { rows, heldOut }: Sizes,
  frequencies: number,
  random: Generator
): FourierRidge => {
  const [n, m] = [usableRows(rows), usableRows(heldOut)]
  const count = Math.max(4, Math.min(frequencies, Math.floor(n / ROWS_PER_TERM / 2)))
  const omega = Float64Array.from(
    { length: count * inputs },
    (_, at) => SCALES[Math.floor(at / inputs) % SCALES.length] * random.normal()
  )
  const terms = 1 + inputs + 2 * count
  const Y = 0
  const X = targets
  const V = X + terms
  const build = (from: number, size: number) => {
    const table = columnTable(size, V + 8, Math.max(terms, targets, 4))
    for (let j = 0; j < targets; j++) table.fill(Y + j, (row) => target(j, from + row))
    table.fill(X, () => 1)
    for (let k = 0; k < inputs; k++) table.fill(X + 1 + k, (row) => input(k, from + row))
    for (let k = 0; k < count; k++) {
      table.clear(V)
      table.combine(X + 1, inputs, omega.subarray(k * inputs, (k + 1) * inputs), V, 1)
      table.sines(V, 1, 1, X + 1 + inputs + 2 * k)
    }
    return table
  }
  const table = build(0, n)
  const gram = table.gram(X, terms)
  const theta = solveShifted({ data: gram, shape: [terms, terms] }, RIDGE * n, {
    data: table.products(X, terms, Y, targets),
    shape: [terms, targets]
  }).data
  const test = build(n, m)
  test.combine(
    X,
    terms,
    theta.map((t) => -t),
    Y,
    targets
  )
  return { omega, count, theta, residualCovariance: test.gram(Y, targets).map((sum) => sum / m) }
}

/** Fits on the first `rows` rows, scores on the `heldOut` after them. */
export const responseFit = (
  { latents: d, past, next, actions }: WhitenedCodes,
  sizes: Sizes,
  random: Generator
): ResponseFit => {
  const n = usableRows(sizes.rows)
  const inputs = past.length * d + actions.length
  const value: Variables = (input, row) =>
    input < past.length * d
      ? past[Math.floor(input / d)][row * d + (input % d)]
      : actions[input - past.length * d].values[row]
  const regression = {
    inputs,
    input: value,
    targets: d,
    target: (j: number, row: number) => next[row * d + j]
  }
  const { omega, count, theta, residualCovariance } = fourierRidge(regression, sizes, FREQUENCIES, random)
  const first = 1 + inputs
  const central = (points: number): number[] => {
    const distance = (row: number): number => {
      let sum = 0
      for (let input = 0; input < inputs; input++) sum += value(input, row) ** 2
      return sum
    }
    return Array.from({ length: Math.min(n, Math.ceil(points / CENTRAL)) }, (_, row) => ({
      row,
      far: distance(row)
    }))
      .sort((a, b) => a.far - b.far)
      .slice(0, points)
      .map(({ row }) => row)
  }
  return {
    residualCovariance,
    slopes: (points) => {
      const out = new Float64Array(points * d * inputs)
      const slope = new Float64Array(2 * count)
      central(points).forEach((row, p) => {
        for (let k = 0; k < count; k++) {
          let angle = 0
          for (let input = 0; input < inputs; input++) angle += omega[k * inputs + input] * value(input, row)
          slope[2 * k] = Math.cos(angle)
          slope[2 * k + 1] = -Math.sin(angle)
        }
        for (let i = 0; i < d; i++) {
          const at = (p * d + i) * inputs
          for (let input = 0; input < inputs; input++) out[at + input] = theta[(1 + input) * d + i]
          for (let k = 0; k < count; k++) {
            const weight =
              theta[(first + 2 * k) * d + i] * slope[2 * k] +
              theta[(first + 2 * k + 1) * d + i] * slope[2 * k + 1]
            for (let input = 0; input < inputs; input++) out[at + input] += weight * omega[k * inputs + input]
          }
        }
      })
      return out
    }
  }
}

const FREQUENCIES_OF_PARENTS = 160

/**
 * Variances of next latents given nothing but their parents, by any smooth function of these, on rows that the fit did not see. Latents are
 * coordinates in the basis `rows` [d, d]; `edges` [d, d + actions] has a row for each effect.
 */
export const variancesGivenParents = (
  { latents: d, past, next, actions }: WhitenedCodes,
  rows: Float64Array,
  edges: ReadonlyArray<ArrayLike<number>>,
  sizes: Sizes,
  random: Generator
): Float64Array => {
  const frames = past.map((frame) => projected(frame, rows, d))
  const effects = projected(next, rows, d)
  return Float64Array.from(edges, (row, i) => {
    const parents = Array.from({ length: row.length }, (_, j) => j).filter((j) => row[j] === 1)
    const columns = parents.flatMap((j): ((at: number) => number)[] =>
      j < d ? frames.map((frame) => (at) => frame[at * d + j]) : [(at) => actions[j - d].values[at]]
    )
    const regression = {
      inputs: columns.length,
      input: (k: number, at: number) => columns[k](at),
      targets: 1,
      target: (_: number, at: number) => effects[at * d + i]
    }
    return fourierRidge(regression, sizes, FREQUENCIES_OF_PARENTS, random.split(i)).residualCovariance[0]
  })
}
