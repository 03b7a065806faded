/** Witnesses that rotate mutually entangled Gaussian latents. */
import type { Kernel } from '@mechid/mechanisms'
import { toRows } from '@mechid/numerics'
import { bitsOfKernel, equalBits } from '../../graph/graph-bits.js'
import { linearTransformation } from '../../maps/transformation.js'
import { rowCount } from '../../matrices/binary-matrix.js'
import type { WitnessAnswer } from '../answer.js'
import { findCounterexample } from './counterexample.js'
import { isParabola } from './noise-shape.js'
import { fixedRatios, rotatedKernel, undone, whitenedRotation } from './rotation.js'
import { densityGap, drawPlaces, names, RESIDUAL_TOLERANCE, residualOf, type Search } from './search.js'

/** Whether no draw is needed to see that the noises are Gaussian and their ratios fixed: no scale depends on anything. */
const isSure = (kernel: Kernel, block: ReadonlyArray<number>): boolean => {
  const byScale = bitsOfKernel({ ...kernel, location: (F) => kernel.noise.map(() => F.zero) })
  return block.every(
    (i) =>
      isParabola(kernel.noise[i]) &&
      [byScale.latents, byScale.actions].every((m) => m === undefined || rowCount(m, i) === 0)
  )
}

/** A rotation within one block. Rotations have determinant 1, whitened or not. */
export const rotationWitness = (search: Search, block: number[]): WitnessAnswer | undefined => {
  const { kernel, graph, places, random } = search
  const ratios = fixedRatios(kernel, block, random.split('ratios'))
  if (ratios === undefined) return undefined
  const M = whitenedRotation(kernel.latents, block, ratios)
  const other = rotatedKernel(kernel, M)
  const apply = linearTransformation(M)
  const invert = linearTransformation(undone(M))
  const fresh = drawPlaces(other, places, random.split('places'))
  const map = { apply, logDet: <A>(F: { readonly zero: A }) => F.zero }
  const doubt = findCounterexample(kernel, graph, other, map, block, [], random.split('doubt'))
  const residual = Math.max(
    residualOf(search, map, block, fresh),
    densityGap(kernel, other, map, fresh),
    doubt.gap
  )
  if (!(residual <= RESIDUAL_TOLERANCE) || !equalBits(bitsOfKernel(other), graph)) return undefined
  return {
    _tag: 'Found',
    kind: 'rotation',
    latents: block,
    apply,
    invert,
    matrix: toRows(M),
    kernel: other,
    evidence: isSure(kernel, block) ? 'rigorous' : 'numerical',
    residual,
    places,
    explanation:
      `Another model: ${names(block)}, whitened and rotated. Their noises are Gaussian with fixed ratios, so the rotated ` +
      `ones are independent again; all that bears on one of them bears on the others, so the graph stays. Checked at ` +
      `${places} places, and by a search for a counterexample among ${doubt.places} more: the largest forbidden mixed ` +
      `derivative or difference is ${residual.toExponential(1)}, relative.`
  }
}
