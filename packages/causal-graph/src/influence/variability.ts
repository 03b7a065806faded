/** Variability: what nonlinear ICA with auxiliary variables asks for, and mechanism sparsity does not. */
import { type Kernel, number } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import { drawCondition, drawPoint, isFiniteRow } from './conditions.js'
import { worse } from './internal/action-influence.js'
import { decideRank, type RankDecision } from './rank.js'
import { type Condition, noiseDerivatives } from './scores.js'

/** `∂_i ℓ` for each latent, then `∂_i² ℓ`, of the log density ℓ(z | past, a). */
const derivatives = (kernel: Kernel, z: ReadonlyArray<number>, { past, a }: Condition): number[] => {
  const location = kernel.location(number, past, a)
  const scale = kernel.scale(number, past, a)
  const found = z.map((x, i) => noiseDerivatives(kernel.noise[i], (x - location[i]) / scale[i]))
  return [
    ...found.map(([slope], i) => slope / scale[i]),
    ...found.map(([, curvature], i) => curvature / (scale[i] * scale[i]))
  ]
}

/**
 * The rank of the differences of `(∂_i ℓ, ∂_i² ℓ)_i` between conditions (past, a), z fixed; needed: 2d. The least
 * favourable of several z counts.
 *
 * Where it is 2d almost everywhere, factorization alone leaves permutations and element-wise maps: for j ≠ k the mixed
 * derivative of a factorized density gives `Σ_i [∂_i²ℓ · ∂_j v_i ∂_k v_i + ∂_i ℓ · ∂_j ∂_k v_i]`, the same under all
 * conditions, so every product `∂_j v_i ∂_k v_i` vanishes (A. Hyvärinen, H. Sasaki, R. Turner, 2019, Theorem 1).
 */
export const variability = (kernel: Kernel, points: number, random: Generator): RankDecision =>
  Array.from({ length: points }, (_, p) => {
    const own = random.split(p)
    const z = drawPoint(kernel, own)
    const needed = 2 * kernel.latents
    const rows = Array.from({ length: 17 + 4 * needed }, () =>
      derivatives(kernel, z, drawCondition(kernel, own))
    ).filter(isFiniteRow)
    if (rows.length < 2) return decideRank([new Array<number>(needed).fill(0)], needed)
    const [base, ...others] = rows
    return decideRank(
      others.map((row) => row.map((x, c) => x - base[c])),
      needed
    )
  }).reduce(worse)
