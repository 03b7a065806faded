/** Mechanisms and kernels as affine maps, one for each action drawn, where their definitions are affine. */
import { type ActionDomain, actionDomainsOf, gaussian, type Kernel, type Mechanism } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import type { Result } from '../errors.js'
import { drawActions } from '../fields/points.js'
import type { LinearMap } from '../finite/linear-symmetries.js'
import { asGaussian } from '../stochastic/gaussian-noise.js'
import { affinePart, affineReading } from './affine-reading.js'

/** The maps, and others under fresh actions to check what is found with the first. */
export interface AffineMaps {
  readonly maps: ReadonlyArray<LinearMap>
  readonly fresh: ReadonlyArray<LinearMap>
}

/** Up to so many values of discrete actions, each is taken once. */
const MOST_CHOICES = 64
const LEAST_DRAWS = 16

type Domains = ReadonlyArray<ActionDomain>

const everyChoice = (domains: Domains): number[][] | undefined => {
  let all: number[][] = [[]]
  for (const domain of domains) {
    if (domain._tag !== 'Choice' || all.length * domain.values > MOST_CHOICES) return undefined
    all = all.flatMap((before) => Array.from({ length: domain.values }, (_, value) => [...before, value]))
  }
  return all
}

/** Actions to solve with: all of them where they are few, else draws; and fresh draws. */
const actionRows = (
  domains: Domains,
  latents: number,
  seed: number,
  index: number,
  label: string
): number[][] => {
  const all = everyChoice(domains)
  if (all !== undefined) return all
  const rows = Math.max(LEAST_DRAWS, 2 * latents)
  const random = generator(seed).split('actions').split(index).split(label)
  const drawn = drawActions(domains, domains.length, rows, random)
  return Array.from({ length: rows }, (_, r) =>
    Array.from(drawn.subarray(r * domains.length, (r + 1) * domains.length))
  )
}

type Read = (index: number, actions: ReadonlyArray<number>) => Result<LinearMap | undefined>

const collected = (
  domains: ReadonlyArray<Domains>,
  latents: number,
  seed: number,
  read: Read
): Result<AffineMaps | undefined> => {
  const [maps, fresh]: [LinearMap[], LinearMap[]] = [[], []]
  for (const [index, own] of domains.entries())
    for (const [label, list] of [
      ['solve', maps],
      ['fresh', fresh]
    ] as const)
      for (const actions of actionRows(own, latents, seed, index, label)) {
        const map = read(index, actions)
        if (E.isLeft(map)) return map
        if (map.right === undefined) return E.right(undefined)
        list.push(map.right)
      }
  return E.right({ maps, fresh })
}

/**
 * Mechanisms as affine maps; undefined where one is not affine in its latents.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `DefinitionThrew`.
 */
export const mapsOfMechanisms = (
  where: string,
  mechanisms: ReadonlyArray<Mechanism>,
  actionDomains: ReadonlyArray<Domains> | undefined,
  seed: number
): Result<AffineMaps | undefined> => {
  const domains = mechanisms.map((m, k): Domains => actionDomains?.[k] ?? actionDomainsOf(m))
  return collected(domains, mechanisms[0].latents, seed, (k, actions) =>
    affineReading(`${where}, mechanism ${k}`, mechanisms[k], actions)
  )
}

const isConstant = (matrix: ReadonlyArray<ReadonlyArray<number>>): boolean =>
  matrix.flat().every((x) => x === 0)

/** Standard normal noise, or any whose log density is quadratic by its definition; undefined where some is not. */
const gaussianLaws = ({ noise }: Kernel): ReadonlyArray<{ mean: number; deviation: number }> | undefined => {
  const read = new Map(
    [...new Set(noise)].map((law) => [law, law === gaussian ? { mean: 0, deviation: 1 } : asGaussian(law)])
  )
  const laws = noise.flatMap((law) => read.get(law) ?? [])
  return laws.length === noise.length ? laws : undefined
}

const linearGaussian = (
  where: string,
  kernel: Kernel,
  actions: ReadonlyArray<number>
): Result<LinearMap | undefined> => {
  const laws = kernel.lags === 1 ? gaussianLaws(kernel) : undefined
  if (laws === undefined) return E.right(undefined)
  const location = affinePart(where, kernel, 'location', actions)
  if (E.isLeft(location)) return location
  const scale = affinePart(where, kernel, 'scale', actions)
  if (E.isLeft(scale)) return scale
  if (location.right === undefined || scale.right === undefined || !isConstant(scale.right.matrix))
    return E.right(undefined)
  const deviations = scale.right.shift.map((s, i) => s * laws[i].deviation)
  const means = scale.right.shift.map((s, i) => s * laws[i].mean)
  return E.right({
    matrix: location.right.matrix,
    shift: location.right.shift.map((x, i) => x + means[i]),
    covariance: deviations.map((s, i) => deviations.map((_, j) => (i === j ? s * s : 0)))
  })
}

/** Markov kernels as linear-Gaussian maps; undefined where one is not. Errors: as `mapsOfMechanisms`. */
export const mapsOfKernels = (
  where: string,
  kernels: ReadonlyArray<Kernel>,
  seed: number
): Result<AffineMaps | undefined> =>
  collected(
    kernels.map(({ actionDomains }) => actionDomains),
    kernels[0].latents,
    seed,
    (k, actions) => linearGaussian(`${where}, kernel ${k}`, kernels[k], actions)
  )
