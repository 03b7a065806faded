/** Mechanisms and kernels as tests of partial signed permutations, by samples that vanish off the assigned latents. */
import {
  type ActionDomain,
  actionDomainsOf,
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
import { difference, radiiOf, type Settings } from './signed-symmetries.js'

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

const drawnState = (assigned: Int32Array, radii: Float64Array, random: Generator): number[] => {
  const out = new Array<number>(radii.length).fill(0)
  for (const i of assigned) out[i] = radii[i] * (2 * random.uniform() - 1)
  return out
}

/** How much states shrink so that S leaves them within the box; undefined where it does so anyway. */
const shrinkage = (
  { image }: SignedPermutation,
  assigned: Int32Array,
  radii: Float64Array
): Float64Array | undefined => {
  let out: Float64Array | undefined
  for (const i of assigned)
    if (radii[image[i]] < radii[i]) {
      out ??= new Float64Array(radii.length).fill(1)
      out[i] = radii[image[i]] / radii[i]
    }
  return out
}

const shrunk = (states: ReadonlyArray<number>, by: Float64Array): number[] =>
  states.map((x, e) => x * by[e % by.length])

/** Each output's largest value at a few points: what its differences are measured in. */
const scalesOf = (
  where: string,
  { latents, step }: Mechanism,
  radii: Float64Array,
  domains: ReadonlyArray<ActionDomain>
): Result<Float64Array> => {
  try {
    const random = generator(1)
    const all = Int32Array.from(radii, (_, i) => i)
    const largest = new Float64Array(latents)
    let [some, odd] = [false, Number.NaN]
    for (let k = 0; k < 16; k++) {
      const out = step(
        number,
        drawnState(all, radii, random),
        domains.map((domain) => drawnAction(domain, random))
      )
      if (out.length !== latents) return E.left(wrongOutputs(where, latents, out.length))
      const wrong = out.find((x) => !Number.isFinite(x))
      some ||= wrong === undefined
      if (wrong !== undefined) odd = wrong
      else
        out.forEach((x, i) => {
          largest[i] = Math.max(largest[i], Math.abs(x))
        })
    }
    return some
      ? E.right(largest.map((x) => (x > 0 ? x : 1)))
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
  scales: Float64Array
): number => {
  const d = image.length
  const [leftFrom, leftTo] = [new Uint8Array(d).fill(1), new Uint8Array(d).fill(1)]
  let worst = 0
  for (const i of assigned) {
    const scale = Math.max(scales[i], scales[image[i]])
    worst = Math.max(worst, difference(signs[i] * before[i], after[image[i]], scale))
    leftFrom[i] = 0
    leftTo[image[i]] = 0
  }
  if (assigned.length === d) return worst
  const rest = (values: ReadonlyArray<number>, left: Uint8Array): number[] =>
    values.filter((_, i) => left[i] === 1).map(Math.abs)
  const largest = scales.reduce((most, x) => Math.max(most, x), 0)
  return Math.max(worst, sortedDifference(rest(before, leftFrom), rest(after, leftTo), largest))
}

/**
 * S ∘ m = h ∘ S, with h = m for a symmetry. Actions are drawn from what the definition says by default.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `DefinitionThrew`.
 */
export const mechanismCondition = (
  where: string,
  m: Mechanism,
  h: Mechanism,
  settings: Settings,
  domains: ReadonlyArray<ActionDomain> = actionDomainsOf(m)
): Result<Condition> => {
  const { seed } = settings
  const read = radiiOf(where, settings, m.latents)
  if (E.isLeft(read)) return read
  const radii = read.right
  const both = pipe(
    [m, h],
    E.traverseArray((each) => scalesOf(where, each, radii, domains))
  )
  if (E.isLeft(both)) return both
  const scales = both.right[0].map((x, i) => Math.max(x, both.right[1][i]))
  return E.right({
    samples: (assigned, count, label) => {
      const random = generator(seed).split(label)
      return Array.from({ length: count }, () => {
        const latents = drawnState(assigned, radii, random)
        const actions = domains.map((domain) => drawnAction(domain, random))
        return { latents, actions, value: m.step(number, latents, actions) }
      })
    },
    failure: (s, assigned, samples) => {
      const by = shrinkage(s, assigned, radii)
      return samples.reduce((worst, { latents, actions, value }) => {
        const from = by === undefined ? latents : shrunk(latents, by)
        const before = by === undefined ? value : m.step(number, from, actions)
        const after = h.step(number, movedStates(s, from), actions)
        return Math.max(worst, outputFailure(s, assigned, before, after, scales))
      }, 0)
    }
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
export const kernelCondition = (where: string, kernel: Kernel, settings: Settings): Result<Condition> => {
  const { latents: d, lags } = kernel
  const { seed } = settings
  const read = radiiOf(where, settings, d)
  if (E.isLeft(read)) return read
  const radii = read.right
  const density = (states: ReadonlyArray<number>, actions: ReadonlyArray<number>): number =>
    logDensity(number, kernel, states.slice(0, d), states.slice(d), actions)
  const samples: Condition['samples'] = (assigned, count, label) => {
    const random = generator(seed).split(label)
    return Array.from({ length: count }, () => {
      const actions = kernel.actionDomains.map((domain) => drawnAction(domain, random))
      const past = Array.from({ length: lags }, () => drawnState(assigned, radii, random)).flat()
      const drawn = sampleOnce(kernel, past, actions, random)
      const next = new Array<number>(d).fill(0)
      for (const i of assigned) next[i] = drawn[i]
      const latents = [...next, ...past]
      return { latents, actions, value: [density(latents, actions)] }
    })
  }
  const actions = kernel.actionDomains.map((domain) => drawnAction(domain, generator(seed)))
  const third = Array.from({ length: lags * d }, (_, e) => radii[e % d] / 3)
  const defined = definedAt(where, kernel, actions, third)
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
