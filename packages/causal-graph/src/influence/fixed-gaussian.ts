/** Gaussian laws of fixed variance whose means span all directions: there the learned map is affine. */
import { causalGraph, type Kernel, number } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import { causesOf } from '../matrices/edge-table.js'
import { drawCondition, isFiniteRow } from './conditions.js'
import { decideRank } from './rank.js'
import { isGaussian } from './scores.js'

/** Whether no scale depends on anything: the kernel's graph through its scales alone has no edge. */
export const hasFixedScale = (kernel: Kernel): boolean => {
  const graph = causalGraph({ ...kernel, location: (F) => kernel.noise.map(() => F.zero) })
  return !kernel.noise.some((_, i) => causesOf(graph, i).includes(1))
}

/** Whether `μ(z_lag) − μ(z⁰)` spans all of R^d, so that v is affine. */
const locationsSpan = (kernel: Kernel, random: Generator): boolean => {
  const draws = Array.from({ length: 4 * kernel.latents + 8 }, () => drawCondition(kernel, random))
  const means = draws.map(({ past, a }) => kernel.location(number, past, a)).filter(isFiniteRow)
  if (means.length < 2) return false
  const { rank, decided } = decideRank(
    means.slice(1).map((mean) => [...mean].map((x, i) => x - means[0][i])),
    kernel.latents
  )
  return decided && rank === kernel.latents
}

/** Why the learned map need not be affine (route (ii) of [MS] does not apply); undefined where it is. */
export const obstacleToAffine = (kernel: Kernel, random: Generator): string | undefined => {
  const other = kernel.noise.findIndex((noise) => !isGaussian(noise))
  if (other >= 0) return `the noise of z${other} (${kernel.noise[other].name}) is not Gaussian`
  if (!hasFixedScale(kernel)) return 'a variance depends on the past or on actions'
  if (!locationsSpan(kernel, random)) return 'the means do not span all directions'
  return undefined
}
