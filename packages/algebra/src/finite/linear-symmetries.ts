/** Signed permutations that commute with linear, affine and linear-Gaussian maps, by an edge-coloured digraph. */
import {
  type Dense,
  frobenius,
  type Rows,
  scaled,
  squareFromRows,
  timesVector,
  vectorOf
} from '@mechid/numerics'
import { generator } from '@mechid/random'
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Result, sizeMismatch } from '../errors.js'
import { signedPermutationAction } from '../groups/actions.js'
import { type SignedPermutation, signedFromPoints } from '../groups/signed-permutation.js'
import { covarianceFromRows } from '../linear/linear-gaussian.js'
import { automorphism, type ColouredDigraph } from './coloured-digraph.js'
import {
  confirmed,
  type Settings,
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

const unit = (m: Dense): Dense => scaled(1 / (frobenius(m) || 1), m)

const read = (maps: ReadonlyArray<LinearMap>): Result<Conditions> => {
  if (maps.length === 0) return E.left(shapeMismatch(WHERE, 'the list of maps', 'empty', 'one map or more'))
  const d = maps[0].matrix.length
  const out: Conditions = { matrices: [], vectors: [] }
  for (const [k, { matrix, shift, covariance }] of maps.entries()) {
    const m = squareFromRows(WHERE, `map ${k}`, matrix)
    if (E.isLeft(m)) return m
    if (matrix.length !== d) return E.left(sizeMismatch(WHERE, `the size of map ${k}`, d, matrix.length))
    out.matrices.push(unit(m.right))
    if (shift !== undefined) {
      const b = vectorOf(WHERE, `the shift of map ${k}`, shift, d)
      if (E.isLeft(b)) return b
      const length = Math.hypot(...b.right) || 1
      out.vectors.push(b.right.map((x) => x / length))
    }
    if (covariance !== undefined) {
      const c = covarianceFromRows(WHERE, `the covariance of map ${k}`, covariance, d)
      if (E.isLeft(c)) return c
      out.matrices.push(c.right)
    }
  }
  return E.right(out)
}

/** A number for each value, alike for those that a chain of steps of at most `tolerance` joins; −x gets −number. */
const clustered = (values: ArrayLike<number>, tolerance: number): Int32Array => {
  const sizes = Array.from(new Set(Array.from(values, Math.abs))).sort((a, b) => a - b)
  const number = new Map<number, number>()
  let [last, cluster] = [0, 0]
  for (const size of sizes) {
    if (size - last > tolerance) cluster++
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

/** The largest entry of S A x − A S x over fresh x, and of S b − b. */
const residualOf = (
  { matrices, vectors }: Conditions,
  generators: ReadonlyArray<SignedPermutation>,
  { samples, seed }: Settings
): number => {
  const { act } = signedPermutationAction
  const random = generator(seed).split('fresh points')
  const x = new Float64Array(matrices[0].shape[0])
  let worst = 0
  const compare = (a: Float64Array, b: Float64Array): void => {
    for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]))
  }
  for (const s of generators) {
    for (const b of vectors) compare(act(s, b), b)
    for (let k = 0; k < samples; k++) {
      random.fillUniform(x)
      const centred = x.map((u) => 2 * u - 1)
      for (const m of matrices) compare(act(s, timesVector(m, centred)), timesVector(m, act(s, centred)))
    }
  }
  return worst
}

/**
 * The signed permutations S with S M = M S and S b = b for every map z ↦ Mz + b and S Σ Sᵀ = Σ for its noise, by
 * refining the colours of a digraph on ±e_i and backtracking. Entries, in units of their matrix's norm, are clustered
 * at `tolerance`. Generators, not a list: of 10 equal latents there are 2¹⁰ · 10!.
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
    E.bind('conditions', () => read(maps)),
    E.flatMap(({ settings, conditions }) => {
      const d = maps[0].matrix.length
      const graph = digraphOf(conditions, d, settings.tolerance)
      const base = Int32Array.from({ length: d }, (_, i) => i)
      const fixed = Array.from(base, (i) => 2 * i)
      return pipe(
        strongGenerators(base, (level, point) => {
          const [from, to] = [fixed.slice(0, level + 1), [...fixed.slice(0, level), point]]
          return pipe(
            automorphism(WHERE, graph, from, to, settings.most),
            E.map((points) => (points === undefined ? undefined : signedFromPoints(points)))
          )
        }),
        E.flatMap((found) => {
          const residual = residualOf(conditions, found.generators, settings)
          // A row sums d entries, each off by a cluster's width.
          return confirmed(WHERE, d, found, residual, d * Math.max(settings.tolerance, 1e-12))
        })
      )
    })
  )
