/** What a matrix algebra is made of: radical, simple factors, indecomposable blocks, components of its units. */
import {
  columnsOf,
  combine,
  type Dense,
  decideRank,
  frobenius,
  identityMatrix,
  innerProduct,
  multiply,
  type RankDecision,
  roundingLevel,
  scaled,
  traceOfProduct,
  transposed,
  weightedSum
} from '@mechid/numerics'
import { generator } from '@mechid/random'
import { invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { inconsistent, type Result } from '../errors.js'
import { inUnits, normalized, outOfUnits, type Units } from './balancing.js'
import { orthonormal } from './cluster-commutant.js'
import type { MatrixAlgebra } from './commutant.js'
import { combinationsOf } from './commutator.js'
import { cutAt, type TraceForm, traceForm } from './corner.js'
import { type DivisionType, type PrimitiveCorner, primitiveCorners } from './primitive-idempotents.js'

/** A factor M_size(type) of the algebra modulo its radical. */
export interface SimpleFactor {
  readonly type: DivisionType
  /** n of M_n */
  readonly size: number
  /** size² times 1, 2 or 4 */
  readonly dimension: number
  /** Its `size` blocks, as indices of `blocks`: isomorphic to each other. */
  readonly blocks: ReadonlyArray<number>
}

/** An indecomposable direct summand of R^d under the algebra: the image of a primitive idempotent. */
export interface IndecomposableBlock {
  /** d × k: columns span the summand. */
  readonly embed: Dense
  /** k × d: coordinates along it; `embed · project` is the idempotent. */
  readonly project: Dense
  readonly type: DivisionType
}

export interface AlgebraStructure {
  readonly dimension: number
  /** A basis of the radical, the largest nilpotent ideal. */
  readonly radical: ReadonlyArray<Dense>
  /** Of the semisimple quotient, larger ones first. */
  readonly factors: ReadonlyArray<SimpleFactor>
  /** Together a basis of R^d. */
  readonly blocks: ReadonlyArray<IndecomposableBlock>
  /** Factors by central idempotents of the algebra itself: those of one list are linked by the radical. */
  readonly centralBlocks: ReadonlyArray<ReadonlyArray<number>>
  /** Connected components of the group of units: 2 for each factor over R, 1 for each over C or H. */
  readonly components: bigint
  /** Whether transposes of elements are elements: blocks are then orthogonal to each other. */
  readonly closedUnderTranspose: boolean
  /** How sure the rank of tr(x y), and so the radical, is. */
  readonly decision: RankDecision
}

const WHERE = 'algebraStructure'

/** Rounding in what a few products leave outside a span. */
const OUTSIDE = 1e-8

const outside = (x: Dense, span: ReadonlyArray<Dense>): number => {
  const along = span.map((b) => innerProduct(b, x))
  return frobenius(combine(1, x, -1, weightedSum(along, span)))
}

/** The identity and products of random elements must lie in the span. */
const checkClosed = (basis: ReadonlyArray<Dense>): Result<void> => {
  const random = generator(1).split('products')
  const draw = (): Dense => {
    const x = weightedSum(
      basis.map(() => random.normal()),
      basis
    )
    return scaled(1 / frobenius(x), x)
  }
  const one = identityMatrix(basis[0].shape[0])
  if (outside(scaled(1 / frobenius(one), one), basis) > OUTSIDE)
    return E.left(invalidOption(WHERE, 'the span of the basis', 'without the identity', 'an algebra with it'))
  for (let k = 0; k < 3; k++)
    if (outside(multiply(draw(), draw()), basis) > OUTSIDE)
      return E.left(invalidOption(WHERE, 'the span of the basis', 'not closed under products', 'an algebra'))
  return E.right(undefined)
}

const isStarClosed = (basis: ReadonlyArray<Dense>): boolean =>
  basis.every((b) => outside(transposed(b), basis) <= OUTSIDE)

interface Links {
  /** tr(x y) for generic x in e A f, y in f A e: not zero exactly where e and f are isomorphic. */
  readonly pairing: number
  /** The larger of e A f and f A e. */
  readonly size: number
}

/** Random elements between blocks e and f, both ways, for each pair. */
const linksOf = (basis: ReadonlyArray<Dense>, blocks: ReadonlyArray<PrimitiveCorner>): Links[][] => {
  const random = generator(1).split('links between blocks')
  const elements = Array.from({ length: 6 }, () =>
    weightedSum(
      basis.map(() => random.normal() / Math.sqrt(basis.length)),
      basis
    )
  )
  const moved = elements.map((x) => blocks.map(({ embed }) => multiply(x, embed)))
  const between = (k: number, e: number, f: number): Dense => multiply(blocks[e].project, moved[k][f])
  return blocks.map((_, e) =>
    blocks.slice(0, e).map((_, f) => {
      const there = elements.map((_, k) => between(k, e, f))
      const back = elements.map((_, k) => between(k, f, e))
      const pairs = [0, 2, 4].map((k) => Math.abs(traceOfProduct(there[k], back[k + 1])))
      return { pairing: Math.max(...pairs), size: Math.max(...[...there, ...back].map(frobenius)) }
    })
  )
}

/** Which of many numbers of size about 1 or 0 are not 0, by the gap between them. */
export const nonZero = (
  where: string,
  values: ReadonlyArray<number>,
  tolerance: number
): Result<{ readonly isNonZero: ReadonlyArray<boolean>; readonly decision: RankDecision }> => {
  const ladder = Float64Array.from(values).sort().reverse()
  return pipe(
    decideRank(where, ladder, { floor: tolerance }),
    E.map((decision) => {
      const rank = ladder.length - decision.nullity
      const least = rank > 0 ? ladder[rank - 1] : Number.POSITIVE_INFINITY
      return { isNonZero: values.map((x) => x >= least), decision }
    })
  )
}

/** Connected components of 0..count−1 under pairs (e, f), f < e, in the order e, f. */
const joinedBy = (count: number, joins: ReadonlyArray<boolean>): number[][] => {
  const label = Array.from({ length: count }, (_, k) => k)
  let at = 0
  for (let e = 0; e < count; e++)
    for (let f = 0; f < e; f++) {
      if (!joins[at++] || label[e] === label[f]) continue
      const [from, to] = [label[e], label[f]]
      for (let k = 0; k < count; k++) if (label[k] === from) label[k] = to
    }
  return [...new Set(label)].map((l) => label.flatMap((other, k) => (other === l ? [k] : [])))
}

const DIMENSIONS: Readonly<Record<DivisionType, number>> = { R: 1, C: 2, H: 4 }

const factorsOf = (blocks: ReadonlyArray<PrimitiveCorner>, classes: number[][]): SimpleFactor[] =>
  classes
    .map((members) => {
      const { type } = blocks[members[0]]
      const size = members.length
      return { type, size, dimension: size * size * DIMENSIONS[type], blocks: members }
    })
    .sort((a, b) => b.dimension - a.dimension)

const assembled = (
  basis: ReadonlyArray<Dense>,
  form: TraceForm,
  blocks: ReadonlyArray<PrimitiveCorner>,
  closedUnderTranspose: boolean,
  tolerance: number
): Result<AlgebraStructure> => {
  const links = linksOf(basis, blocks).flat()
  const floor = Math.max(tolerance, roundingLevel(basis.length, basis[0].data.length))
  return pipe(
    E.Do,
    E.bind('alike', () =>
      nonZero(
        WHERE,
        links.map(({ pairing }) => pairing),
        floor
      )
    ),
    E.bind('linked', () =>
      nonZero(
        WHERE,
        links.map(({ size }) => size),
        floor
      )
    ),
    E.flatMap(({ alike, linked }) => {
      const factors = factorsOf(blocks, joinedBy(blocks.length, alike.isNonZero))
      const counted = factors.reduce((sum, { dimension }) => sum + dimension, 0)
      const cut = cutAt(form, counted)
      if (cut === undefined)
        return E.left(
          inconsistent(
            WHERE,
            'the dimension of all simple factors',
            counted,
            `${form.rank}, the rank of tr(x y)`
          )
        )
      const groups = joinedBy(blocks.length, linked.isNonZero)
      return E.right({
        dimension: basis.length,
        radical: combinationsOf(basis, columnsOf(cut.vectors, counted, basis.length)),
        factors,
        blocks: blocks.map(({ embed, project, type }) => ({ embed, project, type })),
        centralBlocks: groups.map((group) =>
          factors.flatMap(({ blocks: [first] }, k) => (group.includes(first) ? [k] : []))
        ),
        components: 2n ** BigInt(factors.filter(({ type }) => type === 'R').length),
        closedUnderTranspose,
        decision: cut.decision
      })
    })
  )
}

/** Out of units: columns of `embed` as vectors of latents, rows of `project` as functions of them. */
const blockOutOf = ({ embed, project, type }: IndecomposableBlock, units: Units): IndecomposableBlock => ({
  embed: { data: embed.data.map((x, e) => x * units[Math.floor(e / embed.shape[1])]), shape: embed.shape },
  project: { data: project.data.map((x, e) => x / units[e % project.shape[1]]), shape: project.shape },
  type
})

const structureOf = (
  basis: ReadonlyArray<Dense>,
  star: boolean,
  tolerance: number
): Result<AlgebraStructure> => {
  const one = identityMatrix(basis[0].shape[0])
  return pipe(
    checkClosed(basis),
    E.bind('form', () => traceForm(WHERE, basis, tolerance)),
    E.bind('blocks', () => primitiveCorners(WHERE, { embed: one, project: one, basis }, star, tolerance)),
    E.flatMap(({ form, blocks }) => assembled(basis, form, blocks, star, tolerance))
  )
}

/**
 * The structure of a matrix algebra with identity, such as a commutant, from a basis: the radical is the kernel of the
 * form tr(x y); primitive idempotents come from spectra of random elements (Wedderburn–Malcev; the real division
 * algebras by Frobenius). By default the tolerance is the algebra's own.
 *
 * For saying what an ambiguity is made of: which blocks it mixes, and how many components it has. The dimension and who is
 * mixed with whom are told without it, by `commutant` and `algebraSupport`, and more surely.
 *
 * Errors: `ShapeMismatch` (an empty basis), `InvalidOption` (the span is no algebra with identity), `Undecided`,
 * `Inconsistent` (rounding in what is too close to degenerate).
 *
 * @example
 * algebraStructure(commutant) // of diag(1, 2): right: two factors R, 4 components
 */
export const algebraStructure = (
  algebra: MatrixAlgebra,
  tolerance = algebra.decision.tolerance
): Result<AlgebraStructure> => {
  if (algebra.basis.length === 0)
    return E.left(shapeMismatch(WHERE, 'the basis', 'empty', 'one matrix or more'))
  const { units } = algebra
  const plain = orthonormal(algebra.basis)
  // Closed under transposes as it is, it has orthogonal blocks, and no units are better.
  if (isStarClosed(plain)) return structureOf(plain, true, tolerance)
  const basis = orthonormal(algebra.basis.map((b) => normalized(inUnits(b, units))))
  return E.map((found: AlgebraStructure) => ({
    ...found,
    radical: found.radical.map((b) => normalized(outOfUnits(b, units))),
    blocks: found.blocks.map((block) => blockOutOf(block, units)),
    closedUnderTranspose: false
  }))(structureOf(basis, isStarClosed(basis), tolerance))
}
