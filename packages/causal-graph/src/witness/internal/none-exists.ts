/** Reasons why there is no other model. */
import { type Kernel, type Noise, number } from '@mechid/mechanisms'
import { variability } from '../../influence/variability.js'
import { isIdentity } from '../../matrices/binary-matrix.js'
import { blocksOf } from '../../pattern/blocks.js'
import type { NoWitness } from '../answer.js'
import { linearPieces } from './noise-shape.js'
import { names, type Search } from './search.js'

/** Whether every noise has a density that is positive everywhere. */
const hasFullSupport = (kernel: Kernel): boolean =>
  kernel.noise.every((noise) =>
    [-30, -3, -1, 0, 1, 3, 30].every((u) => Number.isFinite(noise.logDensity(number, u)))
  )

/** With more latents the singular values take too long. */
const MOST_LATENTS = 60

const POINTS = 3

/** Why factorization alone is enough, whatever the graph; undefined where it is not shown to be. */
const byVariability = ({ kernel, random }: Search): string | undefined => {
  if (kernel.latents > MOST_LATENTS || !hasFullSupport(kernel)) return undefined
  const { rank, needed, decided } = variability(kernel, POINTS, random.split('variability'))
  if (!decided || rank < needed) return undefined
  return (
    `with past and actions the first and second derivatives of the log density by each latent vary in all ` +
    `${needed} directions (rank ${rank} at ${POINTS} points), so that factorization alone leaves nothing but ` +
    'permutations and element-wise maps (Hyvärinen, Sasaki and Turner, 2019, Theorem 1).'
  )
}

/** Why what influence is sufficient excludes other models; undefined where it does not. */
const byInfluence = ({ kernel, bound, influence, latents }: Search): string | undefined => {
  const enough =
    influence === 'sufficient' ? 'influence is sufficient' : 'what influence is sufficient is enough'
  const all = latents.length === kernel.latents
  if (isIdentity(bound))
    return `the pattern is the identity${all ? '' : ` on ${names(latents)}`} and ${enough}, so that every other model is a permutation with element-wise maps.`
  if (blocksOf(bound).length === kernel.latents && hasFullSupport(kernel))
    return (
      `${enough}, so v stays within the pattern, where ${all ? 'every latent' : `each of ${names(latents)}`} is alone in its block. ` +
      'Its remaining entries are one-way: v_i(·, u) would be a monotone map carrying the law of learned latent i to that ' +
      'of z_i for every u (densities are positive everywhere), so it cannot depend on u.'
    )
  return undefined
}

/** Where ranks, which were found at a few points, say least. */
const caution = ({ kernel, latents }: Search): string => {
  const known = new Map<Noise, boolean>()
  const straight = latents.filter((i) => {
    const noise = kernel.noise[i]
    const found = known.get(noise) ?? linearPieces(noise).length > 0
    known.set(noise, found)
    return found
  })
  return straight.length === 0
    ? ''
    : ` In particular, the log density of ${names(straight)} is linear in places, where its score does not show the mean.`
}

/** The answer that there is no other model, where theory gives a reason. */
export const noneExists = (search: Search): NoWitness | undefined => {
  if (search.latents.length < 2)
    return {
      _tag: 'None',
      evidence: 'rigorous',
      explanation: 'None exists: one latent alone cannot be mixed.'
    }
  const reason = byInfluence(search) ?? byVariability(search)
  if (reason === undefined) return undefined
  return {
    _tag: 'None',
    evidence: 'numerical',
    explanation:
      `None exists, by numerical evidence: ${reason} Ranks were found at random points and in double precision, so this ` +
      `is no proof.${caution(search)}`
  }
}
