/** Kernels for graphs that no published problem has, in the published problems' form. */
import { type CausalGraph, rowSupport } from '@mechid/causal-graph'
import { type Elementary, type Kernel, kernel, type Noise } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'

/** sin(F u + S) with F = (i + 3)/π and S = i for latent i, as in the published problems. */
const wave = <A>(F: Elementary<A>, i: number, u: A): A =>
  F.sin(F.add(F.mul(F.lit((i + 3) / Math.PI), u), F.lit(i)))

/**
 * Gaussian, standard deviation 0.01 unless told otherwise, around a sum of waves: one for each action of a latent,
 * half of one for each past latent, and where a latent influences itself its past value besides.
 */
export const waveKernel = (graph: CausalGraph, noise?: Noise): Kernel => {
  const { size, latents, actions } = graph
  const rows = (m: typeof latents): number[][] =>
    Array.from({ length: size }, (_, i) => (m === undefined ? [] : rowSupport(m, i)))
  const [causes, acting] = [rows(latents), rows(actions)]
  return orThrow(
    kernel({
      latents: size,
      actions: actions?.columns ?? 0,
      lags: latents === undefined ? 0 : latents.columns / size,
      scale: 0.01,
      ...(noise === undefined ? {} : { noise }),
      location: (F, past, a) =>
        causes.map((row, i) =>
          [
            ...(row.includes(i) ? [past[i]] : []),
            ...row.map((j) => F.mul(F.lit(0.5), wave(F, i, past[j]))),
            ...acting[i].map((l) => wave(F, i, a[l]))
          ].reduce((sum, term) => F.add(sum, term), F.zero)
        )
    })
  )
}
