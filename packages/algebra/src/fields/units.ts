/** What latents are measured in, so that no decision depends on their units. */
import { reflexiveTransitiveClosure } from '@mechid/causal-graph'
import { type ActionDomain, type Kernel, type Mechanism, number } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { slopesIn } from './measured.js'
import type { FieldOptions } from './options.js'
import { drawActions } from './points.js'
import { actionsFor, transitionAt } from './transition.js'

type Place = Pick<FieldOptions, 'box' | 'data'>
type Domains = ReadonlyArray<ReadonlyArray<ActionDomain>> | undefined

/** Entries below this part of the largest do not couple latents. */
const UNCOUPLED = 1e-13
const SWEEPS = 60
const TRIED = 32

/**
 * Osborne's balancing of a table of sizes, d × d: units s for which rows and columns of size_ij s_j / s_i weigh the
 * same within each strongly connected set of latents. One-way couplings, and the overall unit of a set, are left as
 * they are.
 */
const balancingUnits = (
  sizes: Float64Array,
  d: number
): { readonly units: Float64Array; readonly sets: ReadonlyArray<ReadonlyArray<number>> } => {
  const most = sizes.reduce((largest, x) => Math.max(largest, x), 0)
  const coupled = (i: number, j: number): boolean => sizes[i * d + j] > UNCOUPLED * most
  const edges = Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (__, j) => (coupled(i, j) ? 1 : 0))
  )
  // A square table of 0 and 1 has a closure.
  const reach = orThrow(reflexiveTransitiveClosure(edges))
  const sets = Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (__, j) => j).filter((j) => reach[i][j] === 1 && reach[j][i] === 1)
  )
  const units = new Float64Array(d).fill(1)
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (let i = 0; i < d; i++) {
      let [row, column] = [0, 0]
      for (const j of sets[i]) {
        if (j === i) continue
        row += (sizes[i * d + j] * units[j]) / units[i]
        column += (sizes[j * d + i] * units[i]) / units[j]
      }
      if (row > 0 && column > 0) units[i] *= Math.sqrt(row / column)
    }
  return { units: units.map(roundedUnit), sets }
}

/** A power of two: scaling by it rounds nothing. */
const roundedUnit = (x: number): number => (x > 0 && Number.isFinite(x) ? 2 ** Math.round(Math.log2(x)) : 1)

const cube = (latents: number, rows: number): Float64Array => {
  const random = generator(1).split('units')
  return Float64Array.from({ length: rows * latents }, () => 2 * random.uniform() - 1)
}

interface Slopes {
  /** d × d: mean |∂m_i/∂z_j|. */
  readonly mean: Float64Array
  /** How far slopes vary from point to point, relative to their size, in given units; by rows i. */
  readonly bend: (i: ReadonlyArray<number>, units: Float64Array) => number
}

/** Slopes of all mechanisms at points of a box; undefined where one is not defined there. */
const slopesAt = (
  mechanisms: ReadonlyArray<Mechanism>,
  domains: Domains,
  box: Float64Array
): Slopes | undefined => {
  const d = box.length
  const points = cube(d, TRIED).map((x, e) => x * box[e % d])
  const mean = new Float64Array(d * d)
  const all: Float64Array[] = []
  for (const [k, mechanism] of mechanisms.entries()) {
    const at = transitionAt('units', mechanism, points, actionsFor(mechanism, k, TRIED, domains, 1, 'units'))
    if (E.isLeft(at)) return undefined
    at.right.jacobians.forEach((x, e) => {
      mean[e % (d * d)] += Math.abs(x) / (TRIED * mechanisms.length)
    })
    all.push(at.right.jacobians)
  }
  const bend: Slopes['bend'] = (rows, units) => {
    let [apart, size] = [0, 0]
    for (const slopes of all) {
      const there = slopesIn(units, slopes)
      there.forEach((x, e) => {
        if (!rows.includes(Math.floor(e / d) % d)) return
        apart = Math.max(apart, Math.abs(x - there[e % (d * d)]))
        size = Math.max(size, Math.abs(x))
      })
    }
    return size > 0 ? apart / size : 0
  }
  return { mean, bend }
}

/** Half widths of cubes that slopes are looked for in: the first where mechanisms are defined. */
const CUBES = [1, 2 ** -10, 2 ** -20, 2 ** -30]

/** Slopes that vary by this part of their size show that a mechanism is not linear. */
const BENT = 0.05

/** Balancing units, the largest of each set 1. */
const smallestUnits = (mean: Float64Array, d: number) => {
  const { units, sets } = balancingUnits(mean, d)
  const base = units.map((u, i) => u / Math.max(...sets[i].map((j) => units[j])))
  return { base, sets }
}

/**
 * Units within sets of coupled latents are known up to a factor: the smallest power of two that lets the mechanisms bend
 * within the box, between those that make the largest unit 1 and the smallest.
 */
const scaledToBend = (
  mechanisms: ReadonlyArray<Mechanism>,
  domains: Domains,
  mean: Float64Array
): Float64Array => {
  const d = mechanisms[0].latents
  const { base, sets } = smallestUnits(mean, d)
  const out = base.slice()
  for (const set of sets.filter((own, i) => own[0] === i)) {
    const most = 1 / Math.min(...set.map((i) => base[i]))
    if (most === 1) continue
    let tried = base
    for (let factor = 1; factor <= most; factor *= 2) {
      const box = base.map((u, i) => (set.includes(i) ? factor * u : u))
      const slopes = slopesAt(mechanisms, domains, box)
      if (slopes === undefined) break
      tried = box
      if (slopes.bend(set, base) >= BENT) break
    }
    for (const i of set) out[i] = tried[i]
  }
  return out
}

const boxOf = (units: Float64Array): NonNullable<FieldOptions['box']> =>
  Array.from(units, (s) => [-s, s] as const)

/**
 * Options with a box, where they come with neither box nor data: [−1, 1] in units that balance the mechanisms'
 * slopes. Mechanisms that are defined nowhere around 0 get [−1, 1], and fail there with their own error.
 */
export const withBox = <Options extends Place>(
  options: Options,
  mechanisms: ReadonlyArray<Mechanism>,
  domains: Domains
): Options => {
  if (options.box !== undefined || options.data !== undefined) return options
  const one = new Float64Array(mechanisms[0].latents).fill(1)
  for (const size of CUBES) {
    const slopes = slopesAt(
      mechanisms,
      domains,
      one.map(() => size)
    )
    if (slopes === undefined) continue
    // Slopes in that box rather than in a cube, of which most may lie far away in the right units.
    const again = slopesAt(mechanisms, domains, smallestUnits(slopes.mean, one.length).base)
    return { ...options, box: boxOf(scaledToBend(mechanisms, domains, (again ?? slopes).mean)) }
  }
  return { ...options, box: boxOf(one) }
}

/** Mean log scale of each latent's noise over [−1, 1] and all kernels. */
const meanLogScales = (kernels: ReadonlyArray<Kernel>): Float64Array => {
  const out = new Float64Array(kernels[0].latents)
  const d = out.length
  for (const { scale, lags, actions, actionDomains } of kernels) {
    const width = d * lags
    const past = cube(Math.max(1, width), TRIED)
    const acted = drawActions(actionDomains, actions, TRIED, generator(1).split('units').split('actions'))
    for (let s = 0; s < TRIED; s++) {
      const own = acted.subarray(s * actions, (s + 1) * actions)
      const at = past.subarray(s * width, (s + 1) * width)
      scale(number, Array.from(at), Array.from(own)).forEach((x, i) => {
        out[i] += Math.log(x) / (TRIED * kernels.length)
      })
    }
  }
  return out
}

/** As `withBox`, in units of the noise: how wide it is for one latent, compared with the others. */
export const withNoiseBox = <Options extends Place>(
  options: Options,
  kernels: ReadonlyArray<Kernel>
): Options => {
  if (options.box !== undefined || options.data !== undefined) return options
  // Trusted: `checkKernel` has seen the scales.
  const logs = meanLogScales(kernels)
  const middle = logs.reduce((sum, x) => sum + x, 0) / logs.length
  return { ...options, box: boxOf(logs.map((x) => roundedUnit(Math.exp(x - middle)))) }
}
