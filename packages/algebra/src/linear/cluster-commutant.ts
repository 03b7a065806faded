/** Commutants of large maps: only generalized eigenspaces with a common eigenvalue can be joined. */
import {
  areColumnsApart,
  type Dense,
  frobenius,
  identityMatrix,
  multiply,
  pivotedQr,
  type RankDecision,
  type RankRule,
  roundingLevel,
  type SpectralBlock,
  scaled,
  spectralBlocks,
  tabulated,
  thinQ,
  zeros
} from '@mechid/numerics'
import { tooLarge } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { normalized } from './balancing.js'
import { directCommutant, type MatrixSpace, matricesOf, type Weighed } from './commutator.js'
import { allZero, doubtedAbove, joinedDecision } from './joined-decision.js'

/** Eigenvalues within so many tolerances of each other stay together, for the tolerance to decide. */
const CLUSTERED = 4

/** Beyond this size a block's own d² × d² system is too large. */
export const LARGEST_BLOCK = 24

/** What a block may be wrong by relative to its own eigenvalues, and still be called a multiple of the identity. */
const TELLING = 1e-10

const units = (k: number): Dense[] =>
  Array.from({ length: k * k }, (_, e) => tabulated(k, k, (i, j) => (i * k + j === e ? 1 : 0)))

/** The largest entry of M − M_00 I. */
const awayFromScalar = ({ data, shape: [k] }: Dense): number =>
  data.reduce((most, x, e) => Math.max(most, Math.abs(x - (e % (k + 1) === 0 ? data[0] : 0))), 0)

/** A multiple of the identity, up to `noise`, commutes with everything; not surely so if it is hardly larger itself. */
const allMatrices = ({ data, shape: [k] }: Dense, away: number, noise: number): MatrixSpace => {
  const decision = allZero(k * k, noise)
  const size = Math.abs(data[0])
  const isClear = away === 0 || size <= noise || noise <= TELLING * size
  return {
    basis: units(k),
    decision: isClear ? decision : { ...decision, certainty: 'narrow', inDoubt: away / size }
  }
}

const ofBlock = (
  where: string,
  block: SpectralBlock,
  rule: Partial<RankRule>,
  weigh: (map: Dense) => Weighed,
  isWhole: boolean
): Result<MatrixSpace> => {
  const { matrix, project } = block
  const k = matrix.shape[0]
  // An oblique projection magnifies rounding.
  const oblique = isWhole ? 1 : Math.max(1, frobenius(project) / Math.sqrt(k))
  const noise = Math.max(rule.floor ?? 0, roundingLevel(k * k, k * k) * oblique)
  if (k === 1) return E.right({ basis: [identityMatrix(1)], decision: allZero(1, noise) })
  const away = awayFromScalar(matrix)
  if (away <= Math.max(noise, rule.tolerance ?? 0)) return E.right(allMatrices(matrix, away, noise))
  if (k > LARGEST_BLOCK) {
    const what = 'the size of a block of the map that its spectrum does not split'
    return E.left(tooLarge(where, what, k, LARGEST_BLOCK))
  }
  const own = weigh(matrix)
  // Of the map as it was given, small entries are as exact as large ones; of a block they are not.
  const floor = isWhole ? noise : noise * own.weights.reduce((most, w) => Math.max(most, w), 1)
  return pipe(
    directCommutant(where, [own], { ...rule, floor }),
    E.map(({ basis, decision }) => ({
      basis,
      decision: rule.tolerance ? decision : doubtedAbove(decision, noise)
    }))
  )
}

/** Distances between eigenvalues of different blocks: the operator's eigenvalues there. */
const separations = (blocks: ReadonlyArray<SpectralBlock>): number[] => {
  const found: number[] = []
  blocks.forEach((block, b) => {
    for (let other = 0; other < blocks.length; other++) {
      if (other === b) continue
      for (const x of block.eigenvalues)
        for (const y of blocks[other].eigenvalues) found.push(Math.hypot(x.re - y.re, x.im - y.im))
    }
  })
  return found
}

const unit = (m: Dense): Dense => scaled(1 / frobenius(m), m)

/** An orthonormal basis of the span of independent matrices. */
export const orthonormal = (basis: ReadonlyArray<Dense>): Dense[] => {
  if (basis.length === 0) return []
  const [rows, columns] = basis[0].shape
  const flat = zeros(rows * columns, basis.length)
  basis.forEach(({ data }, k) => {
    for (let e = 0; e < data.length; e++) flat.data[e * basis.length + k] = data[e]
  })
  if (areColumnsApart(flat)) return basis.map(normalized)
  return matricesOf(thinQ(pivotedQr(flat), basis.length), rows, columns)
}

/**
 * The commutant of one scaled map, block by block along its spectrum. Matrices have norm 1; those of different
 * blocks need not be orthogonal. The ladder holds the operator's eigenvalues between blocks in place of its
 * singular values.
 *
 * Errors: `Undecided`, `TooLarge`.
 */
export const clusterCommutant = (
  where: string,
  map: Dense,
  rule: Partial<RankRule>,
  weigh: (map: Dense) => Weighed
): Result<MatrixSpace> => {
  const blocks = spectralBlocks(map, CLUSTERED * (rule.tolerance ?? 0))
  const basis: Dense[] = []
  const decisions: RankDecision[] = []
  for (const block of blocks) {
    const own = ofBlock(where, block, rule, weigh, blocks.length === 1)
    if (E.isLeft(own)) return own
    decisions.push(own.right.decision)
    for (const b of own.right.basis) basis.push(unit(multiply(block.embed, multiply(b, block.project))))
  }
  return E.right({ basis, decision: joinedDecision(decisions, separations(blocks)) })
}
