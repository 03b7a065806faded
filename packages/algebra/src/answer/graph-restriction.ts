/** Both theories together: of the fields that mechanisms leave open, those that also preserve a causal graph. */
import { type BinaryMatrix, get, getMonoidAnd, graphOfKernel, graphPattern } from '@mechid/causal-graph'
import { invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { asAffine, asVectorFields, closedUnderProducts, restrictedFields } from './affine-basis.js'
import type { AmbiguityOptions } from './ambiguity.js'
import type { ConnectedPart } from './connected-part.js'
import { withoutSlopes } from './field-span.js'
import type { Sorted } from './known.js'

/**
 * The pattern asked for: a matrix as given, or what the kernels' own graphs let v_i depend on ([MS] section 4). Several
 * kernels: where all of them do. Errors: `ShapeMismatch`, `InvalidOption` (`graph` where there are no kernels).
 */
export const patternOf = (
  where: string,
  { _tag, latents, list }: Sorted,
  within: AmbiguityOptions['within']
): Result<BinaryMatrix | undefined> => {
  if (within === undefined) return E.right(undefined)
  if (within === 'graph') {
    if (_tag !== 'Kernels')
      return E.left(invalidOption(where, 'within', "'graph'", 'a pattern, or kernels to read a graph from'))
    const { concat } = getMonoidAnd(latents, latents)
    const [first, ...rest] = list.map((kernel) => graphPattern(graphOfKernel(kernel)))
    return E.right(rest.reduce(concat, first))
  }
  return within.rows === latents && within.columns === latents
    ? E.right(within)
    : E.left(
        shapeMismatch(where, 'the pattern', `${within.rows} × ${within.columns}`, `${latents} × ${latents}`)
      )
}

const forbidden = (pattern: BinaryMatrix): number[] =>
  Array.from({ length: pattern.rows * pattern.rows }, (_, e) => e).filter(
    (e) => !get(pattern, Math.floor(e / pattern.rows), e % pattern.rows)
  )

/** Errors: `Undecided`. */
export const heldTo = (
  where: string,
  part: ConnectedPart,
  pattern: BinaryMatrix,
  { points, halfWidth }: { readonly points: Float64Array; readonly halfWidth: Float64Array },
  tolerance: number
): Result<ConnectedPart> => {
  const entries = forbidden(pattern)
  if (entries.length === 0 || part.fields.dimension === 0) return E.right(part)
  const { algebra: _, ...rest } = part
  const d = part.fields.latents
  if (part.affine !== undefined)
    return pipe(
      restrictedFields(
        where,
        part.affine,
        part.unit,
        ({ matrix }) => entries.map((e) => matrix.data[e]),
        tolerance
      ),
      E.map(({ basis, decision }) => ({
        ...rest,
        affine: basis,
        fields: asVectorFields(d, basis, part.fields.space.description),
        closed: closedUnderProducts(basis, part.unit),
        evidence: { ...part.evidence, ...(decision === undefined ? {} : { restriction: decision }) }
      }))
    )
  return pipe(
    withoutSlopes(where, part.fields, points, halfWidth, entries, tolerance),
    E.map(({ fields, decision }) => {
      const affine = asAffine(fields, points)
      return {
        ...rest,
        fields,
        ...(affine === undefined ? {} : { affine }),
        closed: affine !== undefined && closedUnderProducts(affine, part.unit),
        evidence: { ...part.evidence, restriction: decision }
      }
    })
  )
}
