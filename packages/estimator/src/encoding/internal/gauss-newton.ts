/** Gauss–Newton steps on |x − decoder(z)|², for many observations at once. */
import { factorInPlace, solveInPlace } from '@mechid/numerics'
import type { Reals } from '@mechid/values'
import type { DecoderLinearization, Linearization } from './decoder-jacobian.js'
import { normalMatrix, squaredErrors } from './normal-matrix.js'

/** Steps taken. */
const ITERATIONS = 3

/** Observations: rows of `x` from number `from` on. */
export interface Observations {
  readonly x: Reals
  readonly from: number
  readonly features: number
}

/** Steps [n, d], and where they lead. */
interface Proposal {
  readonly steps: Float32Array
  readonly trial: Float32Array
}

/** Jᵀ(x − decoder(z)) of row `r`, into `out` [d]. */
const descent = (
  { value, jacobian }: Linearization,
  { x, from, features }: Observations,
  r: number,
  out: Float64Array
): void => {
  const d = out.length
  for (let i = 0; i < d; i++) {
    out[i] = 0
    for (let f = 0; f < features; f++) {
      const miss = x[from + r * features + f] - value[r * features + f]
      out[i] += jacobian[(r * d + i) * features + f] * miss
    }
  }
}

/** A Gauss–Newton step of each row from `z` [n, d]; none where the normal equations are singular. */
const proposal = (here: Linearization, observations: Observations, z: Float32Array, d: number): Proposal => {
  const [steps, trial] = [new Float32Array(z.length), z.slice()]
  const normal = new Float64Array(d * d)
  const step = new Float64Array(d)
  for (let r = 0; r < z.length / d; r++) {
    normalMatrix(here.jacobian, r, d, observations.features, normal)
    descent(here, observations, r, step)
    if (factorInPlace(normal, d)) solveInPlace(normal, d, step)
    else step.fill(0)
    for (let i = 0; i < d; i++) {
      steps[r * d + i] = step[i]
      trial[r * d + i] = z[r * d + i] + step[i]
    }
  }
  return { steps, trial }
}

/** The rows of `trial` where they are nearer than at `z`; half the step where not, and `z` where that does not help. */
const accepted = async (
  decoder: DecoderLinearization,
  { x, from, features }: Observations,
  z: Float32Array,
  errors: Float64Array,
  { steps, trial }: Proposal
): Promise<Float32Array> => {
  const d = z.length / errors.length
  for (const share of [0.5, 0]) {
    const there = await decoder.at(trial)
    const next = squaredErrors(x, from, there.value, features)
    let worse = 0
    for (let r = 0; r < errors.length; r++) {
      if (next[r] < errors[r]) continue
      worse++
      for (let i = 0; i < d; i++) trial[r * d + i] = z[r * d + i] + share * steps[r * d + i]
    }
    if (worse === 0) break
  }
  return trial
}

/** Latents [n, d] after {@link ITERATIONS} steps from `start`. */
export const sharpened = async (
  decoder: DecoderLinearization,
  observations: Observations,
  start: Float32Array,
  d: number
): Promise<Float32Array> => {
  const { x, from, features } = observations
  let z = start
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const here = await decoder.at(z)
    const errors = squaredErrors(x, from, here.value, features)
    z = await accepted(decoder, observations, z, errors, proposal(here, observations, z, d))
  }
  return z
}
