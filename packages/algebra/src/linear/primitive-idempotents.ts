/** A matrix algebra's identity as a sum of primitive idempotents, by splitting with random elements. */
import {
  combine,
  type Dense,
  frobenius,
  type SpectralBlock,
  scaled,
  spectralBlocks,
  transposed,
  weightedSum
} from '@mechid/numerics'
import { type Generator, generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { inconsistent, type Result } from '../errors.js'
import { type Corner, subCorner, traceForm } from './corner.js'

/** The real division algebra that a corner is, modulo its radical. */
export type DivisionType = 'R' | 'C' | 'H'

const TYPES = new Map<number, DivisionType>([
  [1, 'R'],
  [2, 'C'],
  [4, 'H']
])

/** A corner that no idempotent splits. */
export interface PrimitiveCorner extends Corner {
  readonly type: DivisionType
}

/** Of M_2(R) a random element splits with probability about 0.7: this many fail together once in 10²⁰. */
const DRAWS = 40

const drawn = (basis: ReadonlyArray<Dense>, random: Generator, symmetric: boolean): Dense => {
  const x = weightedSum(
    basis.map(() => random.normal()),
    basis
  )
  const y = symmetric ? combine(1, x, 1, transposed(x)) : x
  return scaled(1 / Math.max(frobenius(y), 1e-300), y)
}

/** Of small corners several splits are compared, since what follows inherits a bad condition. */
const COMPARED = 8
const SMALL = 12

/** How oblique a split is: the largest norm of a projection along the others. */
const obliqueness = (blocks: ReadonlyArray<SpectralBlock>): number =>
  blocks.length < 2
    ? Number.POSITIVE_INFINITY
    : Math.max(...blocks.map(({ project }) => frobenius(project) / Math.sqrt(project.shape[0])))

/** The least oblique split among a few draws, or else the first at all. */
const splitting = (corner: Corner, random: Generator, symmetric: boolean): SpectralBlock[] => {
  const compared = symmetric || corner.embed.shape[1] > SMALL ? 1 : COMPARED
  let best: SpectralBlock[] = []
  for (let draw = 0; draw < DRAWS && (draw < compared || best.length < 2); draw++) {
    const blocks = spectralBlocks(drawn(corner.basis, random, symmetric))
    if (obliqueness(blocks) < obliqueness(best)) best = blocks
  }
  return best
}

/**
 * Splits until e A e modulo its radical is R, C or H: that is so exactly where tr(x y) has one positive square there
 * (M_n over R, C, H have n(n+1)/2, n², n(2n−1)). `symmetric`: the algebra holds its transposes, so that symmetric
 * elements split it orthogonally (the spectral theorem).
 *
 * Errors: `Undecided`, `Inconsistent`.
 */
export const primitiveCorners = (
  where: string,
  whole: Corner,
  symmetric: boolean,
  tolerance: number
): Result<ReadonlyArray<PrimitiveCorner>> => {
  const random = generator(1).split('splitting of an algebra')
  const waiting: Corner[] = [whole]
  const found: PrimitiveCorner[] = []
  for (let corner = waiting.pop(); corner !== undefined; corner = waiting.pop()) {
    const form = traceForm(where, corner.basis, tolerance)
    if (E.isLeft(form)) return form
    const { rank, positive, decision } = form.right
    const type = positive === 1 ? TYPES.get(rank) : undefined
    const isSure = type !== undefined && decision.certainty === 'clear'
    const blocks = isSure ? [] : splitting(corner, random, symmetric)
    // In oblique coordinates the form may look degenerate where it is not: what splits is not primitive.
    if (type !== undefined && blocks.length < 2) {
      found.push({ ...corner, type })
      continue
    }
    if (blocks.length < 2)
      return E.left(
        inconsistent(
          where,
          'the number of simple parts that random elements split a block into',
          'one',
          `at least two, by ${positive} positive squares of tr(x y)`
        )
      )
    for (const { embed, project } of blocks) {
      const part = subCorner(where, corner, embed, project, tolerance)
      if (E.isLeft(part)) return part
      waiting.push(part.right)
    }
  }
  return E.right(found)
}
