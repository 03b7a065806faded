/** Kernels in the form of the published problems, for any graph. */
import { type Elementary, type Kernel, kernel, type Noise } from '@mechid/mechanisms'
import { type CausalGraph, type EdgeTable, orThrow } from '@mechid/values'

/** sin(F u + S) with F = (i + 3)/π and S = i for latent i, as in the published problems. */
const wave = <A>(F: Elementary<A>, i: number, u: A): A =>
  F.sin(F.add(F.mul(F.lit((i + 3) / Math.PI), u), F.lit(i)))

/**
 * A kernel with this graph: standard deviation 0.01, Gaussian unless `noise` says otherwise. The mean of a latent is a sum of
 * waves: one for each action, half of one for each past latent; a latent that influences itself also keeps its past value.
 */
export const waveKernel = (graph: CausalGraph, noise?: Noise): Kernel => {
  const { latents, actions } = graph
  const size = (latents ?? actions ?? []).length
  const rows = (table: EdgeTable = []): number[][] =>
    Array.from({ length: size }, (_, i) => (table[i] ?? []).flatMap((edge, j) => (edge === 1 ? [j] : [])))
  const [causes, acting] = [rows(latents), rows(actions)]
  return orThrow(
    kernel({
      latents: size,
      actions: actions?.[0].length ?? 0,
      lags: (latents?.[0].length ?? 0) / size,
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
