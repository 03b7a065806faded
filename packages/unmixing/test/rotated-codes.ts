/** Codes as an encoder would give them: true latents of a problem, randomly mixed, plus noise. */
import { type Kernel, problem } from '@mechid/mechanisms'
import { mcc } from '@mechid/metrics'
import { randomRotation } from '@mechid/numerics'
import { type Generator, generator } from '@mechid/random'
import { linearMixing, simulate } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import type { Codes, Unmixed } from '../src/index.js'

export interface RotatedCodes extends Codes {
  /** True latents, of the first frames where there are several: [n, d]. */
  readonly z: { readonly data: Float32Array; readonly shape: readonly [number, number] }
  readonly graph: { readonly latents?: number[][]; readonly actions?: number[][] }
}

/** A random invertible matrix [d, d] of condition three, without any direction of its own: rotations around scales. */
const mixer = (d: number, random: Generator): Float64Array => {
  const rotation = (): Float64Array => randomRotation(d, () => random.normal()).data
  const [first, last] = [rotation(), rotation()]
  const out = new Float64Array(d * d)
  for (let k = 0; k < d; k++) {
    const scale = 0.7 + (1.4 * k) / Math.max(1, d - 1)
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) out[i * d + j] += first[k * d + i] * scale * last[k * d + j]
    }
  }
  return out
}

export const rotatedCodes = (
  kernel: Kernel,
  {
    rows,
    frames = 2,
    noise = 0.02,
    seed = 1
  }: { rows: number; frames?: number; noise?: number; seed?: number }
): RotatedCodes => {
  const d = kernel.latents
  const random = generator(seed).split('rotated')
  const mixing = orThrow(linearMixing({ latents: d, features: d, random: random.split('mixing') }))
  const { data, graph } = orThrow(simulate({ kernel, mixing, rows, frames, seed }))
  const z = data.z!
  const m = mixer(d, random)
  const codes = new Float32Array(z.data.length)
  for (let at = 0; at < codes.length; at += d) {
    for (let i = 0; i < d; i++) {
      let sum = noise * random.normal()
      for (let j = 0; j < d; j++) sum += m[i * d + j] * z.data[at + j]
      codes[at + i] = sum
    }
  }
  const first = new Float32Array(rows * d)
  const size = z.data.length / rows
  for (let r = 0; r < rows; r++) first.set(z.data.subarray(r * size, r * size + d), r * d)
  return {
    codes: { data: codes, shape: z.shape },
    ...(kernel.actions > 0 ? { actions: data.a! } : {}),
    z: { data: first, shape: [rows, d] },
    graph: {
      ...(kernel.lags > 0 ? { latents: graph.latents as number[][] } : {}),
      ...(kernel.actions > 0 ? { actions: graph.actions as number[][] } : {})
    }
  }
}

/** Codes whose every coordinate leans on products of two others, by a share `bend` of tanh(`rate` times the product). */
export const bentCodes = (given: RotatedCodes, bend: number, rate = 0.7): RotatedCodes => {
  const d = given.z.shape[1]
  const data = Float32Array.from(given.codes.data)
  for (let at = 0; at < data.length; at += d) {
    const h = given.codes.data.subarray(at, at + d)
    for (let i = 0; i < d; i++) data[at + i] += bend * Math.tanh(rate * h[(i + 1) % d] * h[(i + 2) % d])
  }
  return { ...given, codes: { data, shape: given.codes.shape } }
}

export const problemKernel = (name: string, latents: number, edgeProbability = 0.5): Kernel =>
  orThrow(problem(name, { latents, edgeProbability }))

/** MCC of what was found, and the true graph's Hamming distance to the found one under its assignment. */
export const scored = (
  { codes, z, graph }: RotatedCodes,
  found: Unmixed
): { readonly mcc: number; readonly shd: number } => {
  const [n, d] = z.shape
  const size = codes.data.length / n
  const s = new Float64Array(n * d)
  const { matrix, centre } = found.map
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) s[r * d + i] += matrix[i * d + j] * (codes.data[r * size + j] - centre[j])
    }
  }
  const { value, assignment } = orThrow(mcc(z, { data: s, shape: [n, d] }))
  let shd = 0
  for (let i = 0; i < d; i++) {
    graph.latents?.[i].forEach((edge, j) => {
      shd += Math.abs(edge - found.graph.latents![assignment[i]][assignment[j]])
    })
    graph.actions?.[i].forEach((edge, l) => {
      shd += Math.abs(edge - found.graph.actions![assignment[i]][l])
    })
  }
  return { mcc: value, shd }
}
