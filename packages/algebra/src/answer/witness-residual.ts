/** How far a map is from an ambiguity, on fresh points: of mechanisms, of kernels, or in closed form. */

import type { Kernel, Mechanism } from '@mechid/mechanisms'
import { type Dense, timesVector } from '@mechid/numerics'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { affineFields } from '../dictionary/polynomial.js'
import type { Result } from '../errors.js'
import { measuredIn } from '../fields/measured.js'
import { actionsFor, transitionAt } from '../fields/transition.js'
import { rms } from '../fields/validation.js'
import type { LinearMap } from '../finite/linear-symmetries.js'
import type { AffineField } from '../linear/affine-commutant.js'
import { drawNext, scored } from '../stochastic/density.js'
import { type AffineMaps, mapsOfKernels, mapsOfMechanisms } from './affine-maps.js'
import type { AmbiguityOptions } from './ambiguity.js'
import { sampledOf } from './as-mechanisms.js'
import { readingPoints } from './field-route.js'
import type { Sorted } from './known.js'
import { mapResidual, unitsOf } from './map-residual.js'

/** N × d points to where they go, and log |det| of the slopes there. */
export type Change = (points: Float64Array) => { readonly end: Float64Array; readonly volume: Float64Array }

/** A map of the latents, also as a matrix where it is affine. */
export interface Tried {
  readonly change: Change
  readonly affine?: AffineField
}

/** log |det A| by elimination with partial pivoting. */
const logDeterminant = ({ data, shape: [n] }: Dense): number => {
  const work = Float64Array.from(data)
  let sum = 0
  for (let c = 0; c < n; c++) {
    let pivot = c
    for (let r = c + 1; r < n; r++) if (Math.abs(work[r * n + c]) > Math.abs(work[pivot * n + c])) pivot = r
    for (let j = 0; j < n; j++) {
      const kept = work[c * n + j]
      work[c * n + j] = work[pivot * n + j]
      work[pivot * n + j] = kept
    }
    sum += Math.log(Math.abs(work[c * n + c]))
    for (let r = c + 1; r < n; r++) {
      const factor = work[r * n + c] / work[c * n + c]
      for (let j = c; j < n; j++) work[r * n + j] -= factor * work[c * n + j]
    }
  }
  return sum
}

/** z ↦ Az + c. */
export const affineChange = ({ matrix, shift }: AffineField): Change => {
  const d = shift.length
  const volume = logDeterminant(matrix)
  return (points) => {
    const end = new Float64Array(points.length)
    for (let from = 0; from < points.length; from += d) {
      const moved = timesVector(matrix, points.subarray(from, from + d))
      for (let i = 0; i < d; i++) end[from + i] = moved[i] + shift[i]
    }
    return { end, volume: new Float64Array(points.length / d).fill(volume) }
  }
}

const difference = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, e) => value - y[e])

const ratio = (gap: number, scale: number): number => (gap === 0 ? 0 : gap / scale)

const ofMechanism = (
  where: string,
  mechanism: Mechanism,
  actions: Float64Array,
  points: Float64Array,
  units: Float64Array,
  change: Change
): Result<number> =>
  pipe(
    transitionAt(where, mechanism, points, actions),
    E.bindTo('at'),
    E.bind('after', () => transitionAt(where, mechanism, change(points).end, actions)),
    E.map(({ at, after }) => {
      const before = change(at.images).end
      const apart = (x: Float64Array, y: Float64Array): number => rms(measuredIn(units, difference(x, y)))
      const scale = apart(before, at.images) + apart(after.images, at.images)
      return ratio(apart(before, after.images), scale)
    })
  )

const spread = (x: Float64Array): number => {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length
  return rms(x.map((value) => value - mean))
}

const ofKernel = (
  where: string,
  kernel: Kernel,
  points: Float64Array,
  seed: number,
  change: Change
): Result<number> => {
  const rows = points.length / kernel.latents
  // Further lags: the same points, so that all of the past lies in the region.
  const past = Array.from({ length: kernel.lags }, () => points)
  const draws = drawNext(kernel, past, rows, generator(seed).split('witness draws'))
  return pipe(
    scored(where, kernel, draws),
    E.bindTo('before'),
    E.bind('after', () =>
      scored(where, kernel, { ...draws, states: draws.states.map((state) => change(state).end) })
    ),
    E.map(({ before, after }) => {
      const { volume } = change(draws.states[0])
      const gap = after.logDensity.map((x, s) => x + volume[s] - before.logDensity[s])
      return ratio(rms(gap), spread(before.logDensity))
    })
  )
}

/** As affine maps, where that is what they are by definition. Errors: as `mapsOfMechanisms`. */
const mapsOf = (
  where: string,
  known: Sorted,
  { actionDomains }: AmbiguityOptions,
  seed: number
): Result<ReadonlyArray<LinearMap> | undefined> => {
  if (known._tag === 'Maps') return E.right(known.list)
  return E.map((read: AffineMaps | undefined) => read?.fresh)(
    known._tag === 'Mechanisms'
      ? mapsOfMechanisms(where, known.list, actionDomains, seed)
      : mapsOfKernels(where, known.list, seed)
  )
}

/** On points of the region and fresh noise. Errors: those of the mechanisms where the map leads. */
const bySamples = (
  where: string,
  known: Sorted,
  options: AmbiguityOptions,
  change: Change,
  samples: number,
  seed: number
): Result<number> => {
  const { points, halfWidth } = readingPoints(
    { ...options, seed: seed + 1 },
    known.latents,
    options.dictionary ?? affineFields,
    samples
  )
  return pipe(
    sampledOf(known),
    E.flatMap(
      (sampled): Result<ReadonlyArray<number>> =>
        sampled._tag === 'Kernels'
          ? pipe(
              sampled.list,
              E.traverseArrayWithIndex((k, kernel) =>
                ofKernel(`${where}, kernel ${k}`, kernel, points, seed + k, change)
              )
            )
          : pipe(
              sampled.list,
              E.traverseArrayWithIndex((k, mechanism) => {
                const actions = actionsFor(mechanism, k, samples, options.actionDomains, seed, 'witness')
                return ofMechanism(`${where}, mechanism ${k}`, mechanism, actions, points, halfWidth, change)
              })
            )
    ),
    E.map((list) => Math.max(...list))
  )
}

/** The largest over all that is known. Errors: those of the mechanisms where the map leads. */
export const residualOf = (
  where: string,
  known: Sorted,
  options: AmbiguityOptions,
  { change, affine }: Tried,
  samples: number,
  seed: number
): Result<number> => {
  return pipe(
    affine === undefined ? E.right(undefined) : mapsOf(where, known, options, seed),
    E.flatMap((maps) =>
      maps === undefined || affine === undefined
        ? bySamples(where, known, options, change, samples, seed)
        : E.right(Math.max(...maps.map((map) => mapResidual(map, affine, unitsOf(maps)))))
    )
  )
}
