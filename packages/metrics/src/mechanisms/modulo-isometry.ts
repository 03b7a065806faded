/** How near learned latents are to true ones modulo isometries: orthogonal maps or signed permutations, with shifts. */
import { ofRows, polarFactor, toRows } from '@mechid/numerics'
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { bestAssignment } from '../correlation/assignment.js'
import type { MetricError } from '../errors.js'
import { checkSameWidth } from '../internal/samples.js'
import { type HeldOutPlan, rowsOf } from '../resampling/held-out.js'
import { affineScore, type ModuloGroup, momentsOf } from './modulo-group.js'

/** `orthogonal`: rotations and reflections; `signed permutations`: the order and the sign of latents. */
export type IsometryGroup = 'orthogonal' | 'signed permutations'

/** ⟨z − z̄, ẑ − ẑ̄⟩ over rows, d × d, and both means. */
const centred = (z: Samples, zHat: Samples, rows: ArrayLike<number>) => {
  const d = z.shape[1]
  const { learned, cross } = momentsOf(z, zHat, rows)
  const w = d + 1
  const n = learned[d * w + d]
  const mean = Array.from({ length: d }, (_, i) => cross[i * w + d] / n)
  const meanHat = Array.from({ length: d }, (_, j) => learned[j * w + d] / n)
  const product = mean.map((m, i) => meanHat.map((h, j) => cross[i * w + j] - n * m * h))
  return { mean, meanHat, product }
}

/** The orthogonal Q with the greatest tr(Qᵀ C). */
const procrustes = (product: number[][]): number[][] => toRows(polarFactor(ofRows(product)))

/** Among signed permutations the same: an assignment, since every one of them keeps ‖ẑ‖. */
const bestSignedPermutation = (product: number[][]): number[][] => {
  const assignment = bestAssignment(product.map((row) => row.map(Math.abs)))
  return product.map((row, i) => row.map((value, j) => (assignment[i] === j ? Math.sign(value) || 1 : 0)))
}

/**
 * R² modulo isometries: the map z ≈ Qẑ + c is fitted on a random half of the rows (or as `evaluation` says), and R² is
 * taken on the other. `z`, `zHat`: [n, d] both. A fit worse than the mean is negative.
 *
 * Use it for random walks: Gaussian ones leave all isometries open, Laplace ones signed permutations alone. It takes
 * any number of latents, where `moduloGroup` with a list of permutations takes five or so.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`.
 *
 * @example
 * moduloIsometry(z, zHat, 'signed permutations')
 */
export const moduloIsometry = (
  z: Samples,
  zHat: Samples,
  group: IsometryGroup,
  { evaluation, seed = 0 }: { readonly evaluation?: HeldOutPlan; readonly seed?: number } = {}
): E.Either<MetricError, ModuloGroup> => {
  const sound = checkSameWidth('moduloIsometry', z, zHat)
  if (E.isLeft(sound)) return sound
  const rows = rowsOf('moduloIsometry', z.shape[0], evaluation, seed)
  if (E.isLeft(rows)) return rows
  const { mean, meanHat, product } = centred(z, zHat, rows.right.fit)
  const turned = group === 'orthogonal' ? procrustes(product) : bestSignedPermutation(product)
  const map = turned.map((row, i) => [...row, mean[i] - row.reduce((sum, q, j) => sum + q * meanHat[j], 0)])
  return E.right({ ...affineScore(z, zHat, Float64Array.from(map.flat()), rows.right.score), map })
}
