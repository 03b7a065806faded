/** The points at which a condition is asked for, and fresh ones for its validation. */
import { type ActionDomain, defaultActionDomain } from '@mechid/mechanisms'
import { type Generator, generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { type Region, regionAround } from '../dictionary/dictionary.js'
import { type Result, tooFewSamples } from '../errors.js'
import type { FieldOptions } from './options.js'

/** N × d each, row-major. */
export interface Points {
  readonly solve: Float64Array
  readonly fresh: Float64Array
}

/** Equations for each unknown: fewer leave a rank in doubt. */
const NEEDED = 4
const DEFAULT = 8
const MOST_FRESH = 256
const LEAST_FRESH = 32

/** The box, or the smallest one around the data: enough to bind a dictionary for its size. */
export const regionOf = ({ box, data }: FieldOptions, latents: number): Region => {
  if (data !== undefined) return regionAround([Float64Array.from(data.data)], latents)
  const ranges = box ?? Array.from({ length: latents }, () => [-1, 1] as const)
  const corner = (end: 0 | 1): Float64Array => Float64Array.from(ranges, (range) => range[end])
  return regionAround([corner(0), corner(1)], latents)
}

const fromBox = ({ box }: FieldOptions, latents: number, rows: number, random: Generator): Float64Array =>
  Float64Array.from({ length: rows * latents }, (_, e) => {
    const [low, high] = box?.[e % latents] ?? [-1, 1]
    return low + random.uniform() * (high - low)
  })

const picked = (
  data: ArrayLike<number>,
  latents: number,
  order: Int32Array,
  from: number,
  to: number
): Float64Array =>
  Float64Array.from(
    { length: (to - from) * latents },
    (_, e) => data[order[from + Math.floor(e / latents)] * latents + (e % latents)]
  )

/** The fewest samples for so many unknowns, with `equations` of them at each. */
export const neededSamples = (unknowns: number, equations: number): number =>
  Math.ceil((NEEDED * unknowns) / equations)

/**
 * Points for `unknowns` unknowns with `equations` equations at each.
 *
 * Errors: `TooFewRows`.
 */
export const drawPoints = (
  where: string,
  options: FieldOptions,
  latents: number,
  unknowns: number,
  equations: number
): Result<Points> => {
  const random = generator(options.seed ?? 1).split('points')
  const needed = neededSamples(unknowns, equations)
  const usual = Math.ceil((DEFAULT * unknowns) / equations) + LEAST_FRESH
  const { data } = options
  const held = data === undefined ? 0 : Math.min(MOST_FRESH, Math.ceil(data.shape[0] / 5))
  const available = data === undefined ? Number.POSITIVE_INFINITY : data.shape[0] - held
  const rows = Math.min(options.samples ?? usual, available)
  if (rows < needed) return E.left(tooFewSamples(where, rows, needed))
  if (data !== undefined) {
    const order = random.permutation(data.shape[0])
    return E.right({
      solve: picked(data.data, latents, order, held, held + rows),
      fresh: picked(data.data, latents, order, 0, held)
    })
  }
  const fresh = Math.min(MOST_FRESH, Math.max(LEAST_FRESH, Math.ceil(rows / 4)))
  return E.right({
    solve: fromBox(options, latents, rows, random.split('solve')),
    fresh: fromBox(options, latents, fresh, random.split('fresh'))
  })
}

/** One action for each of `rows` samples, rows × actions. */
export const drawActions = (
  domains: ReadonlyArray<ActionDomain> | undefined,
  actions: number,
  rows: number,
  random: Generator
): Float64Array =>
  Float64Array.from({ length: rows * actions }, (_, e) => {
    const domain = domains?.[e % actions] ?? defaultActionDomain
    return domain._tag === 'Choice'
      ? random.integer(domain.values)
      : domain.low + random.uniform() * (domain.high - domain.low)
  })
