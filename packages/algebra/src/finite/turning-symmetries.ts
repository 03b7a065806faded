/** Linear maps of finite order that commute with mechanisms, and reflections beside them: from many starts. */

import { type ActionDomain, actionDomainsOf, type Mechanism } from '@mechid/mechanisms'
import {
  combine,
  type Dense,
  multiply,
  pivotedQr,
  solve,
  tabulated,
  thinQ,
  transposed,
  zeros
} from '@mechid/numerics'
import { type Generator, generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkAlike, checkDomains } from '../checks.js'
import type { Result } from '../errors.js'
import { transitionAt } from '../fields/transition.js'
import { restricted } from '../linear/commutator.js'
import {
  type FiniteOrderProblem,
  type FiniteOrderSolution,
  farthest,
  hasOrder,
  movedRows,
  powersOf,
  type Sampled,
  solveFiniteOrder
} from './finite-order.js'
import { drawnAction } from './sampled-conditions.js'
import type { MechanismSymmetryOptions } from './sampled-symmetries.js'
import { radiiOf, type Settings, settingsOf } from './signed-symmetries.js'

export interface TurningOptions extends MechanismSymmetryOptions {
  /** From how many random starts equations are solved (default 60). */
  readonly starts?: number
}

/** A with A ∘ m = m ∘ A for all mechanisms and Aⁿ = I, for no smaller n. */
export interface CyclicSymmetry {
  /** d × d */
  readonly matrix: Dense
  readonly order: number
  /** In how many directions it can be moved to others; 0: it stands alone; undefined: that could not be decided. */
  readonly freedom: number | undefined
  /** How far it fails at fresh points, relative to what is compared. */
  readonly residual: number
}

/** What many starts found: a lower bound, as ever with local solutions. */
export interface TurningSymmetries<Symmetry> {
  /** Different ones, in the order in which they were found. */
  readonly found: ReadonlyArray<Symmetry>
  readonly starts: number
  /** How many starts came to a solution, old or new. */
  readonly solved: number
}

/** Turn A of order n and reflection R with R² = I and R A R = A⁻¹: a dihedral group of order 2n. */
export interface DihedralSymmetry {
  readonly turn: CyclicSymmetry
  readonly reflection: CyclicSymmetry
}

/** Solutions closer than this are one and the same. */
const SAME = 1e-6
/** Powers closer than this to I are I. */
const IDENTICAL = 1e-4

interface Search extends Settings {
  readonly where: string
  readonly mechanisms: ReadonlyArray<Mechanism>
  readonly domains: ReadonlyArray<ReadonlyArray<ActionDomain>>
  readonly latents: number
  readonly radii: Float64Array
  readonly starts: number
  readonly sampled: ReadonlyArray<Sampled>
}

const sampledAt = (
  search: Omit<Search, 'sampled'>,
  rows: number,
  label: string
): Result<ReadonlyArray<Sampled>> =>
  pipe(
    search.mechanisms,
    E.traverseArrayWithIndex((k, mechanism) => {
      const random = generator(search.seed).split(label).split(k)
      const points = Float64Array.from(
        { length: rows * search.latents },
        (_, e) => search.radii[e % search.latents] * (2 * random.uniform() - 1)
      )
      const actions = Float64Array.from({ length: rows * mechanism.actions }, (_, e) =>
        drawnAction(search.domains[k][e % mechanism.actions], random)
      )
      return pipe(
        transitionAt(search.where, mechanism, points, actions),
        E.map((at) => ({ mechanism, points, at }))
      )
    })
  )

const searchOf = (
  where: string,
  mechanisms: ReadonlyArray<Mechanism>,
  options: TurningOptions
): Result<Search> =>
  pipe(
    settingsOf(where, { tolerance: 1e-7, ...options }),
    E.bindTo('settings'),
    E.bind('latents', () => checkAlike(where, 'mechanism', mechanisms)),
    E.tap(() => checkDomains(where, mechanisms, options.actionDomains)),
    E.bind('starts', () => {
      const { starts = 60 } = options
      return Number.isInteger(starts) && starts >= 1
        ? E.right(starts)
        : E.left(invalidOption(where, 'starts', starts, 'an integer, 1 or more'))
    }),
    E.bind('radii', ({ settings, latents }) => radiiOf(where, settings, latents)),
    E.flatMap(({ settings, latents, radii, starts }) => {
      const domains = mechanisms.map((m, k) => options.actionDomains?.[k] ?? actionDomainsOf(m))
      const search = { ...settings, where, mechanisms, domains, latents, radii, starts }
      return pipe(
        sampledAt(search, 3 * latents + 4, 'points'),
        E.map((sampled) => ({ ...search, sampled }))
      )
    })
  )

const normal = (d: number, random: Generator): Dense => tabulated(d, d, () => random.normal())

/** Q or any invertible matrix, by a coin. */
const frame = (d: number, random: Generator): Dense => {
  const g = normal(d, random)
  return random.uniform() < 0.7 ? thinQ(pivotedQr(g), d) : g
}

/** A random matrix with Aⁿ = I: turns by multiples of 2π/n in random planes, ±1 on random axes. */
const startOf = (d: number, n: number, random: Generator): Dense => {
  const turns = zeros(d, d)
  for (let i = 0; i < d; i++) {
    const k = random.integer(n)
    if (i + 1 < d && 2 * k !== n && k !== 0) {
      const [c, s] = [Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)]
      turns.data[i * d + i] = c
      turns.data[i * d + i + 1] = -s
      turns.data[(i + 1) * d + i] = s
      turns.data[(i + 1) * d + i + 1] = c
      i++
    } else turns.data[i * d + i] = n % 2 === 0 && random.uniform() < 0.5 ? -1 : 1
  }
  const q = frame(d, random)
  // Q T Q⁻¹
  return transposed(solve(transposed(q), transposed(multiply(q, turns))))
}

const unitMatrices = (d: number): Dense[] =>
  Array.from({ length: d * d }, (_, e) => tabulated(d, d, (i, j) => (i * d + j === e ? 1 : 0)))

/** The largest difference of A m(z) and m(A z) at fresh points, relative to the largest image. */
const residualOf = (search: Search, fresh: ReadonlyArray<Sampled>, a: Dense): number => {
  let worst = 0
  for (const { mechanism, points, at } of fresh) {
    const there = transitionAt(search.where, mechanism, movedRows(a, points), at.actions)
    if (E.isLeft(there)) return Number.POSITIVE_INFINITY
    const left = movedRows(a, at.images)
    const scale = Math.max(1, ...at.images.map(Math.abs))
    left.forEach((x, e) => {
      worst = Math.max(worst, Math.abs(x - there.right.images[e]) / scale)
    })
  }
  return worst
}

/** Solves from random starts; keeps what has the order, is new, passes `accepted` and holds at fresh points. */
const fromStarts = (
  search: Search,
  fresh: ReadonlyArray<Sampled>,
  problem: FiniteOrderProblem,
  label: string,
  accepted: (a: Dense) => boolean
): TurningSymmetries<CyclicSymmetry> => {
  const random = generator(search.seed).split(label)
  const found: CyclicSymmetry[] = []
  let solved = 0
  for (let k = 0; k < search.starts; k++) {
    const start = startOf(search.latents, problem.order, random.split(k))
    const solution: FiniteOrderSolution | undefined = solveFiniteOrder(problem, start)
    if (solution === undefined || !hasOrder(solution.matrix, problem.order, IDENTICAL)) continue
    if (!accepted(solution.matrix)) continue
    const residual = residualOf(search, fresh, solution.matrix)
    if (!(residual <= search.tolerance)) continue
    solved++
    if (found.every(({ matrix }) => farthest(matrix, solution.matrix) > SAME))
      found.push({ ...solution, order: problem.order, residual })
  }
  return { found, starts: search.starts, solved }
}

const isOrder = (order: number, least: number): boolean =>
  Number.isInteger(order) && order >= least && order <= 1000

const cyclicIn = (
  search: Search,
  fresh: ReadonlyArray<Sampled>,
  order: number
): TurningSymmetries<CyclicSymmetry> => {
  const problem = { sampled: search.sampled, basis: unitMatrices(search.latents), order }
  return fromStarts(search, fresh, problem, `turns of order ${order}`, () => true)
}

/**
 * Linear maps A of order n that commute with all mechanisms, solved from many random starts by Levenberg and
 * Marquardt's method and verified at fresh points. Where the equivariances are continuous there are infinitely many;
 * `freedom` tells. What no start found may exist all the same.
 *
 * Errors: `InvalidOption`, `ShapeMismatch`, `NotFinite`, `DefinitionThrew`.
 *
 * @example
 * cyclicSymmetries([elementwiseTanh], 4) // d = 2: right: the turns by ±90°
 */
export const cyclicSymmetries = (
  mechanisms: ReadonlyArray<Mechanism>,
  order: number,
  options: TurningOptions = {}
): Result<TurningSymmetries<CyclicSymmetry>> => {
  const where = 'cyclicSymmetries'
  if (!isOrder(order, 2)) return E.left(invalidOption(where, 'order', order, 'an integer from 2 to 1000'))
  return pipe(
    searchOf(where, mechanisms, options),
    E.bindTo('search'),
    E.bind('fresh', ({ search }) => sampledAt(search, search.samples, 'fresh')),
    E.map(({ search, fresh }) => cyclicIn(search, fresh, order))
  )
}

/** {R : R A = A⁻¹ R} */
const reversing = (where: string, a: Dense, order: number): Result<ReadonlyArray<Dense>> => {
  const back = powersOf(a, order - 1)[order - 1]
  const condition = (r: Dense): Float64Array => combine(1, multiply(r, a), -1, multiply(back, r)).data
  return pipe(
    restricted(where, unitMatrices(a.shape[0]), condition, { floor: 1e-8 }),
    E.map(({ basis }) => basis)
  )
}

/**
 * Dihedral groups of linear maps that commute with all mechanisms: turns as `cyclicSymmetries` finds them, each with
 * the reflections that reverse it.
 *
 * Errors: as `cyclicSymmetries`, and `Undecided`.
 *
 * @example
 * dihedralSymmetries([triangle], 3) // z + z̄² in the plane: right: two turns with three reflections each
 */
export const dihedralSymmetries = (
  mechanisms: ReadonlyArray<Mechanism>,
  order: number,
  options: TurningOptions = {}
): Result<TurningSymmetries<DihedralSymmetry>> => {
  const where = 'dihedralSymmetries'
  if (!isOrder(order, 3)) return E.left(invalidOption(where, 'order', order, 'an integer from 3 to 1000'))
  return pipe(
    searchOf(where, mechanisms, options),
    E.bindTo('search'),
    E.bind('fresh', ({ search }) => sampledAt(search, search.samples, 'fresh')),
    E.flatMap(({ search, fresh }) => {
      const turns = cyclicIn(search, fresh, order)
      const pairs: DihedralSymmetry[] = []
      let [starts, solved] = [turns.starts, turns.solved]
      for (const [k, turn] of turns.found.entries()) {
        const basis = reversing(where, turn.matrix, order)
        if (E.isLeft(basis)) return basis
        if (basis.right.length === 0) continue
        const problem = { sampled: search.sampled, basis: basis.right, order: 2 }
        const reverses = (r: Dense): boolean =>
          farthest(multiply(r, multiply(turn.matrix, multiply(r, turn.matrix))), powersOf(r, 2)[0]) <= SAME
        const reflections = fromStarts(search, fresh, problem, `reflections of ${k}`, reverses)
        starts += reflections.starts
        solved += reflections.solved
        pairs.push(...reflections.found.map((reflection) => ({ turn, reflection })))
      }
      return E.right({ found: pairs, starts, solved })
    })
  )
}
