/** Whether a density factorizes over latents with a given graph: mixed derivatives that have to vanish. */
import { type Elementary, jacobian, type Kernel, logDensity, number } from '@mechid/mechanisms'
import type { GraphBits } from '../../graph/graph-bits.js'
import type { Condition } from '../../influence/scores.js'
import { get } from '../../matrices/binary-matrix.js'

/** What the density is a function of. */
export interface Place extends Condition {
  readonly z: ReadonlyArray<number>
}

/** Functions of (z, past, a), one after the other in one list, written for every reading. */
export type OfPlace = <A>(
  F: Elementary<A>,
  z: ReadonlyArray<A>,
  past: ReadonlyArray<A>,
  a: ReadonlyArray<A>
) => A[]

/** `slopes[c · d + i][m]` = ∂²f_c / ∂z_i ∂x_m with x = (z, past, a). */
const mixedDerivatives = (f: OfPlace, { z, past, a }: Place): number[][] => {
  const d = z.length
  const cut = d + past.length
  return jacobian<number>(
    number,
    <B>(F: Elementary<B>, x: ReadonlyArray<B>) =>
      jacobian<B>(
        F,
        (G, y, lift) => f(G, y, x.slice(d, cut).map(lift), x.slice(cut).map(lift)),
        x.slice(0, d)
      ).flat(),
    [...z, ...past, ...a]
  )
}

/** `slopes[c][i]` = ∂f_c / ∂z_i. */
const slopesByPresent = (f: OfPlace, { z, past, a }: Place): number[][] =>
  jacobian<number>(number, (F, y) => f(F, y, past.map(F.lit), a.map(F.lit)), z)

/** A mixed derivative by latent i and by something else that a factorized density does not have. */
export interface Violation {
  readonly latent: number
  /** For each function. */
  readonly values: number[]
  /** What to measure the values against: for each function. */
  readonly sizes: number[]
}

const atDiscrete = (
  kernel: Kernel,
  graph: GraphBits,
  f: OfPlace,
  place: Place,
  count: number
): Violation[] => {
  const found: Violation[] = []
  kernel.actionDomains.forEach((domain, l) => {
    if (domain._tag !== 'Choice' || graph.actions === undefined) return
    const at = (value: number) =>
      slopesByPresent(f, { ...place, a: place.a.map((x, other) => (other === l ? value : x)) })
    const off = at(0)
    for (let value = 1; value < domain.values; value++) {
      const on = at(value)
      for (let i = 0; i < kernel.latents; i++) {
        if (get(graph.actions, i, l)) continue
        const values = Array.from({ length: count }, (_, c) => on[c][i] - off[c][i])
        found.push({ latent: i, values, sizes: values.map((_, c) => Math.max(Math.abs(on[c][i]), 1)) })
      }
    }
  })
  return found
}

/**
 * All mixed second derivatives of each of `count` functions that vanish where exp f factorizes over latents with
 * this graph: ∂²/∂z_i∂z_j for i ≠ j, ∂²/∂z_i∂(past or action) off the graph's edges; for discrete actions
 * differences of ∂/∂z_i between values.
 */
export const violationsAt = (
  kernel: Kernel,
  graph: GraphBits,
  f: OfPlace,
  place: Place,
  count: number
): Violation[] => {
  const d = kernel.latents
  const p = place.past.length
  const second = mixedDerivatives(f, place)
  const first = slopesByPresent(f, place)
  const entry = (c: number, i: number, m: number): number => second[c * d + i][m]
  const absent = (i: number, m: number): boolean => {
    if (m < d) return m > i
    if (m < d + p) return graph.latents === undefined || !get(graph.latents, i, m - d)
    const l = m - d - p
    return (
      kernel.actionDomains[l]._tag === 'Interval' &&
      (graph.actions === undefined || !get(graph.actions, i, l))
    )
  }
  const found: Violation[] = []
  for (let i = 0; i < d; i++)
    for (let m = 0; m < d + p + kernel.actions; m++) {
      if (!absent(i, m)) continue
      const values = Array.from({ length: count }, (_, c) => entry(c, i, m))
      const sizes = values.map((_, c) => {
        // Slopes count besides: where a log density is linear its second derivatives are rounding alone.
        const [own, slope] = [Math.abs(entry(c, i, i)), Math.abs(first[c][i])]
        if (m < d) return Math.max(Math.sqrt(own * Math.abs(entry(c, m, m))), slope * Math.abs(first[c][m]))
        const inputs = second[c * d + i].slice(d).map(Math.abs)
        return Math.max(Math.sqrt(own), slope, ...inputs)
      })
      found.push({ latent: i, values, sizes })
    }
  return [...found, ...atDiscrete(kernel, graph, f, place, count)]
}

/** A map v from the other model's latents to the true ones, with log |det Dv|. */
export interface DensityMap {
  readonly apply: <A>(F: Elementary<A>, z: ReadonlyArray<A>) => ReadonlyArray<A>
  readonly logDet: <A>(F: Elementary<A>, z: ReadonlyArray<A>) => A
}

/** v applied to each past state. */
export const applyToPast = <A>(
  F: Elementary<A>,
  apply: DensityMap['apply'],
  latents: number,
  past: ReadonlyArray<A>
): A[] => {
  const out: A[] = []
  for (let from = 0; from < past.length; from += latents)
    out.push(...apply(F, past.slice(from, from + latents)))
  return out
}

/** The log density of the transformed kernel, `ℓ(v(ẑ) | v(past), a) + log |det Dv(ẑ)|`. */
export const transformed =
  (kernel: Kernel, map: DensityMap): OfPlace =>
  (F, z, past, a) => [
    F.add(
      logDensity(F, kernel, map.apply(F, z), applyToPast(F, map.apply, kernel.latents, past), a),
      map.logDet(F, z)
    )
  ]

/** The largest violation at these places, relative to its size: 0 up to rounding where the density factorizes. */
export const factorizationResidual = (
  kernel: Kernel,
  graph: GraphBits,
  map: DensityMap,
  places: ReadonlyArray<Place>
): number => {
  let residual = 0
  for (const place of places)
    for (const { values, sizes } of violationsAt(kernel, graph, transformed(kernel, map), place, 1))
      residual = Math.max(residual, Math.abs(values[0]) / Math.max(sizes[0], 1e-300))
  return residual
}
