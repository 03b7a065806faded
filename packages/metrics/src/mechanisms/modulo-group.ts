/** How near learned latents are to true ones once what theory leaves open is undone. */
import { solveShifted } from '@mechid/numerics'
import { type Samples, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { checkSameWidth } from '../internal/samples.js'
import { type HeldOutPlan, rowsOf } from '../resampling/held-out.js'

/** A matrix as rows: d × d, or d × (d + 1) with a shift in the last column. */
export type AmbiguityMatrix = ReadonlyArray<ReadonlyArray<number>>

/** The maps that theory leaves open. */
export interface AmbiguityGroup {
  /**
   * A basis of the linear or affine maps that are left open; for known linear mechanisms, of their commutant. Empty:
   * the `finite` part alone.
   */
  readonly basis: ReadonlyArray<AmbiguityMatrix>
  /** What combinations of the basis are added to (default: zero), such as the identity for shifts. */
  readonly origin?: AmbiguityMatrix
  /** Maps of which one is applied first, such as sign flips (default: the identity). */
  readonly finite?: ReadonlyArray<AmbiguityMatrix>
}

export interface ModuloGroup {
  /** R² = 1 − Σ‖z − a(ẑ)‖² / Σ‖z − z̄‖², over all latents. */
  readonly value: number
  readonly perLatent: ReadonlyArray<number>
  /** The fitted map a, d × (d + 1), the shift in its last column. */
  readonly map: ReadonlyArray<ReadonlyArray<number>>
}

const identityMatrix = (d: number): AmbiguityMatrix =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0)))

/** Second moments of (ẑ, 1) with itself, and of z with it, over some rows. */
export const momentsOf = (z: Samples, zHat: Samples, rows: ArrayLike<number>) => {
  const d = z.shape[1]
  const w = d + 1
  const learned = new Float64Array(w * w)
  const cross = new Float64Array(d * w)
  const point = new Float64Array(w)
  point[d] = 1
  for (let r = 0; r < rows.length; r++) {
    const at = rows[r] * d
    for (let j = 0; j < d; j++) point[j] = zHat.data[at + j]
    for (let i = 0; i < w; i++) for (let j = 0; j < w; j++) learned[i * w + j] += point[i] * point[j]
    for (let i = 0; i < d; i++) for (let j = 0; j < w; j++) cross[i * w + j] += z.data[at + i] * point[j]
  }
  return { learned, cross }
}

/** As d × (d + 1), after the finite map: B (S ẑ) as a matrix on (ẑ, 1). */
const after = (b: AmbiguityMatrix, first: AmbiguityMatrix, d: number): Float64Array => {
  const out = new Float64Array(d * (d + 1))
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= d; j++) {
      let sum = j === d ? (b[i][d] ?? 0) : 0
      for (let k = 0; k < d; k++) sum += b[i][k] * (first[k][j] ?? 0)
      out[i * (d + 1) + j] = sum
    }
  }
  return out
}

/** Keeps directions that no row speaks of at zero. */
const RIDGE = 1e-12

/** A map d × (d + 1) times the second moments of (ẑ, 1). */
const applied = (map: Float64Array, learned: Float64Array, d: number): Float64Array => {
  const w = d + 1
  const out = new Float64Array(d * w)
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < w; k++) {
      const weight = map[i * w + k]
      if (weight !== 0) for (let j = 0; j < w; j++) out[i * w + j] += weight * learned[k * w + j]
    }
  }
  return out
}

/** Least squares: `origin` and the combination of `maps` that together bring (ẑ, 1) nearest to z. */
const bestCombination = (
  origin: Float64Array,
  maps: ReadonlyArray<Float64Array>,
  { learned, cross }: ReturnType<typeof momentsOf>,
  d: number
): Float64Array => {
  const n = maps.length
  if (n === 0) return origin
  const moved = maps.map((map) => applied(map, learned, d))
  const already = applied(origin, learned, d)
  const wanted = cross.map((value, at) => value - already[at])
  const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0)
  const gram = new Float64Array(n * n)
  for (let p = 0; p < n; p++) for (let q = 0; q < n; q++) gram[p * n + q] = dot(moved[p], maps[q])
  const trace = gram.reduce((sum, value, at) => sum + (at % (n + 1) === 0 ? value : 0), 0)
  const right = Float64Array.from(maps, (map) => dot(map, wanted))
  const { data: weights } = solveShifted({ data: gram, shape: [n, n] }, RIDGE * (trace / n || 1), {
    data: right,
    shape: [n, 1]
  })
  const out = Float64Array.from(origin)
  maps.forEach((map, p) => {
    for (let at = 0; at < out.length; at++) out[at] += weights[p] * map[at]
  })
  return out
}

/** Σ‖z‖² − Σ‖z − map(ẑ, 1)‖², from moments: what a map explains, without a pass over rows. */
const explained = (
  map: Float64Array,
  { learned, cross }: ReturnType<typeof momentsOf>,
  d: number
): number => {
  const moved = applied(map, learned, d)
  return map.reduce((sum, value, at) => sum + value * (2 * cross[at] - moved[at]), 0)
}

/** R² of z against a map d × (d + 1) of ẑ, over some rows. */
export const affineScore = (z: Samples, zHat: Samples, map: Float64Array, rows: ArrayLike<number>) => {
  const d = z.shape[1]
  const w = d + 1
  const [error, total] = [new Float64Array(d), new Float64Array(d)]
  const mean = new Float64Array(d)
  for (let r = 0; r < rows.length; r++) {
    for (let i = 0; i < d; i++) mean[i] += z.data[rows[r] * d + i] / rows.length
  }
  for (let r = 0; r < rows.length; r++) {
    const at = rows[r] * d
    for (let i = 0; i < d; i++) {
      let predicted = map[i * w + d]
      for (let j = 0; j < d; j++) predicted += map[i * w + j] * zHat.data[at + j]
      error[i] += (z.data[at + i] - predicted) ** 2
      total[i] += (z.data[at + i] - mean[i]) ** 2
    }
  }
  const sum = (x: Float64Array): number => x.reduce((s, value) => s + value, 0)
  return {
    value: sum(total) === 0 ? 0 : 1 - sum(error) / sum(total),
    perLatent: Array.from(error, (e, i) => (total[i] === 0 ? 0 : 1 - e / total[i]))
  }
}

/** Every map is of d rows, alike and wide enough. */
const checkMaps = ({ basis, origin, finite }: AmbiguityGroup, d: number): E.Either<MetricError, void> => {
  const named = [
    ...basis.map((map, p) => [`basis[${p}]`, map] as const),
    ...(origin === undefined ? [] : [['origin', origin] as const]),
    ...(finite ?? []).map((map, p) => [`finite[${p}]`, map] as const)
  ]
  for (const [what, map] of named) {
    const widths = new Set(map.map((row) => row.length))
    const [width] = widths
    if (map.length !== d || widths.size !== 1 || (width !== d && width !== d + 1)) {
      const actual = `${map.length} × ${[...widths].join(' or ') || '0'}`
      const expected = `${d} × ${d}, or ${d} × ${d + 1} with a shift`
      return E.left(shapeMismatch('moduloGroup', what, actual, expected))
    }
  }
  return E.right(undefined)
}

/**
 * R² modulo a group ([PfM] section 4): the map of the ambiguity that brings learned latents nearest to the true ones is
 * fitted on a random half of the rows (or as `evaluation` says), and R² is taken on the other. Near 1: what was learned
 * is the truth up to what theory leaves open. `z`, `zHat`: [n, d] both. A fit worse than the mean is negative.
 *
 * Use it where theory names the ambiguity, such as a commutant, and compare with a smaller one, which should score
 * lower: a large enough ambiguity explains everything. It takes linear and affine ambiguities alone.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`.
 *
 * @example
 * moduloGroup(z, zHat, { basis: [[[1, 0], [0, 1]], [[0, -1], [1, 0]]] }) // scaled rotations of the plane
 */
export const moduloGroup = (
  z: Samples,
  zHat: Samples,
  ambiguity: AmbiguityGroup,
  { evaluation, seed = 0 }: { readonly evaluation?: HeldOutPlan; readonly seed?: number } = {}
): E.Either<MetricError, ModuloGroup> => {
  const sound = checkSameWidth('moduloGroup', z, zHat)
  if (E.isLeft(sound)) return sound
  const [n, d] = z.shape
  const fitting = checkMaps(ambiguity, d)
  if (E.isLeft(fitting)) return fitting
  const { basis, origin, finite: firsts = [identityMatrix(d)] } = ambiguity
  const rows = rowsOf('moduloGroup', n, evaluation, seed)
  if (E.isLeft(rows)) return rows
  const { fit, score } = rows.right
  const moments = momentsOf(z, zHat, fit)
  let best: { readonly map: Float64Array; readonly gain: number } | undefined
  for (const first of firsts) {
    // Without a basis the finite map itself, or the origin after it, is all there is.
    const start = origin ?? (basis.length === 0 ? identityMatrix(d) : undefined)
    const from = start === undefined ? new Float64Array(d * (d + 1)) : after(start, first, d)
    const maps = basis.map((b) => after(b, first, d))
    const map = bestCombination(from, maps, moments, d)
    const gain = explained(map, moments, d)
    if (best === undefined || gain > best.gain) best = { map, gain }
  }
  const map = best?.map ?? new Float64Array(d * (d + 1))
  return E.right({
    ...affineScore(z, zHat, map, score),
    map: Array.from({ length: d }, (_, i) => Array.from(map.subarray(i * (d + 1), (i + 1) * (d + 1))))
  })
}
