/** Scores of a kernel and their derivatives, exact, by nested dual numbers. */
import { dual, type Elementary, jacobian, type Kernel, type Noise, number } from '@mechid/mechanisms'

/** `∂/∂z_i log p(z | past, a)` for each i of `latents`, in any reading; past and a may be differentiated again. */
export const scores = <A>(
  F: Elementary<A>,
  kernel: Kernel,
  z: ReadonlyArray<number>,
  past: ReadonlyArray<A>,
  a: ReadonlyArray<A>,
  latents: ReadonlyArray<number> = [...z.keys()]
): A[] => {
  const D = dual(F)
  const location = kernel.location(F, past, a)
  const scale = kernel.scale(F, past, a)
  return latents.map((i) => {
    // Latent i enters through u alone, so one tangent is enough: ∂/∂z_i = (1 / scale_i) ∂/∂u.
    const u = { value: F.div(F.sub(F.lit(z[i]), location[i]), scale[i]), tangents: [F.one] }
    const [slope] = kernel.noise[i].logDensity(D, u).tangents
    return slope === undefined ? F.zero : F.div(slope, scale[i])
  })
}

/** What a law is conditioned on. */
export interface Condition {
  readonly past: ReadonlyArray<number>
  readonly a: ReadonlyArray<number>
}

/** Row i: the derivatives of score i by the past state at one lag (counted from 0); d × d. */
export const scoreSlopesByPast = (
  kernel: Kernel,
  z: ReadonlyArray<number>,
  { past, a }: Condition,
  lag: number
): number[][] => {
  const from = lag * kernel.latents
  return jacobian<number>(
    number,
    (F, x) =>
      scores(
        F,
        kernel,
        z,
        past.map((value, m) => (m >= from && m < from + x.length ? x[m - from] : F.lit(value))),
        a.map(F.lit)
      ),
    past.slice(from, from + kernel.latents)
  )
}

/** The derivatives of the scores of `latents` by one action. */
export const scoreSlopesByAction = (
  kernel: Kernel,
  z: ReadonlyArray<number>,
  { past, a }: Condition,
  action: number,
  latents: ReadonlyArray<number>
): number[] =>
  jacobian<number>(
    number,
    (F, [x]) =>
      scores(
        F,
        kernel,
        z,
        past.map(F.lit),
        a.map((value, l) => (l === action ? x : F.lit(value))),
        latents
      ),
    [a[action]]
  ).map(([slope]) => slope)

/** Row i: the derivatives of location i by all of past; d × (lags · d). */
export const locationSlopes = (kernel: Kernel, { past, a }: Condition): number[][] =>
  jacobian<number>(number, (F, x) => kernel.location(F, x, a.map(F.lit)), past)

/** Points in standard position, off the places where densities tend to have kinks. */
const PROBES = [-2.3, -1.1, -0.7, -0.2, 0.3, 0.6, 0.9, 1.9]

/** `[(log p)', (log p)'']` of a noise at u, exact. */
export const noiseDerivatives = (noise: Noise, u: number): readonly [slope: number, curvature: number] => {
  const D = dual(number)
  const [slope] = noise.logDensity(dual(D), {
    value: { value: u, tangents: [1] },
    tangents: [D.one]
  }).tangents
  return [slope?.value ?? 0, slope?.tangents[0] ?? 0]
}

/** Whether the log density bends anywhere: Laplace's and uniform noise's do not, so their scores have no slopes. */
export const hasCurvature = (noise: Noise): boolean =>
  PROBES.some((u) => {
    const curvature = noiseDerivatives(noise, u)[1]
    return Number.isFinite(curvature) && Math.abs(curvature) > 1e-12
  })

/** Far into the tails: a Gaussian centre may have other tails. */
const FAR_PROBES = Array.from({ length: 96 }, (_, p) => (p - 47.6) / 4)

/** Whether the log density is a parabola, as far as 12 scales from the centre: Gaussian, whatever it is called. */
export const isGaussian = (noise: Noise): boolean => {
  const found = FAR_PROBES.map((u) => noiseDerivatives(noise, u)[1])
  return found.every((c) => c < 0 && Math.abs(c - found[0]) <= 1e-9 * -found[0])
}
