/** Invertible maps of latents that preserve a graph, as a group. */
import { type Elementary, number } from '@mechid/mechanisms'
import { type Dense, inverse } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { type EdgeTable, notInvertible, orThrow, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Group } from 'fp-ts/lib/Group.js'
import type { Show } from 'fp-ts/lib/Show.js'
import { type GraphError, notPreserving } from '../errors.js'
import { showTable } from '../matrices/edge-table.js'
import { jacobianAt, scatteredPoints } from './entanglement.js'
import { checkPattern, randomPreservingMatrix } from './preserving-group.js'
import { type LatentMap, linearTransformation, type Transformation } from './transformation.js'

/** A diffeomorphism whose entanglement graph lies within `pattern`, with its inverse ([MS] section 2). */
export interface PreservingMap extends LatentMap {
  readonly pattern: EdgeTable
  readonly invert: Transformation
}

/** Absolute, for entries of a Jacobian outside the pattern and for `invert(apply(z)) − z`. */
const TOLERANCE = 1e-8

/**
 * A map with its inverse, checked at scattered points: the Jacobian lies within the pattern, and `invert` undoes
 * `apply`, both to 1e−8 (1 + |value|).
 *
 * Errors: `NotBinary`, `ShapeMismatch`, `InvalidOption` (a pattern that is no preorder), `NotPreserving`, `NotInvertible`.
 *
 * @example
 * preservingMap([[1, 0], [1, 1]], (F, [x, y]) => [x, F.add(y, F.sin(x))], (F, [x, y]) => [x, F.sub(y, F.sin(x))])
 */
export const preservingMap = (
  pattern: EdgeTable,
  apply: Transformation,
  invert: Transformation
): E.Either<GraphError, PreservingMap> => {
  const where = 'preservingMap'
  const sound = checkPattern(where, pattern)
  if (E.isLeft(sound)) return sound
  const d = pattern.length
  for (const point of scatteredPoints(d, 6)) {
    const image = apply(number, point)
    if (image.length !== d)
      return E.left(shapeMismatch(where, 'the length of what the map returns', image.length, String(d)))
    const slopes = jacobianAt({ latents: d, apply }, point)
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++)
        if (pattern[i][j] === 0 && !(Math.abs(slopes[i][j]) <= TOLERANCE))
          return E.left(notPreserving(where, `∂v_${i}/∂z_${j}`, i, j, slopes[i][j]))
    const back = invert(number, image)
    if (back.length !== d)
      return E.left(shapeMismatch(where, 'the length of what the inverse returns', back.length, String(d)))
    const astray = back.findIndex((x, i) => !(Math.abs(x - point[i]) <= TOLERANCE * (1 + Math.abs(point[i]))))
    if (astray >= 0)
      return E.left(
        notInvertible(
          where,
          `coordinate ${astray} of invert(apply(z))`,
          back[astray],
          `${point[astray]}, as z has there`
        )
      )
  }
  return E.right({ latents: d, pattern, apply, invert })
}

/** asinh and sinh by what every reading has; slopes lie between 0 and 1 resp. above 1. */
const asinh = <A>(F: Elementary<A>, x: A): A => {
  const size = F.abs(x)
  const y = F.log(F.add(size, F.sqrt(F.add(F.mul(size, size), F.one))))
  return F.where(x, y, F.neg(y))
}
const sinh = <A>(F: Elementary<A>, x: A): A => F.mul(F.lit(0.5), F.sub(F.exp(x), F.exp(F.neg(x))))

/**
 * A random nonlinear member: two random matrices of the pattern's group with asinh of each coordinate between
 * (v = A · asinh(B z)), hence a diffeomorphism of all of R^d with a closed-form inverse. Advances `random`.
 * Errors: as `randomPreservingMatrix`.
 */
export const randomPreservingMap = (
  random: Generator,
  pattern: EdgeTable
): E.Either<GraphError, PreservingMap> =>
  E.flatMap((a: { readonly matrix: Dense }) =>
    E.map((b: { readonly matrix: Dense }): PreservingMap => {
      const [outer, inner] = [linearTransformation(a.matrix), linearTransformation(b.matrix)]
      // A dominant entry in each row: there is an inverse.
      const inverted = (m: Dense): Transformation =>
        linearTransformation(orThrow(inverse('randomPreservingMap', m)))
      const [outerBack, innerBack] = [inverted(a.matrix), inverted(b.matrix)]
      return {
        latents: pattern.length,
        pattern,
        apply: (F, z) =>
          outer(
            F,
            inner(F, z).map((x) => asinh(F, x))
          ),
        invert: (F, z) =>
          innerBack(
            F,
            outerBack(F, z).map((x) => sinh(F, x))
          )
      }
    })(randomPreservingMatrix(random, pattern))
  )(randomPreservingMatrix(random, pattern))

// Instances

/**
 * The group of diffeomorphisms within one pattern under composition, `concat(f, g) = f ∘ g`. Laws: as of any
 * group, at every point and up to rounding.
 *
 * Errors: `NotBinary`, `ShapeMismatch`, `InvalidOption` (a pattern that is no preorder).
 */
export const getPreservingMapGroup = (pattern: EdgeTable): E.Either<GraphError, Group<PreservingMap>> =>
  E.map(
    ({ rows: latents }: { readonly rows: number }): Group<PreservingMap> => ({
      concat: (f, g) => ({
        latents,
        pattern,
        apply: (F, z) => f.apply(F, g.apply(F, z)),
        invert: (F, z) => g.invert(F, f.invert(F, z))
      }),
      empty: { latents, pattern, apply: (_, z) => z, invert: (_, z) => z },
      inverse: (f) => ({ ...f, apply: f.invert, invert: f.apply })
    })
  )(checkPattern('getPreservingMapGroup', pattern))

/** Maps that agree at all `points` to `tolerance · (1 + |value|)`: the most that values can show. */
export const getEqLatentMap = (
  points: ReadonlyArray<ReadonlyArray<number>>,
  tolerance: number
): Eq<LatentMap> => ({
  equals: (f, g) =>
    f.latents === g.latents &&
    points.every((point) => {
      const other = g.apply(number, point)
      return f
        .apply(number, point)
        .every((x, i) => Math.abs(x - other[i]) <= tolerance * (1 + Math.abs(other[i])))
    })
})

/** The pattern that the map keeps: what of it can be read. */
export const showPreservingMap: Show<PreservingMap> = {
  show: (f) => `a map of ${f.latents} latents within\n${showTable(f.pattern)}`
}
