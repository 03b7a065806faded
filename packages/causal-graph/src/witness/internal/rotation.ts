/** For mutually entangled latents with Gaussian noise: rotations after whitening. */
import { type Kernel, number } from '@mechid/mechanisms'
import { type Dense, identityMatrix, inverse, multiply, zeros } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { drawCondition } from '../../influence/conditions.js'
import { isGaussian } from '../../influence/scores.js'
import { linearTransformation } from '../../maps/transformation.js'
import { applyToPast } from './factorization.js'

/** The standard deviations of a block up to one factor, if these ratios never change; else undefined. */
export const fixedRatios = (
  kernel: Kernel,
  block: ReadonlyArray<number>,
  random: Generator
): number[] | undefined => {
  if (!block.every((i) => isGaussian(kernel.noise[i]))) return undefined
  // A noise of other variance than 1, though Gaussian, stretches the scale.
  const spreads = block.map((i) => Math.sqrt(kernel.noise[i].variance))
  const ratios = Array.from({ length: 12 }, () => {
    const { past, a } = drawCondition(kernel, random)
    const scale = kernel.scale(number, past, a)
    return block.map((i, b) => (scale[i] * spreads[b]) / (scale[block[0]] * spreads[0]))
  })
  const [first, ...others] = ratios
  return others.every((ratio) => ratio.every((x, b) => Math.abs(x - first[b]) <= 1e-9 * Math.abs(first[b])))
    ? first
    : undefined
}

const ANGLE = 0.6

/** D R D⁻¹ on the block, the identity elsewhere: R turns each neighbouring pair of coordinates by 0.6 in turn. */
export const whitenedRotation = (
  latents: number,
  block: ReadonlyArray<number>,
  deviations: ReadonlyArray<number>
): Dense => {
  let turned = identityMatrix(latents)
  for (let b = 0; b + 1 < block.length; b++) {
    const plane = identityMatrix(latents)
    const [i, j] = [block[b], block[b + 1]]
    plane.data[i * latents + i] = plane.data[j * latents + j] = Math.cos(ANGLE)
    plane.data[i * latents + j] = -Math.sin(ANGLE)
    plane.data[j * latents + i] = Math.sin(ANGLE)
    turned = multiply(turned, plane)
  }
  const [stretch, shrink] = [zeros(latents, latents), zeros(latents, latents)]
  for (let i = 0; i < latents; i++) stretch.data[i * latents + i] = shrink.data[i * latents + i] = 1
  block.forEach((i, b) => {
    stretch.data[i * latents + i] = deviations[b]
    shrink.data[i * latents + i] = 1 / deviations[b]
  })
  return multiply(multiply(stretch, turned), shrink)
}

/** The inverse of a whitened rotation, which always has one. */
export const undone = (M: Dense): Dense => orThrow(inverse('whitenedRotation', M, 0))

/**
 * The kernel of ẑ = v⁻¹(z) for linear v = M: location `M⁻¹ μ(M past, a)`, the same scales and noises. It is the law
 * of ẑ where M is a whitened rotation within a block of Gaussian latents of fixed ratios of scale.
 */
export const rotatedKernel = (kernel: Kernel, M: Dense): Kernel => {
  const forward = linearTransformation(M)
  const back = linearTransformation(undone(M))
  return {
    ...kernel,
    location: (F, past, a) => back(F, kernel.location(F, applyToPast(F, forward, kernel.latents, past), a)),
    scale: (F, past, a) => kernel.scale(F, applyToPast(F, forward, kernel.latents, past), a)
  }
}
