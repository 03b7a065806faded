/** Signed permutations that commute with linear, affine and linear-Gaussian maps, by an edge-coloured digraph. */
import { type Dense, type Rows, vectorOf } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { signedPermutationAction } from '../groups/actions.js'
import { type SignedPermutation, signedFromPoints } from '../groups/signed-permutation.js'
import { balanced, balancingUnits, normalized, type Units } from '../linear/balancing.js'
import { readMaps } from '../linear/commutant-options.js'
import { weighed } from '../linear/commutator.js'
import { covarianceFromRows, deviationsOf } from '../linear/covariances.js'
import { automorphism, type ColouredDigraph, isAutomorphism } from './coloured-digraph.js'
import {
  confirmed,
  difference,
  type SignedSymmetries,
  type SignedSymmetryOptions,
  settingsOf
} from './signed-symmetries.js'
import { strongGenerators } from './stabilizer-search.js'

/** z ↦ Mz + b, with noise of a covariance if it has one. */
export interface LinearMap {
  readonly matrix: Rows
  readonly shift?: ReadonlyArray<number>
  readonly covariance?: Rows
}

/** What S M = M S, S Σ Sᵀ = Σ and S b = b are asked of: matrices of norm 1, vectors of length 1. */
interface Conditions {
  readonly matrices: Dense[]
  readonly vectors: Float64Array[]
}

const WHERE = 'linearSymmetries'
/** Entries this small beside others are zero, if no tolerance is stated. */
const ROUNDING = 1e-13

/** Numbers of size 1 that cancel leave so much: a map of this size is zero up to rounding. */
const isCancelled = ({ data, shape: [d] }: Dense): boolean => {
  const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return largest > 2 ** -70 && largest <= 8 * d * 2 ** -52
}

/** Entries that are nothing beside those of their row and column, in balanced units, as zeros; norm 1. */
const cleaned = (m: Dense, units: Units, zero: number): Dense => {
  if (isCancelled(m)) return { data: new Float64Array(m.data.length), shape: m.shape }
  const there = balanced(m, units)
  const { weights } = weighed(there)
  return normalized({
    data: m.data.map((x, e) => {
      const size = Math.abs(there.data[e])
      return size <= ROUNDING || size * weights[e] <= zero ? 0 : x
    }),
    shape: m.shape
  })
}

/** The same by correlations. */
const cleanedCovariance = (c: Dense, zero: number): Dense => {
  const s = deviationsOf(c)
  const d = s.length
  return {
    data: c.data.map((x, e) => (Math.abs(x) <= zero * s[Math.floor(e / d)] * s[e % d] ? 0 : x)),
    shape: c.shape
  }
}

const cleanedShift = (b: Float64Array, zero: number): Float64Array => {
  const length = Math.hypot(...b) || 1
  return b.map((x) => (Math.abs(x) <= zero * length ? 0 : x / length))
}

const read = (maps: ReadonlyArray<LinearMap>, zero: number): Result<Conditions> => {
  const matrices = readMaps(
    WHERE,
    maps.map(({ matrix }) => matrix)
  )
  if (E.isLeft(matrices)) return matrices
  const d = maps[0].matrix.length
  const units = balancingUnits(matrices.right)
  const out: Conditions = { matrices: matrices.right.map((m) => cleaned(m, units, zero)), vectors: [] }
  for (const [k, { shift, covariance }] of maps.entries()) {
    if (shift !== undefined) {
      const b = vectorOf(WHERE, `the shift of map ${k}`, shift, d)
      if (E.isLeft(b)) return b
      out.vectors.push(cleanedShift(b.right, zero))
    }
    if (covariance !== undefined) {
      const c = covarianceFromRows(WHERE, `the covariance of map ${k}`, covariance, d)
      if (E.isLeft(c)) return c
      out.matrices.push(cleanedCovariance(c.right, zero))
    }
  }
  return E.right(out)
}

/** A number for each value, alike for sizes that a chain of relative steps of at most `tolerance` joins; −x gets −number. */
const clustered = (values: ArrayLike<number>, tolerance: number): Int32Array => {
  const sizes = Array.from(new Set(Array.from(values, Math.abs))).sort((a, b) => a - b)
  const number = new Map<number, number>()
  let [last, cluster] = [0, 0]
  for (const size of sizes) {
    if (size - last > tolerance * size) cluster++
    number.set(size, cluster)
    last = size
  }
  return Int32Array.from(values, (x) => Math.sign(x) * (number.get(Math.abs(x)) ?? 0))
}

/** Node 2i is +e_i, node 2i + 1 is −e_i; an edge (i, s) → (j, t) has the colours s t M_ij. */
const digraphOf = ({ matrices, vectors }: Conditions, d: number, tolerance: number): ColouredDigraph => {
  const entries = matrices.map(({ data }) => clustered(data, tolerance))
  const shifts = vectors.map((b) => clustered(b, tolerance))
  const nodes = 2 * d
  const palette = new Map<string, number>()
  const colours = new Int32Array(nodes * nodes)
  for (let v = 0; v < nodes; v++)
    for (let w = 0; w < nodes; w++) {
      const [i, j] = [v >> 1, w >> 1]
      const sign = (v ^ w) & 1 ? -1 : 1
      const own = v === w ? shifts.map((b) => (v & 1 ? -b[i] : b[i]) + 0) : []
      const kind = v === w ? 's' : i === j ? 'p' : 'o'
      // + 0: −0 would print as another colour.
      const there = entries.map((m) => sign * m[i * d + j] + 0)
      const back = entries.map((m) => sign * m[j * d + i] + 0)
      const key = `${kind}|${there.join()}|${back.join()}|${own.join()}`
      const colour = palette.get(key) ?? palette.size
      palette.set(key, colour)
      colours[v * nodes + w] = colour
    }
  return { nodes, colours }
}

/** Whether nodes that are mapped so far have edges of the same colours. */
const agree = (
  { nodes, colours }: ColouredDigraph,
  from: ReadonlyArray<number>,
  to: ReadonlyArray<number>
): boolean => {
  const last = from.length - 1
  return from.every((v, k) => colours[v * nodes + from[last]] === colours[to[k] * nodes + to[last]])
}

/** +e_i to a point, and what stood there to e_i or, if that is −e_i, to its opposite; all else stays. */
const exchange = (nodes: number, i: number, point: number): Int32Array => {
  const image = Int32Array.from({ length: nodes }, (_, v) => v)
  for (const [a, b] of [
    [2 * i, point],
    [(2 * i) ^ 1, point ^ 1]
  ]) {
    image[a] = b
    image[b] = a
  }
  return image
}

/** An automorphism that fixes +e_0 … +e_{level − 1} and takes +e_level to a point. Errors: `SearchLimit`. */
const extension = (
  graph: ColouredDigraph,
  level: number,
  point: number,
  most: number
): Result<SignedPermutation | undefined> => {
  const fixed = Array.from({ length: level }, (_, i) => 2 * i)
  const [from, to] = [
    [...fixed, 2 * level],
    [...fixed, point]
  ]
  if (!agree(graph, from, to)) return E.right(undefined)
  // Most that there are is found without a search.
  const simple = exchange(graph.nodes, level, point)
  if (isAutomorphism(graph, simple)) return E.right(signedFromPoints(simple))
  return pipe(
    automorphism(WHERE, graph, from, to, most),
    E.map((points) => (points === undefined ? undefined : signedFromPoints(points)))
  )
}

/** The largest entry of S M Sᵀ − M and of S b − b, relative to what is compared. */
const residualOf = (
  { matrices, vectors }: Conditions,
  generators: ReadonlyArray<SignedPermutation>
): number => {
  const { act } = signedPermutationAction
  let worst = 0
  const compare = (x: number, y: number): void => {
    worst = Math.max(worst, difference(x, y, 0))
  }
  for (const s of generators) {
    for (const b of vectors)
      act(s, b).forEach((x, i) => {
        compare(x, b[i])
      })
    for (const { data, shape } of matrices) {
      const d = shape[0]
      data.forEach((x, e) => {
        const [i, j] = [Math.floor(e / d), e % d]
        compare(s.signs[i] * s.signs[j] * data[s.image[i] * d + s.image[j]], x)
      })
    }
  }
  return worst
}

/**
 * The signed permutations S with S M = M S and S b = b for every map z ↦ Mz + b and S Σ Sᵀ = Σ for its noise, by
 * refining the colours of a digraph on ±e_i and backtracking. Entries are clustered by their sizes, relative to each
 * other, at `tolerance`. Generators, not a list: of 10 equal latents there are 2¹⁰ · 10!.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `InvalidOption`, `NotInvertible` (a covariance), `SearchLimit`, `NotConfirmed`.
 *
 * @example
 * linearSymmetries([{ matrix: [[1, 0], [0, 2]] }]) // right: order 4n, two sign flips
 */
export const linearSymmetries = (
  maps: ReadonlyArray<LinearMap>,
  options: SignedSymmetryOptions = {}
): Result<SignedSymmetries> =>
  pipe(
    settingsOf(WHERE, options),
    E.bindTo('settings'),
    E.bind('conditions', () => read(maps, options.tolerance ?? ROUNDING)),
    E.flatMap(({ settings, conditions }) => {
      const d = maps[0].matrix.length
      const graph = digraphOf(conditions, d, settings.tolerance)
      const base = Int32Array.from({ length: d }, (_, i) => i)
      return pipe(
        strongGenerators(base, (level, point) => extension(graph, level, point, settings.most)),
        E.flatMap((found) => {
          const residual = residualOf(conditions, found.generators)
          // A chain of clustered entries is as wide as its steps together.
          return confirmed(WHERE, d, found, residual, d * Math.max(settings.tolerance, 1e-12))
        })
      )
    })
  )
