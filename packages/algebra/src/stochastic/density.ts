/** A kernel's log density at draws from it, with its exact slopes, and the terms of an infinitesimal ambiguity. */

import { type Kernel, logDensity, number, sampleOnce } from '@mechid/mechanisms'
import { type Dense, zeros } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { definitionThrew, invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FieldSpace } from '../dictionary/dictionary.js'
import { type Result, wrongOutputs } from '../errors.js'
import { beside, type Definition, derivativesOf } from '../fields/derivatives.js'
import { drawActions } from '../fields/points.js'

/** N draws: `states[0]` is the next state, then the past ones, most recent first, each N × d. */
export interface Draws {
  readonly rows: number
  readonly states: ReadonlyArray<Float64Array>
  /** N × k */
  readonly actions: Float64Array
}

/** Draws with log p and its slopes in each state, N × d each. */
export interface Scored extends Draws {
  readonly logDensity: Float64Array
  readonly scores: ReadonlyArray<Float64Array>
}

/** Beyond this many scales a density that is 0 has a support that ends. */
const FAR = 8

/** Errors: `ShapeMismatch`, `DefinitionThrew`, `InvalidOption` for noise whose support ends. */
export const checkKernel = (where: string, kernel: Kernel): Result<void> => {
  const past = new Array<number>(kernel.lags * kernel.latents).fill(0.5)
  const actions = new Array<number>(kernel.actions).fill(0)
  try {
    for (const part of [kernel.location, kernel.scale]) {
      const actual = part(number, past, actions).length
      if (actual !== kernel.latents) return E.left(wrongOutputs(where, kernel.latents, actual))
    }
    for (const [i, noise] of kernel.noise.entries())
      for (const u of [-FAR, FAR]) {
        const value = noise.logDensity(number, u)
        if (!Number.isFinite(value))
          return E.left(
            invalidOption(
              where,
              `the log density of latent ${i}'s noise (${noise.name}) at ${u}`,
              value,
              'a finite number; where a support ends, its ends are a condition of their own'
            )
          )
      }
  } catch (cause) {
    return E.left(definitionThrew(where, cause))
  }
  return E.right(undefined)
}

const slice = (x: Float64Array, s: number, width: number): number[] =>
  Array.from(x.subarray(s * width, (s + 1) * width))

/** Next states for given past ones. `past`: one N × d array a lag. */
export const drawNext = (
  kernel: Kernel,
  past: ReadonlyArray<Float64Array>,
  rows: number,
  random: Generator
): Draws => {
  const d = kernel.latents
  const actions = drawActions(kernel.actionDomains, kernel.actions, rows, random.split('actions'))
  const noise = random.split('noise')
  const next = new Float64Array(rows * d)
  for (let s = 0; s < rows; s++) {
    const before = past.flatMap((state) => slice(state, s, d))
    next.set(sampleOnce(kernel, before, slice(actions, s, kernel.actions), noise), s * d)
  }
  return { rows, states: [next, ...past], actions }
}

/** Errors: `NotFinite`, `DefinitionThrew`. */
export const scored = (where: string, kernel: Kernel, draws: Draws): Result<Scored> => {
  const { latents: d, actions: k, lags } = kernel
  const { rows, states, actions } = draws
  const along = d * (1 + lags)
  const definition: Definition = (F, x) => [
    logDensity(F, kernel, x.slice(0, d), x.slice(d, along), x.slice(along))
  ]
  const inputs = beside([...states.map((state) => [state, d] as const), [actions, k]], rows)
  return pipe(
    derivativesOf({ where, definition, outputs: 1, along }, inputs, along + k),
    E.map(({ values, slopes }) => ({
      ...draws,
      logDensity: values,
      scores: states.map((_, l) =>
        Float64Array.from({ length: rows * d }, (_, e) => slopes[Math.floor(e / d) * along + l * d + (e % d)])
      )
    }))
  )
}

/** X(z)·∇ℓ for every field X of a dictionary: N × size. */
const projected = (space: FieldSpace, points: Float64Array, score: Float64Array): Dense => {
  const { latents: d, size, starts, functionOf, coordinateOf, functions } = space
  const rows = points.length / d
  const values = functions.values(points, rows)
  const out = zeros(rows, size)
  for (let s = 0; s < rows; s++)
    for (let j = 0; j < size; j++) {
      let sum = 0
      for (let t = starts[j]; t < starts[j + 1]; t++)
        sum += values[s * functions.count + functionOf[t]] * score[s * d + coordinateOf[t]]
      out.data[s * size + j] = sum
    }
  return out
}

/** div X(z) for every field X of a dictionary: N × size. */
const divergences = (space: FieldSpace, points: Float64Array): Dense => {
  const { latents: d, size, starts, functionOf, coordinateOf, functions } = space
  const rows = points.length / d
  const slopes = functions.gradients(points, rows)
  const out = zeros(rows, size)
  for (let s = 0; s < rows; s++)
    for (let j = 0; j < size; j++) {
      let sum = 0
      for (let t = starts[j]; t < starts[j + 1]; t++)
        sum += slopes[(s * functions.count + functionOf[t]) * d + coordinateOf[t]]
      out.data[s * size + j] = sum
    }
  return out
}

/** X(z')·∇_{z'}ℓ, then X(z)·∇_z ℓ for each past state, then div X(z'): their sum has to vanish. */
export const densityTerms = (space: FieldSpace, { states, scores }: Scored): Dense[] => [
  ...states.map((state, l) => projected(space, state, scores[l])),
  divergences(space, states[0])
]
