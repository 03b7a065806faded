/** Points drawn from a region. */
import { generator } from '@mechid/random'
import type { Region } from './dictionary.js'

/** Points of a region, apart from those that were solved at: to read off what fields depend on. */
export const pointsWithin = (
  { latents, centre, halfWidth }: Region,
  seed = 1,
  rows = 64
): { readonly points: Float64Array; readonly halfWidth: Float64Array } => {
  const random = generator(seed).split('dependence')
  const points = Float64Array.from(
    { length: rows * latents },
    (_, e) => centre[e % latents] + halfWidth[e % latents] * (2 * random.uniform() - 1)
  )
  return { points, halfWidth }
}
