/** A matrix algebra's identity as a sum of primitive idempotents, by splitting with random elements. */
import { type Generator, generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import type { Result } from '../errors.js'
import { combine, type Dense, frobenius, scaled, transposed, weighted } from '../linalg/dense.js'
import { type SpectralBlock, spectralBlocks } from '../linalg/spectral-blocks.js'
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
  const x = weighted(
    basis.map(() => random.normal()),
    basis
  )
  const y = symmetric ? combine(1, x, 1, transposed(x)) : x
  return scaled(1 / Math.max(frobenius(y), 1e-300), y)
}

/** The draw that splits furthest of the first few, or else the first that splits at all. */
const splitting = (corner: Corner, random: Generator, symmetric: boolean): SpectralBlock[] => {
  let best: SpectralBlock[] = []
  for (let draw = 0; draw < DRAWS; draw++) {
    if (draw >= 3 && best.length > 1) break
    const blocks = spectralBlocks(drawn(corner.basis, random, symmetric))
    if (blocks.length > best.length) best = blocks
    // A symmetric element already has as many eigenvalues as there are.
    if (symmetric && best.length > 1) break
  }
  return best
}

/**
 * Splits until e A e modulo its radical is R, C or H: that is so exactly where tr(x y) has one positive square there
 * (M_n over R, C, H have n(n+1)/2, n², n(2n−1)). `symmetric`: the algebra holds its transposes, so that symmetric
 * elements split it orthogonally (the spectral theorem).
 *
 * Error: `Undecided`.
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
    const type = form.right.positive === 1 ? TYPES.get(form.right.rank) : undefined
    if (type !== undefined) {
      found.push({ ...corner, type })
      continue
    }
    const blocks = splitting(corner, random, symmetric)
    if (blocks.length < 2) {
      const { ladder, gap } = form.right.decision
      return E.left({ _tag: 'Undecided', where, ladder: Array.from(ladder), gap, needed: gap })
    }
    for (const { embed, project } of blocks) {
      const part = subCorner(where, corner, embed, project, tolerance)
      if (E.isLeft(part)) return part
      waiting.push(part.right)
    }
  }
  return E.right(found)
}
