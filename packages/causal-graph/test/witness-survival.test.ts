/** Whether what `findWitness` returns survives a dense search for places where it fails. */
import {
  type Elementary,
  gaussian,
  jacobian,
  type Kernel,
  kernel,
  laplace,
  logDensity,
  logistic,
  type Noise,
  number,
  uniform
} from '@mechid/mechanisms'
import { type Generator, generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type FoundWitness, findWitness } from '../src/index.js'

/** A Gaussian centre with linear tails beyond `bend` (P. J. Huber, 1964); its constant does not matter here. */
const huber = (bend: number): Noise => ({
  name: `huber ${bend}`,
  sample: (random) => gaussian.sample(random),
  logDensity: (F, u) => {
    const size = F.abs(u)
    const tail = F.sub(F.lit(0.5 * bend * bend), F.mul(F.lit(bend), size))
    return F.where(F.sub(size, F.lit(bend)), tail, F.mul(F.lit(-0.5), F.mul(u, u)))
  },
  variance: 1
})

const NOISES = [laplace, uniform, logistic, gaussian, huber(1), huber(2.5), huber(5)]

/** Amplitude, frequency and phase of each sine. */
type Waves = ReadonlyArray<readonly [number, number, number]>

const drawWaves = (random: Generator, count: number): Waves =>
  Array.from({ length: count }, () => [
    0.3 + 1.2 * random.uniform(),
    0.3 + 5 * random.uniform(),
    6.3 * random.uniform()
  ])

const sines = <A>(F: Elementary<A>, waves: Waves, inputs: ReadonlyArray<A>): A =>
  waves
    .map(([size, frequency, phase], w) =>
      F.mul(F.lit(size), F.sin(F.add(F.mul(F.lit(frequency), inputs[w % inputs.length]), F.lit(phase))))
    )
    .reduce((x, y) => F.add(x, y))

/** Two or three latents whose means are sums of 1 to 8 sines of one or two actions, or of the past. */
const drawKernel = (random: Generator): Kernel => {
  const latents = 2 + random.integer(2)
  const inTime = random.uniform() < 0.3
  const actions = inTime ? 0 : 1 + random.integer(2)
  const count = 1 + random.integer(8)
  const waves = Array.from({ length: latents }, () => drawWaves(random, count))
  const size = 0.2 + 1.8 * random.uniform()
  const varies = random.uniform() < 0.2
  const noise = NOISES[random.integer(NOISES.length)]
  return orThrow(
    kernel({
      latents,
      actions,
      lags: inTime ? 1 : 0,
      noise,
      location: (F, past, a) => waves.map((own) => sines(F, own, inTime ? past : a)),
      scale: (F, past, a) =>
        waves.map(() =>
          F.mul(F.lit(size), varies ? F.exp(F.mul(F.lit(0.2), F.sin((inTime ? past : a)[0]))) : F.one)
        )
    })
  )
}

const logDet = ({ apply }: FoundWitness, z: ReadonlyArray<number>): number => {
  const rows = jacobian<number>(number, (F, x) => apply(F, x), z).map((row) => [...row])
  let sum = 0
  for (let c = 0; c < rows.length; c++) {
    const p = rows.reduce(
      (best, row, r) => (r >= c && Math.abs(row[c]) > Math.abs(rows[best][c]) ? r : best),
      c
    )
    ;[rows[c], rows[p]] = [rows[p], rows[c]]
    sum += Math.log(Math.abs(rows[c][c]))
    for (let r = c + 1; r < rows.length; r++) {
      const factor = rows[r][c] / rows[c][c]
      rows[r] = rows[r].map((x, j) => x - factor * rows[c][j])
    }
  }
  return sum
}

const spread = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, q) => low + ((high - low) * q) / (count - 1))

interface Condition {
  readonly past: number[]
  readonly a: number[]
}

/** All actions on a grid; pasts on a wide grid of the first two coordinates. */
const denseConditions = (k: Kernel): Condition[] => {
  if (k.lags > 0)
    return spread(-9, 9, 14).flatMap((x) =>
      spread(-9, 9, 14).map((y) => ({ past: [x, y, x - y].slice(0, k.latents), a: [] }))
    )
  const one = spread(-2, 2, k.actions === 1 ? 1001 : 32)
  return k.actions === 1
    ? one.map((x) => ({ past: [], a: [x] }))
    : one.flatMap((x) => one.map((y) => ({ past: [], a: [x, y] })))
}

/** The largest difference between the witness's density and the true one where v leads, at these conditions. */
const gapAt = (
  k: Kernel,
  witness: FoundWitness,
  conditions: ReadonlyArray<Condition>,
  random: Generator
): number => {
  const { kernel: other, box = [], apply } = witness
  if (other === undefined) throw new Error('no kernel')
  let worst = 0
  for (let q = 0; q < 4; q++) {
    const z = Array.from({ length: k.latents }, (_, i) => {
      const side = box.find(({ latent }) => latent === i)
      return side === undefined
        ? 2 * random.normal()
        : side.low + (side.high - side.low) * (0.2 + 0.6 * random.uniform())
    })
    const [to, det] = [apply(number, z), logDet(witness, z)]
    for (const { past, a } of conditions) {
      const own = logDensity(number, other, z, past, a)
      const truth = logDensity(number, k, to, past.length === 0 ? [] : apply(number, past), a) + det
      if (own !== truth) worst = Math.max(worst, Math.abs(own - truth) / (1 + Math.abs(truth)))
    }
  }
  return worst
}

const densestGap = (k: Kernel, witness: FoundWitness, random: Generator): number =>
  gapAt(k, witness, denseConditions(k), random)

const SEEDS = 24

it('every witness among random sums of sines, with several noises, survives', () => {
  const found: Record<string, number> = {}
  for (let seed = 0; seed < SEEDS; seed++) {
    const random = generator(seed).split('survival')
    const k = drawKernel(random)
    const answer = orThrow(findWitness(k, { seed }))
    found[answer._tag] = (found[answer._tag] ?? 0) + 1
    if (answer._tag === 'None') expect(answer).toMatchObject({ evidence: 'numerical' })
    if (answer._tag !== 'Found' || answer.kernel === undefined) continue
    found[answer.kind] = (found[answer.kind] ?? 0) + 1
    const gap = densestGap(k, answer, random.split('places'))
    expect({ seed, kind: answer.kind, gap: gap < 1e-6 ? 0 : gap }).toEqual({
      seed,
      kind: answer.kind,
      gap: 0
    })
  }
  expect(found.twist).toBeGreaterThan(SEEDS / 8)
}, 120_000)

describe('means that draws hardly ever see at their ends', () => {
  /** One sine of each action, so that the ends are sums of the ends of single sines. */
  const drawSums = (random: Generator, count: number, noise: Noise) => {
    const waves = [drawWaves(random, count), drawWaves(random, count)]
    const k = orThrow(
      kernel({
        latents: 2,
        actions: count,
        noise,
        location: (F, _past, a) => waves.map((own) => sines(F, own, a)),
        scale: noise === uniform ? 2 * count : 0.5
      })
    )
    const values = spread(-2, 2, 4001)
    const extremes = waves.flatMap((own) =>
      [1, -1].map((sign) => {
        const a = own.map(([, frequency, phase]) => {
          const height = (x: number): number => sign * Math.sin(frequency * x + phase)
          return values.reduce((best, x) => (height(x) > height(best) ? x : best), 0)
        })
        return { past: [], a }
      })
    )
    return { k, extremes }
  }

  it.each([
    [3, laplace],
    [5, laplace],
    [8, laplace],
    [3, huber(1)],
    [4, uniform]
  ])('the box of a twist holds at these, too: %i actions', (count, noise) => {
    for (let seed = 0; seed < 3; seed++) {
      const random = generator(seed).split(count)
      const { k, extremes } = drawSums(random, count, noise)
      const answer = orThrow(findWitness(k, { seed: 2 }))
      expect(answer).toMatchObject({ _tag: 'Found', kind: 'twist', evidence: 'rigorous' })
      if (answer._tag === 'Found') expect(gapAt(k, answer, extremes, random)).toBeLessThan(1e-6)
    }
  })
})

it('noise that is Gaussian to 2.5 scales and linear beyond is no Gaussian: no rotation, and no promise that there is none', () => {
  const own = (noise: Noise, actions: number): Kernel =>
    orThrow(
      kernel({
        latents: 2,
        actions,
        noise,
        location: (F, _past, a) => [F.sin(a[0]), F.cos(F.mul(F.lit(2), a[actions - 1]))],
        scale: 0.3
      })
    )
  for (const bend of [2.5, 4, 8])
    for (const actions of [1, 2]) {
      const k = own(huber(bend), actions)
      const answer = orThrow(findWitness(k))
      expect(answer).toMatchObject({ _tag: 'Found', kind: 'twist' })
      if (answer._tag === 'Found') expect(densestGap(k, answer, generator(bend))).toBeLessThan(1e-6)
    }
  expect(orThrow(findWitness(own(gaussian, 1)))).toMatchObject({ kind: 'rotation', evidence: 'rigorous' })
})
