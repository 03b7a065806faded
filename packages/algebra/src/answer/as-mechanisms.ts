/** Matrices as mechanisms, where points are needed. */
import { affine as affineMechanism, type Mechanism } from '@mechid/mechanisms'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Result, toldBy } from '../errors.js'
import type { LinearMap } from '../finite/linear-symmetries.js'
import type { Sorted } from './known.js'

/** Mechanisms or kernels: whatever has no matrices. */
export type Sampled = Exclude<Sorted, { readonly _tag: 'Maps' }>

const WHERE = 'ambiguityOf'

const asMechanism = (map: LinearMap, index: number): Result<Mechanism> => {
  if (map.covariance !== undefined)
    return E.left(
      invalidOption(WHERE, `map ${index}`, 'given with a covariance', 'a kernel, where fields are looked for')
    )
  const made = affineMechanism(map.matrix, map.shift ?? new Array<number>(map.matrix.length).fill(0))
  return pipe(
    made,
    E.mapLeft((error) => toldBy(`${WHERE}, map ${index}`, error))
  )
}

/** What has matrices as mechanisms. Errors: `InvalidOption` (a covariance), `ShapeMismatch`, `NotFinite`. */
export const sampledOf = (known: Sorted): Result<Sampled> =>
  known._tag !== 'Maps'
    ? E.right(known)
    : pipe(
        known.list,
        E.traverseArrayWithIndex((k, map) => asMechanism(map, k)),
        E.map((list) => ({ _tag: 'Mechanisms' as const, latents: known.latents, list }))
      )
