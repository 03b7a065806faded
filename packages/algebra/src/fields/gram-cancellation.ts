/** The decision of `cancellation` from inner products, for large well-conditioned systems: several times as fast. */
import {
  cholesky,
  combine,
  type Dense,
  decideRank,
  multiply,
  pivotedQr,
  rightSvd,
  roundingLevel,
  solveBothSides,
  solveTransposed,
  solveUpper,
  symmetricEigenvalues,
  thinQ,
  transposed
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import type { Result } from '../errors.js'
import type { Cancellation } from './cancellation.js'

/** A sum of terms, known by inner products and by what it does. */
export interface GramSystem {
  /** Of the stacked terms. */
  readonly terms: Dense
  /** Of their sum. */
  readonly sum: Dense
  /** The sum times columns × k coefficients, rows × k. */
  readonly times: (coefficients: Dense) => Dense
  /** The transpose of the sum times rows × k. */
  readonly transposedTimes: (residuals: Dense) => Dense
}

/** Columns closer to the others than this: inner products have lost too many digits. */
const WELL_CONDITIONED = 1e-3
/** Singular values above this are large by inner products alone, whose error in σ² is far below its square. */
const SURELY_LARGE = 1e-3
/** The ratio of σ below which subspace iteration separates quickly. */
const SEPARATED = 0.5
const WIDEST = 0.4

/** How many of the smallest belong to the block: those that are not surely large, up to the next gap. */
const blockSize = (values: Float64Array): number | undefined => {
  const n = values.length
  let k = n
  while (k > 0 && values[k - 1] <= SURELY_LARGE) k--
  for (let rank = k; rank > n * (1 - WIDEST); rank--) {
    const below = rank < n ? Math.max(values[rank], SURELY_LARGE / 100) : SURELY_LARGE / 100
    if (below <= SEPARATED * values[rank - 1]) return n - rank
  }
  return undefined
}

const orthonormalized = (block: Dense): Dense => thinQ(pivotedQr(block), block.shape[1])

const scaledRows = ({ data, shape }: Dense, scales: Float64Array): Dense => ({
  data: data.map((x, e) => x * scales[Math.floor(e / shape[1])]),
  shape
})

const symmetricScaled = ({ data, shape }: Dense, scales: Float64Array): Dense => {
  const n = shape[0]
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) out[i * n + j] = data[i * n + j] * scales[i] * scales[j]
  return { data: out, shape }
}

/** Shifts the diagonal, so that what is zero up to rounding becomes positive. */
const shifted = ({ data, shape }: Dense, by: number): Dense => ({
  data: data.map((x, e) => (e % (shape[1] + 1) === 0 ? x + by : x)),
  shape
})

/** Of the σ² of the normalized sum: far below `SURELY_LARGE`², above rounding in the inner products. */
const SHIFT = 1e-11

/** Steps of subspace iteration until 2⁻⁵³ of the others is left, given the σ on both sides of the gap. */
const iterations = (values: Float64Array, size: number): number => {
  const n = values.length
  const [below, above] = [values[n - size] ** 2 + SHIFT, values[n - size - 1] ** 2 + SHIFT]
  return size === n ? 1 : 1 + Math.ceil((53 * Math.LN2) / Math.max(Math.log(above / below), 1))
}

/** The span of eigenvectors of the `size` smallest eigenvalues, by subspace iteration with the inverse. */
const smallest = (inverse: (block: Dense) => Dense, n: number, size: number, steps: number): Dense => {
  // Any start will do that is not orthogonal to what is sought: a fixed one keeps results the same.
  let block: Dense = {
    data: Float64Array.from({ length: n * size }, (_, e) => Math.sin(1 + 7.3 * e + 0.01 * (e % 97) * e)),
    shape: [n, size]
  }
  for (let k = 0; k < steps; k++) block = orthonormalized(inverse(block))
  return block
}

/**
 * As `cancellation`, where the inner products suffice: σ above 1e-3 are read off them (their error there is
 * below 1e-6), and they tell the subspace of all others; within it the decision is made on the sum itself, to full
 * precision, after one correction of the subspace by the sum itself. No rank is decided on inner products.
 * `undefined` where columns are too close to each other, or σ do not fall apart, for this way.
 *
 * Errors: `Undecided`.
 */
export const gramCancellation = (
  where: string,
  { terms, sum, times, transposedTimes }: GramSystem,
  tolerance: number
): Result<Cancellation> | undefined => {
  const n = terms.shape[0]
  const scales = Float64Array.from({ length: n }, (_, j) => 1 / Math.sqrt(terms.data[j * n + j]))
  if (!scales.every(Number.isFinite)) return undefined
  const normal = cholesky('gramCancellation', symmetricScaled(terms, scales))
  if (E.isLeft(normal) || normal.right.least < WELL_CONDITIONED) return undefined
  const gram = solveBothSides(normal.right.r, symmetricScaled(sum, scales))
  const values = symmetricEigenvalues(gram).map((x) => Math.sqrt(Math.max(0, x)))
  const size = blockSize(values)
  if (size === undefined) return undefined
  const theta = (block: Dense): Dense => scaledRows(solveUpper(normal.right.r, block), scales)
  const back = (v: Dense): Dense =>
    solveTransposed(normal.right.r, scaledRows(transposedTimes(times(theta(v))), scales))
  const block = smallBlock(gram, values, size, back)
  if (block === undefined) return undefined
  const found = rightSvd(times(theta(block)))
  const ladder = values.slice()
  ladder.set(found.values, n - size)
  return E.map((decision: Cancellation['decision']): Cancellation => {
    const kept = multiply(block, found.vectors)
    const basis: Dense = {
      data: new Float64Array(n * decision.nullity),
      shape: [n, decision.nullity]
    }
    for (let j = 0; j < n; j++)
      for (let c = 0; c < decision.nullity; c++)
        basis.data[j * decision.nullity + c] = kept.data[j * size + size - decision.nullity + c]
    return { basis: theta(basis), scales, untouched: 0, decision }
  })(decideRank(where, ladder, { floor: roundingLevel(n, n) / normal.right.least, tolerance }))
}

/** The subspace of the `size` smallest, corrected by the sum itself; `undefined` where rounding leaves no factor. */
const smallBlock = (
  gram: Dense,
  values: Float64Array,
  size: number,
  applied: (block: Dense) => Dense
): Dense | undefined => {
  const n = gram.shape[0]
  if (size === 0) return { data: new Float64Array(0), shape: [n, 0] }
  const inner = cholesky('gramCancellation', shifted(gram, SHIFT))
  if (E.isLeft(inner)) return undefined
  const inverse = (block: Dense): Dense => solveUpper(inner.right.r, solveTransposed(inner.right.r, block))
  return corrected(smallest(inverse, n, size, iterations(values, size)), inverse, applied)
}

/** V − (1 − VVᵀ) G⁻¹ (1 − VVᵀ) WᵀW V, orthonormal: what the inner products' rounding put into V goes out again. */
const corrected = (v: Dense, inverse: (block: Dense) => Dense, applied: (block: Dense) => Dense): Dense => {
  const outside = (x: Dense): Dense => combine(1, x, -1, multiply(v, multiply(transposed(v), x)))
  return orthonormalized(combine(1, v, -1, outside(inverse(outside(applied(v))))))
}
