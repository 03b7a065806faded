/** Infinitesimal equivariances in distribution: fields whose flows leave known kernels as they are. */

import type { Kernel } from '@mechid/mechanisms'
import { type Dense, stacked } from '@mechid/numerics'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkAlike } from '../checks.js'
import { type FieldSpace, type Region, regionAround } from '../dictionary/dictionary.js'
import { evaluateFields, fieldJacobians, type VectorFields } from '../dictionary/vector-fields.js'
import type { Result } from '../errors.js'
import { checkIndependent, orthonormalFields } from '../fields/basis.js'
import { cancellation } from '../fields/cancellation.js'
import { flowOf } from '../fields/flow.js'
import { checkOptions, type FieldOptions } from '../fields/options.js'
import { drawPoints, regionOf } from '../fields/points.js'
import type { Fields } from '../fields/result.js'
import { withNoiseBox } from '../fields/units.js'
import { confirmed, randomFlows, rms, zeroLevel } from '../fields/validation.js'
import { checkKernel, densityTerms, drawNext, type Scored, scored } from './density.js'

const checkKernels = (where: string, kernels: ReadonlyArray<Kernel>): Result<number> =>
  pipe(
    checkAlike(where, 'kernel', kernels),
    E.tap(() =>
      pipe(
        kernels,
        E.traverseArrayWithIndex((k, kernel) => checkKernel(`${where}, kernel ${k}`, kernel))
      )
    )
  )

/** Past states of one kernel: the given points, and for further lags the same points in another order. */
const pastOf = (kernel: Kernel, points: Float64Array, seed: number): Float64Array[] => {
  const d = kernel.latents
  const rows = points.length / d
  return Array.from({ length: kernel.lags }, (_, lag) => {
    if (lag === 0) return points
    const order = generator(seed).split('lags').split(lag).permutation(rows)
    return Float64Array.from({ length: rows * d }, (_, e) => points[order[Math.floor(e / d)] * d + (e % d)])
  })
}

const allScored = (
  where: string,
  kernels: ReadonlyArray<Kernel>,
  points: Float64Array,
  seed: number,
  label: string
): Result<Scored[]> => {
  const out: Scored[] = []
  for (const [k, kernel] of kernels.entries()) {
    const random = generator(seed).split('kernel draws').split(k).split(label)
    const rows = points.length / kernel.latents
    const own = scored(
      `${where}, kernel ${k}`,
      kernel,
      drawNext(kernel, pastOf(kernel, points, seed), rows, random)
    )
    if (E.isLeft(own)) return own
    out.push(own.right)
  }
  return E.right(out)
}

/** The terms of all kernels, one below the other; a missing lag is a block of zeros. */
const termsOf = (space: FieldSpace, all: ReadonlyArray<Scored>): Dense[] => {
  const each = all.map((one) => densityTerms(space, one))
  const count = Math.max(...each.map((terms) => terms.length))
  const blank = ({ shape }: Dense): Dense => ({ data: new Float64Array(shape[0] * shape[1]), shape })
  return Array.from({ length: count }, (_, t) => stacked(each.map((terms) => terms[t] ?? blank(terms[0]))))
}

/** N × dimension: X_k·score at each point. */
const pushes = (fields: VectorFields, points: Float64Array, score: Float64Array): Float64Array => {
  const { latents: d, dimension } = fields
  const at = evaluateFields(fields, points)
  const out = new Float64Array((points.length / d) * dimension)
  for (let c = 0; c < out.length; c++) {
    const from = Math.floor(c / dimension) * d
    for (let i = 0; i < d; i++) out[c] += at[c * d + i] * score[from + i]
  }
  return out
}

/** N × dimension: div X_k at each point. */
const divergence = (fields: VectorFields, points: Float64Array): Float64Array => {
  const d = fields.latents
  const slopes = fieldJacobians(fields, points)
  const out = new Float64Array(slopes.length / (d * d))
  for (let c = 0; c < out.length; c++) for (let i = 0; i < d; i++) out[c] += slopes[(c * d + i) * d + i]
  return out
}

/** rms of each coordinate: the last index of `values`. */
const rmsByLatent = (values: Float64Array, d: number): Float64Array => {
  const squares = new Float64Array(d)
  for (let e = 0; e < values.length; e++) squares[e % d] += values[e] * values[e]
  return squares.map((x) => Math.sqrt((x * d) / Math.max(1, values.length)))
}

/** rms(X_i) rms(∂_i ℓ), summed over latents: whatever these are measured in. */
const pushSize = (fields: VectorFields, points: Float64Array, score: Float64Array): number => {
  const scores = rmsByLatent(score, fields.latents)
  return rmsByLatent(evaluateFields(fields, points), fields.latents).reduce(
    (sum, x, i) => sum + x * scores[i],
    0
  )
}

/** rms of the condition's sum over fields and draws, relative to |X| |∇ℓ| and the divergence. */
const residualOf = (fields: VectorFields, fresh: ReadonlyArray<Scored>): number => {
  let worst = 0
  if (fields.dimension === 0) return worst
  for (const { states, scores } of fresh) {
    const sum = divergence(fields, states[0])
    let scale = rms(sum)
    states.forEach((state, l) => {
      scale += pushSize(fields, state, scores[l])
      pushes(fields, state, scores[l]).forEach((x, e) => {
        sum[e] += x
      })
    })
    if (scale > 0) worst = Math.max(worst, rms(sum) / scale)
  }
  return worst
}

/** ∫ div X along the flow from each point: log |det D exp(tX)|, with where the points end. */
export const flowWithVolume = (field: VectorFields, points: Float64Array, time: number) => {
  const d = field.latents
  const volume = new Float64Array(points.length / d)
  const end = flowOf(field, points, time, (stage, weight) => {
    divergence(field, stage).forEach((x, s) => {
      volume[s] += weight * x
    })
  })
  return { end, volume }
}

/**
 * How far log p(a(z') | a(z)) + log |det Da(z')| is from log p(z' | z) for a = exp(tX), relative to its terms to
 * first order.
 */
const kernelFlowResidual = (
  where: string,
  kernels: ReadonlyArray<Kernel>,
  fields: VectorFields,
  fresh: ReadonlyArray<Scored>,
  units: Float64Array
): Result<number> => {
  let worst = 0
  for (const [k, kernel] of kernels.entries()) {
    const { rows, states, actions, scores, logDensity } = fresh[k]
    for (const [field, time] of randomFlows(fields, states[0], units)) {
      const moved = states.map((state) => flowWithVolume(field, state, time))
      const after = scored(where, kernel, { rows, states: moved.map(({ end }) => end), actions })
      if (E.isLeft(after)) return after
      const gap = after.right.logDensity.map((x, s) => x + moved[0].volume[s] - logDensity[s])
      const scale = states.reduce(
        (sum, state, l) => sum + time * pushSize(field, state, scores[l]),
        rms(moved[0].volume)
      )
      if (scale > 0) worst = Math.max(worst, rms(gap) / scale)
    }
  }
  return E.right(worst)
}

/**
 * The Lie algebra of fields X with X(z')·∇_{z'} ℓ + X(z)·∇_z ℓ + div X(z') = 0 for all draws, ℓ = log p(z'|z,a): its
 * flows leave every kernel the same in distribution ([PfM] section 4, to first order). For a static kernel
 * p(z|a), without the middle term. Checked on fresh draws, and by finite flows. Past states come from the box or
 * the data, the next ones from the kernel. Noise needs a density without ends; where it has corners (Laplace), its
 * slopes on both sides count. Use it for noise that is not Gaussian, or scales that change; linear-Gaussian kernels have a
 * closed form (`linearGaussianFields`).
 *
 * Errors: as `equivarianceFields`.
 *
 * @example
 * kernelEquivarianceFields([orThrow(randomWalk(2, gaussian, 0.5))], { dictionary: affineFields })
 * // right: dimension 3: two translations and a rotation
 */
export const kernelEquivarianceFields = (
  kernels: ReadonlyArray<Kernel>,
  given: FieldOptions
): Result<Fields> => {
  const where = 'kernelEquivarianceFields'
  const { seed = 1, tolerance = 0, dictionary } = given
  const latents = checkKernels(where, kernels)
  if (E.isLeft(latents)) return latents
  const d = latents.right
  const checked = checkOptions(where, given, d)
  if (E.isLeft(checked)) return checked
  const options = withNoiseBox(given, kernels)
  const known = dictionary.on(regionOf(options, d))
  if (E.isLeft(known)) return known
  const points = drawPoints(where, options, d, known.right.size, 1)
  if (E.isLeft(points)) return points
  const solve = allScored(where, kernels, points.right.solve, seed, 'solve')
  if (E.isLeft(solve)) return solve
  const fresh = allScored(where, kernels, points.right.fresh, seed, 'fresh')
  if (E.isLeft(fresh)) return fresh
  const region = regionAround(
    solve.right.flatMap(({ states }) => states),
    d
  )
  const space = dictionary.on(region)
  if (E.isLeft(space)) return space
  return solved(where, kernels, space.right, solve.right, fresh.right, region, tolerance)
}

const solved = (
  where: string,
  kernels: ReadonlyArray<Kernel>,
  space: FieldSpace,
  solve: ReadonlyArray<Scored>,
  fresh: ReadonlyArray<Scored>,
  region: Region,
  tolerance: number
): Result<Fields> => {
  const units = region.halfWidth
  const { rows, states } = solve[0]
  const values = space.functions.values(states[0], rows)
  const independent = checkIndependent(where, space, values, rows, units)
  if (E.isLeft(independent)) return independent
  const found = cancellation(where, termsOf(space, solve), tolerance)
  if (E.isLeft(found)) return found
  const { basis, untouched, decision } = found.right
  const fields = orthonormalFields(space, basis, states[0], units)
  const residual = residualOf(fields, fresh)
  const flow = kernelFlowResidual(where, kernels, fields, fresh, units)
  if (E.isLeft(flow)) return flow
  const held = confirmed(where, residual, flow.right, zeroLevel(decision))
  return E.map(
    (): Fields => ({
      fields,
      region,
      dimension: fields.dimension,
      decision,
      untouched,
      residual,
      flowResidual: flow.right,
      dictionary: space.description,
      columns: space.size,
      samples: rows
    })
  )(held)
}
