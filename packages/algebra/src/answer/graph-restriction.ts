/** Both theories together: of the fields that mechanisms leave open, those that also preserve a causal graph. */
import { graphPattern } from '@mechid/causal-graph'
import { type EdgeTable, invalidOption, notBinary, orThrow, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { asAffine, asVectorFields, closedUnderProducts, restrictedFields } from './affine-basis.js'
import type { AmbiguityOptions } from './ambiguity.js'
import type { ConnectedPart } from './connected-part.js'
import { withoutSlopes } from './field-span.js'
import type { Sorted } from './known.js'

const both = (one: EdgeTable, other: EdgeTable): EdgeTable =>
  one.map((row, i) => row.map((entry, j) => entry & other[i][j]))

const checkedPattern = (where: string, pattern: EdgeTable, latents: number): Result<EdgeTable> => {
  const ragged = pattern.find((row) => row.length !== latents)
  if (pattern.length !== latents || ragged !== undefined) {
    const actual = `${pattern.length} × ${(ragged ?? pattern[0] ?? []).length}`
    return E.left(shapeMismatch(where, 'the pattern', actual, `${latents} × ${latents}`))
  }
  for (const [i, row] of pattern.entries()) {
    const j = row.findIndex((entry) => entry !== 0 && entry !== 1)
    if (j >= 0) return E.left(notBinary(where, 'the pattern', i, j, row[j]))
  }
  return E.right(pattern)
}

/**
 * The pattern asked for: a table as given, or what the kernels' own graphs let v_i depend on ([MS] section 4). Several
 * kernels: where all of them do. Errors: `ShapeMismatch`, `NotBinary`, `InvalidOption` (`graph` where there are no kernels).
 */
export const patternOf = (
  where: string,
  { _tag, latents, list }: Sorted,
  within: AmbiguityOptions['within']
): Result<EdgeTable | undefined> => {
  if (within === undefined) return E.right(undefined)
  if (within === 'graph') {
    if (_tag !== 'Kernels')
      return E.left(invalidOption(where, 'within', "'graph'", 'a pattern, or kernels to read a graph from'))
    // The graph of a kernel is sound.
    return E.right(list.map((kernel) => orThrow(graphPattern(kernel))).reduce(both))
  }
  return checkedPattern(where, within, latents)
}

/** Places of zeros, row by row. */
const forbidden = (pattern: EdgeTable): number[] =>
  pattern.flat().flatMap((entry, e) => (entry === 0 ? [e] : []))

/** Errors: `Undecided`. */
export const heldTo = (
  where: string,
  part: ConnectedPart,
  pattern: EdgeTable,
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
        part.units,
        ({ matrix }) => entries.map((e) => matrix.data[e]),
        tolerance
      ),
      E.map(({ basis, decision }) => ({
        ...rest,
        affine: basis,
        fields: asVectorFields(d, basis, part.fields.space.description),
        closed: closedUnderProducts(basis, part.units),
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
        closed: affine !== undefined && closedUnderProducts(affine, part.units),
        evidence: { ...part.evidence, restriction: decision }
      }
    })
  )
}
