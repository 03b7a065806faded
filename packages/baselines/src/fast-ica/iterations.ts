/** The two ways in which FastICA keeps directions apart: all at once, or one after the other. */
import { type Dense, polarFactor } from '@mechid/numerics'
import type { ContrastPass } from './contrast.js'
import { fixedPointStep } from './fixed-point.js'

export interface Iterated {
  /** Orthonormal directions as rows, [d, d]. */
  readonly rotation: Dense
  /** Steps taken; of deflation, the most that a direction took. */
  readonly iterations: number
  readonly converged: boolean
}

export interface Limits {
  readonly tolerance: number
  readonly iterations: number
}

const dot = (a: Float64Array, b: Float64Array, from: number, d: number): number => {
  let sum = 0
  for (let j = 0; j < d; j++) sum += a[from + j] * b[from + j]
  return sum
}

/** Symmetric orthogonalization, (W Wᵀ)^−½ W after each step (Hyvärinen 1999, by the polar factor). */
export const symmetric = (x: Dense, start: Dense, contrast: ContrastPass, limits: Limits): Iterated => {
  const d = x.shape[0]
  let rotation = polarFactor(start)
  for (let step = 1; step <= limits.iterations; step++) {
    const next = polarFactor({ data: fixedPointStep(rotation.data, d, x, contrast), shape: [d, d] })
    let change = 0
    for (let i = 0; i < d; i++)
      change = Math.max(change, Math.abs(Math.abs(dot(next.data, rotation.data, i * d, d)) - 1))
    rotation = next
    if (change < limits.tolerance) return { rotation, iterations: step, converged: true }
  }
  return { rotation, iterations: limits.iterations, converged: false }
}

/** Takes the first `i` rows of `rotation` out of `w`, and gives it length 1. */
const deflate = (w: Float64Array, rotation: Float64Array, i: number, d: number): void => {
  for (let k = 0; k < i; k++) {
    let along = 0
    for (let j = 0; j < d; j++) along += w[j] * rotation[k * d + j]
    for (let j = 0; j < d; j++) w[j] -= along * rotation[k * d + j]
  }
  const norm = Math.sqrt(dot(w, w, 0, d))
  for (let j = 0; j < d; j++) w[j] /= norm
}

/** One direction after the other, each orthogonal to those before (Hyvärinen 1999). */
export const deflation = (x: Dense, start: Dense, contrast: ContrastPass, limits: Limits): Iterated => {
  const d = x.shape[0]
  const rotation = new Float64Array(d * d)
  let [most, converged] = [0, true]
  for (let i = 0; i < d; i++) {
    let w: Float64Array = start.data.slice(i * d, (i + 1) * d)
    deflate(w, rotation, i, d)
    let step = 0
    for (let change = Number.POSITIVE_INFINITY; change >= limits.tolerance; step++) {
      if (step === limits.iterations) {
        converged = false
        break
      }
      const next = fixedPointStep(w, 1, x, contrast)
      deflate(next, rotation, i, d)
      change = Math.abs(Math.abs(dot(next, w, 0, d)) - 1)
      w = next
    }
    most = Math.max(most, step)
    rotation.set(w, i * d)
  }
  return { rotation: { data: rotation, shape: [d, d] }, iterations: most, converged }
}
