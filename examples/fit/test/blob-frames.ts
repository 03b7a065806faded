/** Recordings of frames whose latents are known: two blobs on grey pixels, moved by actions. */
import { type Generator, generator } from '@mechid/random'
import type { CausalGraph } from '@mechid/values'

export const SIDE = 32
const PIXELS = SIDE * SIDE
/** Two coordinates of each of two blobs. */
export const LATENTS = 4
/** Pixels that a latent of 1 moves a blob by. */
const REACH = 7
/** Radius in pixels and brightness of each blob. */
const BLOBS = [
  { radius: 4, brightness: 0.5 },
  { radius: 7, brightness: 0.35 }
] as const
const PIXEL_NOISE = 0.03

export interface BlobFrames {
  /** Grey pixels, [n, 32, 32] or [n, t, 32, 32]. */
  readonly x: { readonly data: Uint8Array; readonly shape: readonly number[] }
  readonly a: { readonly data: Float32Array; readonly shape: readonly number[] }
  readonly z: { readonly data: Float32Array; readonly shape: readonly number[] }
  readonly graph: CausalGraph
}

/** A sum over both axes is a product of two profiles. */
const draw = (z: Float32Array, at: number, noise: Float64Array, out: Uint8Array, to: number): void => {
  const profiles = BLOBS.map(({ radius, brightness }, blob) =>
    [0, 1].map((axis) => {
      const centre = SIDE / 2 + REACH * z[at + 2 * blob + axis]
      const height = axis === 0 ? brightness : 1
      return Float64Array.from(
        { length: SIDE },
        (_, k) => height * Math.exp(-0.5 * ((k + 0.5 - centre) / radius) ** 2)
      )
    })
  )
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      const p = i * SIDE + j
      let light = 0.1 + PIXEL_NOISE * noise[p]
      for (const [across, down] of profiles) light += across[j] * down[i]
      out[to + p] = Math.max(0, Math.min(255, Math.round(255 * light)))
    }
  }
}

const drawn = (z: Float32Array, random: Generator): Uint8Array => {
  const frames = z.length / LATENTS
  const out = new Uint8Array(frames * PIXELS)
  const noise = new Float64Array(PIXELS)
  for (let f = 0; f < frames; f++) {
    random.fillNormal(noise)
    draw(z, f * LATENTS, noise, out, f * PIXELS)
  }
  return out
}

const uniform = (random: Generator, count: number): Float32Array => {
  const out = new Float32Array(count)
  random.fillUniform(out)
  return out.map((u) => 4 * u - 2)
}

const normals = (random: Generator, count: number): Float64Array => {
  const out = new Float64Array(count)
  random.fillNormal(out)
  return out
}

const NOISE = 0.05

/** Each coordinate follows two of four actions, each action moves two coordinates. */
export const staticBlobs = (rows: number, seed: number): BlobFrames => {
  const random = generator(seed)
  const a = uniform(random.split('actions'), rows * LATENTS)
  const noise = normals(random.split('latents'), rows * LATENTS)
  const z = new Float32Array(rows * LATENTS)
  for (let at = 0; at < z.length; at += LATENTS) {
    for (let i = 0; i < LATENTS; i++) {
      const [first, second] = [a[at + i], a[at + ((i + 1) % LATENTS)]]
      z[at + i] = 0.6 * Math.sin(1.2 * first) + 0.5 * Math.cos(1.5 * second) - 0.1 + NOISE * noise[at + i]
    }
  }
  const actions = Array.from({ length: LATENTS }, (_, i) =>
    Array.from({ length: LATENTS }, (_action, j) => (j === i || j === (i + 1) % LATENTS ? 1 : 0))
  )
  return {
    x: { data: drawn(z, random.split('pixels')), shape: [rows, SIDE, SIDE] },
    a: { data: a, shape: [rows, LATENTS] },
    z: { data: z, shape: [rows, LATENTS] },
    graph: { actions }
  }
}

/** Each coordinate decays, is pushed by an action of its own, and follows the one before it. */
export const movingBlobs = (sequences: number, frames: number, seed: number): BlobFrames => {
  const random = generator(seed)
  const lines = sequences * frames
  const a = uniform(random.split('actions'), lines * LATENTS)
  const noise = normals(random.split('latents'), lines * LATENTS)
  const z = new Float32Array(lines * LATENTS)
  for (let line = 0; line < lines; line++) {
    const at = line * LATENTS
    for (let i = 0; i < LATENTS; i++) {
      if (line % frames === 0) {
        z[at + i] = 0.4 * noise[at + i]
        continue
      }
      const past = at - LATENTS
      const before = z[past + ((i + LATENTS - 1) % LATENTS)]
      z[at + i] =
        0.5 * z[past + i] +
        0.3 * Math.sin(2.5 * before) +
        0.4 * Math.sin(a[past + i]) +
        2 * NOISE * noise[at + i]
    }
  }
  const chain = Array.from({ length: LATENTS }, (_, i) =>
    Array.from({ length: LATENTS }, (_past, j) => (j === i || (j + 1) % LATENTS === i ? 1 : 0))
  )
  const own = chain.map((_, i) => chain.map((_row, j) => (i === j ? 1 : 0)))
  const shape = [sequences, frames]
  return {
    x: { data: drawn(z, random.split('pixels')), shape: [...shape, SIDE, SIDE, 1] },
    a: { data: a, shape: [...shape, LATENTS] },
    z: { data: z, shape: [...shape, LATENTS] },
    graph: { latents: chain, actions: own }
  }
}
