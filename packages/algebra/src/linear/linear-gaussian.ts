/** Linear-Gaussian kernels in closed form: which affine fields leave z' ~ N(Mz + b, Σ) as it is. */
import {
  columnsOf,
  combine,
  type Dense,
  decideRank,
  frobenius,
  identityMatrix,
  multiply,
  type RankDecision,
  type RankRule,
  type Rows,
  rightSvd,
  roundingLevel,
  scaled,
  stacked,
  transposed,
  zeros
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import {
  type AffineCommutant,
  type AffineField,
  type AffineMap,
  beside,
  longestShift,
  readShifts,
  unitField
} from './affine-commutant.js'
import { normalized, powersOfTwo } from './balancing.js'
import { type CommutantOptions, readMaps, scaledMaps } from './commutant-options.js'
import { covarianceFromRows, type Whitening, whiteningOf } from './covariances.js'
import { joinedDecision } from './joined-decision.js'
import { skewCommutant } from './skew-commutant.js'

/** z' ~ N(matrix · z + shift, covariance). */
export interface LinearGaussian extends AffineMap {
  /** d × d, symmetric and positive definite. */
  readonly covariance: Rows
}

const readCovariances = (where: string, kernels: ReadonlyArray<LinearGaussian>): Result<Dense[]> => {
  const read: Dense[] = []
  for (const [k, { covariance, matrix }] of kernels.entries()) {
    const one = covarianceFromRows(where, `the covariance of kernel ${k}`, covariance, matrix.length)
    if (E.isLeft(one)) return one
    read.push(one.right)
  }
  return E.right(read)
}

/** What each (M_k − I)c is divided by. */
const sizeOf = ({ data }: Dense): number => Math.max(1, Math.hypot(...data))

/** Kernels in coordinates in which the noise is white on the whole. */
interface White {
  readonly whitening: Whitening
  readonly matrices: ReadonlyArray<Dense>
  readonly sizes: ReadonlyArray<number>
  /** d × 1 */
  readonly shifts: ReadonlyArray<Dense>
  /** None for a single kernel, whose noise is then the identity. */
  readonly covariances: ReadonlyArray<Dense>
  readonly rule: RankRule
}

const whitened = (
  matrices: ReadonlyArray<Dense>,
  shifts: ReadonlyArray<Float64Array>,
  covariances: ReadonlyArray<Dense>,
  rule: Partial<RankRule>
): White => {
  const whitening = whiteningOf(covariances)
  const { factor, inverse, condition } = whitening
  const d = matrices[0].shape[0]
  const moved = (m: Dense): Dense => multiply(inverse, m)
  const there = matrices.map((m) => multiply(moved(m), factor))
  return {
    whitening,
    matrices: there,
    sizes: there.map(sizeOf),
    shifts: shifts.map((b) => moved({ data: b, shape: [d, 1] })),
    covariances:
      covariances.length === 1 ? [] : covariances.map((c) => multiply(moved(c), transposed(inverse))),
    rule: { ...rule, floor: roundingLevel(d, d) * condition }
  }
}

/** How a stack of (M_k − I)c, each relative to its map, is solved for c. */
interface Means {
  /** d × rank: an orthonormal basis of what the stack does not take to 0, and of what it does, d × (d − rank). */
  readonly seen: Dense
  readonly kernel: Dense
  /** rank × (K d): from the stack's values to coordinates along `seen`. */
  readonly inverse: Dense
  /** (K d) × (K d), the projection on what the stack does not reach. */
  readonly unreached: (values: Dense) => Dense
  readonly decision: RankDecision
}

const meansOf = (where: string, stack: Dense, rule: RankRule): Result<Means> => {
  const d = stack.shape[1]
  const { values, vectors } = rightSvd(stack)
  return pipe(
    decideRank(where, values, { ...rule, floor: Math.max(rule.floor, roundingLevel(...stack.shape)) }),
    E.map((decision) => {
      const rank = d - decision.nullity
      const seen = columnsOf(vectors, 0, rank)
      const images = multiply(stack, seen)
      const columns = { data: images.data.map((x, e) => x / values[e % rank]), shape: images.shape }
      const back = transposed(columns)
      const inverse = {
        data: back.data.map((x, e) => x / values[Math.floor(e / stack.shape[0])]),
        shape: back.shape
      }
      return {
        seen,
        kernel: columnsOf(vectors, rank, d),
        inverse,
        unreached: (b) => combine(1, b, -1, multiply(columns, multiply(back, b))),
        decision
      }
    })
  )
}

const stackOf = ({ matrices, sizes }: White): Dense =>
  stacked(matrices.map((m, k) => combine(1 / sizes[k], m, -1 / sizes[k], identityMatrix(m.shape[0]))))

/** [b_1; b_2; …], divided likewise. */
const stackedShifts = ({ sizes, shifts }: White): Dense =>
  stacked(shifts.map((b, k) => scaled(1 / sizes[k], b)))

/** Which parts of the shifts no c can make up for, of norm 1: B must take each of them to 0. */
const fixedVectors = (
  where: string,
  { unreached, seen }: Means,
  white: White
): Result<{ readonly vectors: ReadonlyArray<Dense>; readonly decision: RankDecision }> => {
  const d = white.matrices[0].shape[0]
  const all = stackedShifts(white)
  const rest = seen.shape[1] === 0 ? all : unreached(all)
  const whole = frobenius(all)
  const parts = white.shifts.map(
    (_, k): Dense => ({ data: rest.data.slice(k * d, (k + 1) * d), shape: [d, 1] })
  )
  const own = white.shifts.map((_, k) => Math.hypot(...all.data.subarray(k * d, (k + 1) * d)))
  // The projection leaves rounding of the whole in each of them.
  const noise = seen.shape[1] === 0 ? 0 : Math.max(0, ...own.map((x) => (x > 0 ? whole / x : 0)))
  const sizes = parts.map((part, k) => (own[k] > 0 ? frobenius(part) / own[k] : 0))
  const order = sizes.map((_, k) => k).sort((k, l) => sizes[l] - sizes[k])
  return pipe(
    decideRank(
      where,
      Float64Array.from(order, (k) => sizes[k]),
      {
        ...white.rule,
        floor: white.rule.floor * Math.max(1, noise)
      }
    ),
    E.map((decision) => ({
      vectors: order.slice(0, sizes.length - decision.nullity).map((k) => normalized(parts[k])),
      decision
    }))
  )
}

/** The fields in white coordinates: rotations, each with the shift that goes with it, and shifts alone. */
const whiteFields = (
  rotations: ReadonlyArray<Dense>,
  { seen, kernel, inverse }: Means,
  white: White
): Dense[] => {
  const d = white.matrices[0].shape[0]
  const none = zeros(d, d)
  const moving = rotations.map((b) => {
    const pushed = stacked(white.shifts.map((shift, k) => scaled(1 / white.sizes[k], multiply(b, shift))))
    return beside({ matrix: b, shift: multiply(seen, multiply(inverse, pushed)).data }, 1)
  })
  const still = Array.from({ length: kernel.shape[1] }, (_, k) =>
    beside({ matrix: none, shift: columnsOf(kernel, k, k + 1).data }, 1)
  )
  return [...moving, ...still]
}

const solved = (
  where: string,
  white: White
): Result<{ readonly fields: ReadonlyArray<Dense>; readonly decision: RankDecision }> => {
  const { matrices, covariances, whitening, rule } = white
  const d = matrices[0].shape[0]
  return pipe(
    meansOf(where, stackOf(white), rule),
    E.bindTo('means'),
    E.bind('fixed', ({ means }) => fixedVectors(where, means, white)),
    E.bind('rotations', ({ fixed }) => {
      const lines = fixed.vectors.map((p) => multiply(p, transposed(p)))
      const maps = [...matrices, ...covariances].map(normalized)
      return skewCommutant(where, [...maps, ...lines], d, rule, whitening.isDiagonal)
    }),
    E.map(({ means, fixed, rotations }) => {
      // Which shifts are fixed counts for how sure the answer is, not for its dimension.
      const { nullity: _, ladder: __, ...sure } = fixed.decision
      const decision = joinedDecision([
        rotations.decision,
        means.decision,
        { ...sure, nullity: 0, ladder: new Float64Array(0) }
      ])
      return { fields: whiteFields(rotations.basis, means, white), decision }
    })
  )
}

const rescaled = ({ data, shape }: Dense, factor: Dense, inverse: Dense): Dense => {
  const d = shape[0]
  const out = new Float64Array(data.length)
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= d; j++) {
      const e = i * (d + 1) + j
      if (data[e] !== 0) out[e] = data[e] * factor.data[i * (d + 1)] * (j < d ? inverse.data[j * (d + 1)] : 1)
    }
  return { data: out, shape }
}

/** L [A | c] diag(L⁻¹, 1). */
const unwhitened = (joined: Dense, { factor, inverse, isDiagonal }: Whitening): Dense => {
  const d = joined.shape[0]
  if (isDiagonal) return rescaled(joined, factor, inverse)
  const left = multiply(factor, joined)
  const matrix = multiply(columnsOf(left, 0, d), inverse)
  return beside({ matrix, shift: columnsOf(left, d, d + 1).data }, 1)
}

/** Whether there is no rotation among the fields: products of what is left, shifts, vanish. */
export const areShifts = (basis: ReadonlyArray<AffineField>): boolean =>
  basis.every(({ matrix }) => matrix.data.every((x) => x === 0))

/**
 * The affine fields z ↦ Bz + c that leave every kernel z' ~ N(Mz + b, Σ) unchanged in distribution:
 * BM = MB, BΣ + ΣBᵀ = 0, (M − I)c = Bb. Nonlinear ones do not exist where M is invertible: the mixed second
 * derivative of the log-density is then constant and invertible, which makes every equivariance affine.
 *
 * In coordinates in which the noise is white, B is antisymmetric and commutes with the transposes too, so that its
 * eigenspaces are orthogonal and what c cannot make up for is fixed by B. The noise sets the units.
 *
 * For Gaussian kernels whose noise does not depend on the state; other noise, which identifies more, is the matter of
 * `kernelEquivarianceFields`.
 *
 * Errors: as `affineCommutant`; `InvalidOption` and `NotInvertible` for what is no covariance.
 *
 * @example
 * // A random walk of the plane: two translations and the rotations.
 * linearGaussianFields([{ matrix: [[1, 0], [0, 1]], shift: [0, 0], covariance: [[1, 0], [0, 1]] }]) // right: 3
 */
export const linearGaussianFields = (
  kernels: ReadonlyArray<LinearGaussian>,
  options: CommutantOptions = {}
): Result<AffineCommutant> => {
  const where = 'linearGaussianFields'
  return pipe(
    readMaps(
      where,
      kernels.map(({ matrix }) => matrix)
    ),
    E.bindTo('read'),
    E.bind('shifts', () => readShifts(where, kernels)),
    E.bind('covariances', () => readCovariances(where, kernels)),
    E.bind('rule', ({ read }) =>
      E.map(({ rule }: { rule: Partial<RankRule> }) => rule)(scaledMaps(where, read, options))
    ),
    E.let('white', ({ read, shifts, covariances, rule }) => whitened(read, shifts, covariances, rule)),
    E.bind('found', ({ white }) => solved(where, white)),
    E.map(({ white: { whitening, shifts }, found: { fields, decision } }) => {
      const basis = fields.map((joined) =>
        unitField(unwhitened(joined, whitening), longestShift(kernels) || 1)
      )
      const longest = longestShift(shifts.map(({ data }) => ({ shift: data }))) || 1
      const units = powersOfTwo([...whitening.deviations, 1 / longest])
      return { size: kernels[0].matrix.length, dimension: basis.length, basis, units, decision }
    })
  )
}
