/** Mechanisms and kernels as tests of partial signed permutations, by samples that vanish off the assigned latents. */
import {
  type ActionDomain,
  defaultActionDomain,
  type Kernel,
  logDensity,
  type Mechanism,
  number,
  sampleOnce
} from '@mechid/mechanisms'
import { type Generator, generator } from '@mechid/random'
import { definitionThrew, notFinite } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Result, wrongOutputs } from '../errors.js'
import type { SignedPermutation } from '../groups/signed-permutation.js'
import { difference, type Settings } from './signed-symmetries.js'

/** One thing that has to stay as it is under a signed permutation of the latents. */
export interface Condition {
  /**
   * How far S fails on samples whose latents vanish off `assigned`, so that S need be known there only: what it does
   * elsewhere is not looked at. Infinite where one side is undefined and the other is not.
   */
  readonly failure: (s: SignedPermutation, assigned: Int32Array, samples: ReadonlyArray<Sample>) => number
  /** Samples for that: the same for the same `label`. */
  readonly samples: (assigned: Int32Array, count: number, label: string) => ReadonlyArray<Sample>
}

export interface Sample {
  /** What is mapped by S: one or more states, one after the other. */
  readonly latents: number[]
  readonly actions: number[]
  /** What it gives before it is mapped. */
  readonly value: ReadonlyArray<number>
}

export const drawnAction = (domain: ActionDomain, random: Generator): number =>
  domain._tag === 'Interval'
    ? domain.low + (domain.high - domain.low) * random.uniform()
    : random.integer(domain.values)

/** S on each of the states in a list. */
export const movedStates = ({ image, signs }: SignedPermutation, states: ReadonlyArray<number>): number[] => {
  const d = image.length
  const out = new Array<number>(states.length).fill(0)
  // Unassigned coordinates are 0: whatever S does to them.
  for (let e = 0; e < states.length; e++) {
    if (states[e] !== 0) out[e - (e % d) + image[e % d]] = signs[e % d] * states[e]
  }
  return out
}

const drawnState = (size: number, assigned: Int32Array, radius: number, random: Generator): number[] => {
  const out = new Array<number>(size).fill(0)
  for (const i of assigned) out[i] = radius * (2 * random.uniform() - 1)
  return out
}

/** The largest output at a few points: what differences are measured in. */
const scaleOf = (where: string, { latents, actions, step }: Mechanism, radius: number): Result<number> => {
  try {
    const random = generator(1)
    const tried = (count: number): number[] =>
      Array.from({ length: count }, () => radius * (2 * random.uniform() - 1))
    let largest = Number.NEGATIVE_INFINITY
    let odd = Number.NaN
    for (let k = 0; k < 16; k++) {
      const out = step(number, tried(latents), tried(actions))
      if (out.length !== latents) return E.left(wrongOutputs(where, latents, out.length))
      const wrong = out.find((x) => !Number.isFinite(x))
      if (wrong === undefined) largest = Math.max(largest, ...out.map(Math.abs))
      else odd = wrong
    }
    return largest >= 0
      ? E.right(largest > 0 ? largest : 1)
      : E.left(notFinite(where, 'what the mechanism returns at every point tried', odd))
  } catch (cause) {
    return E.left(definitionThrew(where, cause))
  }
}

/** Largest difference of sorted sizes: outputs whose places are not known yet can only be compared as a set. */
const sortedDifference = (a: number[], b: number[], scale: number): number => {
  a.sort((x, y) => x - y)
  b.sort((x, y) => x - y)
  return a.reduce((worst, x, k) => Math.max(worst, difference(x, b[k], scale)), 0)
}

const outputFailure = (
  { image, signs }: SignedPermutation,
  assigned: Int32Array,
  before: ReadonlyArray<number>,
  after: ReadonlyArray<number>,
  scale: number
): number => {
  const d = image.length
  const [leftFrom, leftTo] = [new Uint8Array(d).fill(1), new Uint8Array(d).fill(1)]
  let worst = 0
  for (const i of assigned) {
    worst = Math.max(worst, difference(signs[i] * before[i], after[image[i]], scale))
    leftFrom[i] = 0
    leftTo[image[i]] = 0
  }
  if (assigned.length === d) return worst
  const rest = (values: ReadonlyArray<number>, left: Uint8Array): number[] =>
    values.filter((_, i) => left[i] === 1).map(Math.abs)
  return Math.max(worst, sortedDifference(rest(before, leftFrom), rest(after, leftTo), scale))
}

/**
 * S ∘ m = h ∘ S, with h = m for a symmetry. Actions are drawn from [−2, 2] by default.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `DefinitionThrew`.
 */
export const mechanismCondition = (
  where: string,
  m: Mechanism,
  h: Mechanism,
  { radius, seed }: Settings,
  domains: ReadonlyArray<ActionDomain> = new Array(m.actions).fill(defaultActionDomain)
): Result<Condition> => {
  const scales = pipe(
    [m, h],
    E.traverseArray((each) => scaleOf(where, each, radius))
  )
  if (E.isLeft(scales)) return scales
  const scale = Math.max(...scales.right)
  return E.right({
    samples: (assigned, count, label) => {
      const random = generator(seed).split(label)
      return Array.from({ length: count }, () => {
        const latents = drawnState(m.latents, assigned, radius, random)
        const actions = domains.map((domain) => drawnAction(domain, random))
        return { latents, actions, value: m.step(number, latents, actions) }
      })
    },
    failure: (s, assigned, samples) =>
      samples.reduce((worst, { latents, actions, value }) => {
        const after = h.step(number, movedStates(s, latents), actions)
        return Math.max(worst, outputFailure(s, assigned, value, after, scale))
      }, 0)
  })
}

const definedAt = (where: string, kernel: Kernel, actions: number[], past: number[]): Result<void> => {
  try {
    for (const values of [kernel.location(number, past, actions), kernel.scale(number, past, actions)])
      if (values.length !== kernel.latents) return E.left(wrongOutputs(where, kernel.latents, values.length))
    return E.right(undefined)
  } catch (cause) {
    return E.left(definitionThrew(where, cause))
  }
}

/**
 * log p(S z' | S past, a) = log p(z' | past, a), z' drawn from the kernel itself.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `DefinitionThrew`.
 */
export const kernelCondition = (
  where: string,
  kernel: Kernel,
  { radius, seed }: Settings
): Result<Condition> => {
  const { latents: d, lags } = kernel
  const density = (states: ReadonlyArray<number>, actions: ReadonlyArray<number>): number =>
    logDensity(number, kernel, states.slice(0, d), states.slice(d), actions)
  const samples: Condition['samples'] = (assigned, count, label) => {
    const random = generator(seed).split(label)
    return Array.from({ length: count }, () => {
      const actions = kernel.actionDomains.map((domain) => drawnAction(domain, random))
      const past = Array.from({ length: lags }, () => drawnState(d, assigned, radius, random)).flat()
      const drawn = sampleOnce(kernel, past, actions, random)
      const next = new Array<number>(d).fill(0)
      for (const i of assigned) next[i] = drawn[i]
      const latents = [...next, ...past]
      return { latents, actions, value: [density(latents, actions)] }
    })
  }
  const actions = kernel.actionDomains.map((domain) => drawnAction(domain, generator(seed)))
  const defined = definedAt(where, kernel, actions, new Array(lags * d).fill(radius / 3))
  if (E.isLeft(defined)) return defined
  const all = Int32Array.from({ length: d }, (_, i) => i)
  const tried = samples(all, 16, 'tried').map(({ value }) => value[0])
  if (!tried.some(Number.isFinite))
    return E.left(notFinite(where, 'the log-density at every point tried', tried[0]))
  return E.right({
    samples,
    failure: (s, _, drawn) =>
      drawn.reduce((worst, { latents, actions, value }) => {
        return Math.max(worst, difference(value[0], density(movedStates(s, latents), actions)))
      }, 0)
  })
}
