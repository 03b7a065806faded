/** A mechanism at points: images and Jacobians, and the two sides of X(m(z)) = Dm(z) X(z). */

import { type ActionDomain, actionDomainsOf, type Mechanism } from '@mechid/mechanisms'
import { type Dense, zeros } from '@mechid/numerics'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FieldSpace } from '../dictionary/dictionary.js'
import type { Result } from '../errors.js'
import { beside, type Definition, derivativesOf } from './derivatives.js'
import { dictionaryMatrixIn, rowsIn } from './measured.js'
import { drawActions } from './points.js'

/** One mechanism at N points, under one action each. */
export interface Transition {
  /** N × k */
  readonly actions: Float64Array
  /** N × d */
  readonly images: Float64Array
  /** N × d × d: entry (s, i, j) is ∂m_i/∂z_j. */
  readonly jacobians: Float64Array
}

/** m(z, a) and its slopes in z. Errors: `ShapeMismatch`, `NotFinite`, `DefinitionThrew`. */
export const transitionAt = (
  where: string,
  mechanism: Mechanism,
  points: Float64Array,
  actions: Float64Array
): Result<Transition> => {
  const { latents: d, actions: k } = mechanism
  const definition: Definition = (F, inputs) => mechanism.step(F, inputs.slice(0, d), inputs.slice(d))
  const inputs = beside(
    [
      [points, d],
      [actions, k]
    ],
    points.length / d
  )
  return pipe(
    derivativesOf({ where, definition, outputs: d, along: d }, inputs, d + k),
    E.map(({ values, slopes }) => ({ actions, images: values, jacobians: slopes }))
  )
}

/** Actions of one mechanism for `rows` points, drawn from where they range. */
export const actionsFor = (
  mechanism: Mechanism,
  index: number,
  rows: number,
  domains: ReadonlyArray<ReadonlyArray<ActionDomain>> | undefined,
  seed: number,
  label: string
): Float64Array =>
  drawActions(
    domains?.[index] ?? actionDomainsOf(mechanism),
    mechanism.actions,
    rows,
    generator(seed).split('actions').split(index).split(label)
  )

/** X(m(z)) in units, for every field X of a dictionary: N · d × size. */
export const atImages = (space: FieldSpace, { images }: Transition, units: Float64Array): Dense => {
  const rows = images.length / space.latents
  return dictionaryMatrixIn(units, space, space.functions.values(images, rows), rows)
}

/** −Dm(z) X(z) in units, for every field X of a dictionary, from the functions' values at z: N · d × size. */
export const carried = (
  space: FieldSpace,
  { jacobians }: Transition,
  values: Float64Array,
  units: Float64Array
): Dense => {
  const { latents: d, size, starts, functionOf, coordinateOf } = space
  const n = space.functions.count
  const rows = values.length / n
  const out = zeros(rows * d, size)
  for (let s = 0; s < rows; s++)
    for (let i = 0; i < d; i++) {
      const to = (s * d + i) * size
      const slopes = (s * d + i) * d
      for (let j = 0; j < size; j++) {
        let sum = 0
        for (let t = starts[j]; t < starts[j + 1]; t++)
          sum -= jacobians[slopes + coordinateOf[t]] * values[s * n + functionOf[t]]
        out.data[to + j] = sum
      }
    }
  return rowsIn(units, out)
}
