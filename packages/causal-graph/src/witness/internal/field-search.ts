/** Polynomial fields whose flow keeps a kernel factorized with its graph, to first order. */
import { type Elementary, jacobian, type Kernel, logDensity } from '@mechid/mechanisms'
import { rightSvd, zeros } from '@mechid/numerics'
import type { GraphBits } from '../../graph/graph-bits.js'
import { RANK_TOLERANCE, REQUIRED_GAP } from '../../influence/rank.js'
import { type OfPlace, type Place, violationsAt } from './factorization.js'
import { type Monomial, monomialAt, type PolynomialField } from './polynomial-field.js'

/**
 * For each monomial field X: `X(z) · ∇_z ℓ + Σ_lags X(z_lag) · ∇_{z_lag} ℓ + div X(z)`, the first-order change of the
 * log density (theory of differentiable maps, stochastic condition).
 */
const changes =
  (kernel: Kernel, monomials: ReadonlyArray<Monomial>): OfPlace =>
  <A>(F: Elementary<A>, z: ReadonlyArray<A>, past: ReadonlyArray<A>, a: ReadonlyArray<A>): A[] => {
    const d = kernel.latents
    const [slopes] = jacobian<A>(
      F,
      (G, x, lift) => [logDensity(G, kernel, x.slice(0, d), x.slice(d), a.map(lift))],
      [...z, ...past]
    )
    return monomials.map((monomial) => {
      const { component, divergence } = monomialAt(F, monomial, z)
      let sum = F.add(F.mul(component, slopes[monomial.row]), divergence)
      for (let from = 0; from < past.length; from += d) {
        const earlier = monomialAt(F, monomial, past.slice(from, from + d)).component
        sum = F.add(sum, F.mul(earlier, slopes[d + from + monomial.row]))
      }
      return sum
    })
  }

export type FieldSearch =
  | { readonly _tag: 'Field'; readonly field: PolynomialField; readonly dimension: number }
  | { readonly _tag: 'NoField' }
  | { readonly _tag: 'Undecided'; readonly gap: number }

/**
 * The combinations of the monomials whose change of the log density is again a sum of functions of one latent and
 * its causes each: the null space of all forbidden mixed derivatives at the places, which are more equations than
 * unknowns. Columns are scaled to norm 1; tolerance and gap are those of sufficient influence.
 */
export const searchField = (
  kernel: Kernel,
  graph: GraphBits,
  monomials: ReadonlyArray<Monomial>,
  places: ReadonlyArray<Place>
): FieldSearch => {
  const f = changes(kernel, monomials)
  const rows = places.flatMap((place) =>
    violationsAt(kernel, graph, f, place, monomials.length).map(({ values }) => values)
  )
  const sound = rows.filter((row) => row.every(Number.isFinite))
  const count = monomials.length
  const norms = monomials.map((_, m) => Math.hypot(...sound.map((row) => row[m])) || 1)
  const system = zeros(sound.length, count)
  sound.forEach((row, r) => {
    row.forEach((x, m) => {
      system.data[r * count + m] = x / norms[m]
    })
  })
  const { values, vectors } = rightSvd(system)
  const rank = values.filter((x) => x > RANK_TOLERANCE * values[0]).length
  if (rank === count) return { _tag: 'NoField' }
  const gap = rank === 0 ? Infinity : values[rank - 1] / Math.max(values[rank], 1e-16 * values[0])
  if (gap < REQUIRED_GAP) return { _tag: 'Undecided', gap }
  const raw = norms.map((norm, m) => vectors.data[(m + 1) * count - 1] / norm)
  const largest = Math.max(...raw.map(Math.abs))
  const coefficients = raw.map((x) => (Math.abs(x) < 1e-9 * largest ? 0 : x / largest))
  return { _tag: 'Field', field: { monomials, coefficients }, dimension: count - rank }
}
