/** How much of what a mean does is seen when its inputs are replaced by a direction that overlaps with them. */
import type { Generator } from '@mechid/random'
import { type Means, meansAt } from '../additivity/places.js'
import { drawActions } from '../influence/conditions.js'
import { hermite } from '../quadrature/gauss-hermite.js'

/** `visible(i, ρ, found)`: the share for row i in a direction of overlap ρ, once the latents `found` are known. */
export interface VisibleShare {
  readonly visible: (row: number, overlap: number, found: ReadonlySet<number>) => number
  /** What row i's mean does besides shifting and scaling all latents alike, relative to its variance; 0: nothing to find. */
  readonly informative: (row: number) => number
  /** Of what past latents do there, the share of order two and more; undefined where they do nothing or it is not known. */
  readonly bent: (row: number) => number | undefined
  readonly method: 'hermite' | 'sampled'
}

const GRID = 560
const REACH = 8.4
/** More than about 160 orders are not seen from any direction but the row's own; what lies beyond counts as hidden. */
const ORDERS = 160

interface GridNode {
  readonly x: number
  readonly weight: number
  /** Orthonormal Hermite polynomials at x. */
  readonly orders: Float64Array
}

/** A grid for the standard normal law: the trapezoidal rule, exact to rounding for whatever it resolves. */
const normalGrid = (): GridNode[] =>
  Array.from({ length: GRID + 1 }, (_, k) => {
    const x = REACH * ((2 * k) / GRID - 1)
    const weight = (2 * REACH * Math.exp((-x * x) / 2)) / (GRID * Math.sqrt(2 * Math.PI))
    return { x, weight, orders: hermite(ORDERS, x) }
  })

/** One effect of an input: the powers of its Hermite expansion from order 1 on, and all of them, with what lies beyond. */
interface Spectrum {
  readonly powers: Float64Array
  readonly first: number
  readonly total: number
}

const spectrumOf = (grid: ReadonlyArray<GridNode>, values: ReadonlyArray<number>): Spectrum => {
  const coefficients = new Float64Array(ORDERS + 1)
  let [power, weight] = [0, 0]
  grid.forEach((node, k) => {
    const y = values[k]
    if (!Number.isFinite(y)) return
    weight += node.weight
    power += node.weight * y * y
    for (let n = 0; n <= ORDERS; n++) coefficients[n] += node.weight * y * node.orders[n]
  })
  const powers = coefficients.map((c) => (c / weight) ** 2)
  const total = Math.max(0, power / weight - powers[0])
  powers[0] = 0
  return { powers, first: coefficients[1] / weight, total }
}

const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((x, y) => x - y)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
}

/** Below this share of a mean's variance nothing is there to be found. */
const NOTHING = 1e-9

/** Effects of the past latents on all means along lines, `[m][i]`. */
const spectra = ({ kernel, draws, widths }: Means): Spectrum[][] => {
  const { past, a } = draws[0]
  const grid = normalGrid()
  return past.map((_, m) => {
    const rows = grid.map(({ x }) =>
      meansAt(kernel, { past: past.map((y, k) => (k === m ? widths[m] * x : y)), a })
    )
    return kernel.noise.map((__, i) =>
      spectrumOf(
        grid,
        rows.map((row) => row[i])
      )
    )
  })
}

/** The variance that actions cause in each mean, all else equal. */
const actionVariances = ({ kernel, draws }: Means, random: Generator): number[] => {
  if (kernel.actions === 0) return kernel.noise.map(() => 0)
  const rows = Array.from({ length: 400 }, () =>
    meansAt(kernel, { past: draws[0].past, a: drawActions(kernel, random) })
  )
  return kernel.noise.map((_, i) => {
    const mean = rows.reduce((sum, row) => sum + row[i], 0) / rows.length
    return rows.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0) / rows.length
  })
}

/** The multiples of the identity, one a lag, that look the same in every direction; in units of the spreads. */
const isotropic = ({ kernel, widths }: Means, first: (m: number, i: number) => number): number[] =>
  Array.from({ length: kernel.lags }, (_, lag) =>
    median(kernel.noise.map((__, i) => first(lag * kernel.latents + i, i) / widths[i]))
  )

/**
 * For additive means, exactly: if z_j is replaced by a direction of overlap ρ with it, order n of the effect's Hermite
 * expansion correlates with itself by ρⁿ (F. G. Mehler, 1866), so of its power Σ c_n² it is Σ c_n² ρⁿ that is seen; for
 * sin(F z + S) that falls like exp(−F²(1 − ρ)).
 */
export const hermiteShare = (means: Means, random: Generator): VisibleShare => {
  const { kernel, widths } = means
  const d = kernel.latents
  const all = spectra(means)
  const alike = isotropic(means, (m, i) => all[m][i].first)
  const effects = kernel.noise.map((_, i) =>
    all.map((column, m) => {
      const { powers, first, total } = column[i]
      const linear = m % d === i ? (first - alike[Math.floor(m / d)] * widths[i]) ** 2 : powers[1]
      const own = powers.slice()
      own[1] = linear
      return { latent: m % d, powers: own, total: Math.max(0, total - powers[1]) + linear }
    })
  )
  const acted = actionVariances(means, random)
  const variance = (i: number): number => acted[i] + all.reduce((sum, column) => sum + column[i].total, 0)
  const sum = (
    i: number,
    found: ReadonlySet<number>,
    of: (effect: (typeof effects)[number][number]) => number
  ): number =>
    effects[i].filter(({ latent }) => !found.has(latent)).reduce((total, effect) => total + of(effect), 0)
  const nobody = new Set<number>()
  return {
    method: 'hermite',
    informative: (i) => {
      const share = (acted[i] + sum(i, nobody, ({ total }) => total)) / variance(i)
      return share > NOTHING ? share : 0
    },
    bent: (i) => {
      const whole = sum(i, nobody, ({ total }) => total)
      return whole > NOTHING * variance(i)
        ? sum(i, nobody, ({ total, powers }) => total - powers[1]) / whole
        : undefined
    },
    visible: (i, overlap, found) => {
      const whole = acted[i] + sum(i, found, ({ total }) => total)
      if (!(whole > NOTHING * variance(i))) return 1
      if (overlap >= 1) return 1
      const seen = sum(i, found, ({ powers }) =>
        powers.reduceRight((rest, power) => power + rest * overlap, 0)
      )
      return Math.min(1, (acted[i] + seen) / whole)
    }
  }
}

const SAMPLES = 3000

/**
 * For any means, from draws: the covariance of a mean with itself after its latents z have been replaced by
 * ρ z + √(1 − ρ²) z̃, relative to its variance. For additive means it is the same number, up to sampling error.
 */
export const sampledShare = (means: Means, random: Generator): VisibleShare => {
  const { kernel, widths } = means
  const d = kernel.latents
  const count = kernel.lags * d
  const draws = Array.from({ length: SAMPLES }, () => ({
    one: Array.from({ length: count }, () => random.normal()),
    other: Array.from({ length: count }, () => random.normal()),
    a: drawActions(kernel, random)
  }))
  const at = (z: ReadonlyArray<number>, a: ReadonlyArray<number>) =>
    meansAt(kernel, { past: z.map((x, m) => widths[m] * x), a })
  const plain = draws.map(({ one, a }) => at(one, a))
  const slope = (m: number, i: number): number =>
    plain.reduce((total, row, s) => total + (Number.isFinite(row[i]) ? row[i] * draws[s].one[m] : 0), 0) /
    SAMPLES
  const alike = isotropic(means, slope)
  const informative = (z: ReadonlyArray<number>, row: ReadonlyArray<number>, i: number): number =>
    row[i] - alike.reduce((total, factor, lag) => total + factor * widths[i] * z[lag * d + i], 0)
  const covariance = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
    const sound = x.flatMap((value, s) =>
      Number.isFinite(value) && Number.isFinite(y[s]) ? [[value, y[s]] as const] : []
    )
    const [mx, my] = [0, 1].map((k) => sound.reduce((total, pair) => total + pair[k], 0) / sound.length)
    return sound.reduce((total, [p, q]) => total + (p - mx) * (q - my), 0) / sound.length
  }
  const base = kernel.noise.map((_, i) => plain.map((row, s) => informative(draws[s].one, row, i)))
  /** All rows' covariances with themselves where each latent keeps its own overlap. */
  const memory = new Map<string, number[]>()
  const kept = (overlap: (latent: number) => number): number[] => {
    const key = kernel.noise.map((_, j) => overlap(j)).join()
    const known = memory.get(key)
    if (known !== undefined) return known
    const moved = draws.map(({ one, other }) =>
      one.map((x, m) => {
        const rho = overlap(m % d)
        return rho * x + Math.sqrt(1 - rho * rho) * other[m]
      })
    )
    const rows = moved.map((z, s) => at(z, draws[s].a))
    const found = kernel.noise.map((_, i) =>
      covariance(
        base[i],
        rows.map((row, s) => informative(moved[s], row, i))
      )
    )
    memory.set(key, found)
    return found
  }
  const whole = kept(() => 1)
  const variances = kernel.noise.map((_, i) =>
    covariance(
      plain.map((row) => row[i]),
      plain.map((row) => row[i])
    )
  )
  return {
    method: 'sampled',
    bent: () => undefined,
    informative: (i) => (whole[i] > NOTHING * variances[i] ? whole[i] / variances[i] : 0),
    visible: (i, overlap, found) => {
      const of = (rho: number): number => kept((j) => (found.has(j) ? 1 : rho))[i]
      const acted = kernel.actions === 0 ? 0 : Math.max(0, kept(() => 0)[i])
      const nothing = of(0)
      const rest = acted + whole[i] - nothing
      if (!(rest > 1e-3 * whole[i])) return 1
      return Math.min(1, Math.max(0, (acted + of(overlap) - nothing) / rest))
    }
  }
}
