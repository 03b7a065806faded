/** The log density of a kernel, and single draws from it. */
import type { Generator } from '@mechid/random'
import type { Elementary } from './elementary.js'
import type { Kernel } from './kernel.js'
import { number } from './readings/number.js'

/**
 * log p(z | past, a) = Σ_i [log p_i((z_i − location_i) / scale_i) − log scale_i], in any reading: its gradients
 * (scores) come from the dual reading.
 */
export const logDensity = <A>(
  F: Elementary<A>,
  kernel: Kernel,
  z: ReadonlyArray<A>,
  past: ReadonlyArray<A>,
  a: ReadonlyArray<A>
): A => {
  const location = kernel.location(F, past, a)
  const scale = kernel.scale(F, past, a)
  let sum = F.zero
  for (let i = 0; i < kernel.latents; i++) {
    const u = F.div(F.sub(z[i], location[i]), scale[i])
    sum = F.add(sum, F.sub(kernel.noise[i].logDensity(F, u), F.log(scale[i])))
  }
  return sum
}

/** One draw of the next latents. */
export const sampleOnce = (
  kernel: Kernel,
  past: ReadonlyArray<number>,
  a: ReadonlyArray<number>,
  random: Generator
): number[] => {
  const location = kernel.location(number, past, a)
  const scale = kernel.scale(number, past, a)
  return location.map((mean, i) => mean + scale[i] * kernel.noise[i].sample(random))
}
