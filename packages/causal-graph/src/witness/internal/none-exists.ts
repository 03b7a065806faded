/** Reasons why there is no other model. */
import { type Kernel, number } from '@mechid/mechanisms'
import { variability } from '../../influence/variability.js'
import { isIdentity } from '../../matrices/binary-matrix.js'
import { blocksOf } from '../../pattern/blocks.js'
import { names, type Search } from './search.js'

/** Whether every noise has a density that is positive everywhere. */
const hasFullSupport = (kernel: Kernel): boolean =>
  kernel.noise.every((noise) =>
    [-30, -3, -1, 0, 1, 3, 30].every((u) => Number.isFinite(noise.logDensity(number, u)))
  )

/** With more latents the singular values take too long. */
const MOST_LATENTS = 60

const POINTS = 3

/** By factorization alone, whatever the graph. */
const byVariability = ({ kernel, random }: Search): string | undefined => {
  if (kernel.latents > MOST_LATENTS || !hasFullSupport(kernel)) return undefined
  const { rank, needed, decided } = variability(kernel, POINTS, random.split('variability'))
  if (!decided || rank < needed) return undefined
  return (
    `None exists: with past and actions the first and second derivatives of the log density by each latent vary in all ` +
    `${needed} directions (rank ${rank} at ${POINTS} points), so that factorization alone leaves nothing but ` +
    'permutations and element-wise maps (Hyvärinen, Sasaki and Turner, 2019, Theorem 1).'
  )
}

/** The reason why there is no other model, where theory gives one. */
export const noneExists = (search: Search): string | undefined => {
  const { kernel, bound, influence, latents } = search
  const enough =
    influence === 'sufficient' ? 'influence is sufficient' : 'what influence is sufficient is enough'
  const all = latents.length === kernel.latents
  if (latents.length < 2) return 'None exists: one latent alone cannot be mixed.'
  if (isIdentity(bound))
    return `None exists: the pattern is the identity${all ? '' : ` on ${names(latents)}`} and ${enough}, so that every other model is a permutation with element-wise maps.`
  if (blocksOf(bound).length === kernel.latents && hasFullSupport(kernel))
    return (
      `None exists: ${enough}, so v stays within the pattern, where ${all ? 'every latent' : `each of ${names(latents)}`} is alone in its block. ` +
      'Its remaining entries are one-way: v_i(·, u) would be a monotone map carrying the law of learned latent i to that ' +
      'of z_i for every u (densities are positive everywhere), so it cannot depend on u.'
    )
  return byVariability(search)
}
