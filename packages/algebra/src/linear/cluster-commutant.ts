/** Commutants of large maps: only generalized eigenspaces with a common eigenvalue can be joined. */
import {
  type Dense,
  frobenius,
  identityMatrix,
  multiply,
  pivotedQr,
  type RankDecision,
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
import type { Result } from '../errors.js'
import { directCommutant, type MatrixSpace, matricesOf } from './commutator.js'

/** Beyond this size a block's own d² × d² system is too large. */
export const LARGEST_BLOCK = 24

const LEAF: (floor: number) => RankDecision = (floor) => ({
  ladder: Float64Array.of(0),
  nullity: 1,
  tolerance: floor,
  gap: 1 / floor,
  runnerUp: 1,
  certainty: 'clear'
})

const units = (k: number): Dense[] =>
  Array.from({ length: k * k }, (_, e) => tabulated(k, k, (i, j) => (i * k + j === e ? 1 : 0)))

const isScalar = ({ data, shape: [k] }: Dense, tolerance: number): boolean =>
  data.every((x, e) => Math.abs(x - (e % (k + 1) === 0 ? data[0] : 0)) <= tolerance)

const allMatrices = (k: number, floor: number): MatrixSpace => ({
  basis: units(k),
  decision: { ...LEAF(floor), ladder: new Float64Array(k * k), nullity: k * k }
})

const ofBlock = (where: string, block: SpectralBlock, tolerance: number): Result<MatrixSpace> => {
  const k = block.matrix.shape[0]
  const floor = Math.max(tolerance, roundingLevel(k * k, k * k))
  if (k === 1) return E.right({ basis: [identityMatrix(1)], decision: LEAF(floor) })
  if (isScalar(block.matrix, floor)) return E.right(allMatrices(k, floor))
  if (k <= LARGEST_BLOCK) return directCommutant(where, [block.matrix], tolerance)
  const what = 'the size of a block of the map that its spectrum does not split'
  return E.left(tooLarge(where, what, k, LARGEST_BLOCK))
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

/** The decisions of all blocks as one; separations belong to the ladder but never to the null space. */
const joined = (parts: ReadonlyArray<RankDecision>, apart: ReadonlyArray<number>): RankDecision => ({
  ladder: Float64Array.from([...apart, ...parts.flatMap(({ ladder }) => [...ladder])])
    .sort()
    .reverse(),
  nullity: parts.reduce((sum, { nullity }) => sum + nullity, 0),
  tolerance: Math.max(...parts.map(({ tolerance }) => tolerance)),
  gap: Math.min(...parts.map(({ gap }) => gap)),
  runnerUp: Math.max(...parts.map(({ runnerUp }) => runnerUp)),
  certainty: parts.every(({ certainty }) => certainty === 'clear') ? 'clear' : 'narrow'
})

const unit = (m: Dense): Dense => scaled(1 / frobenius(m), m)

/** An orthonormal basis of the span of independent matrices. */
export const orthonormal = (basis: ReadonlyArray<Dense>): Dense[] => {
  if (basis.length === 0) return []
  const [rows, columns] = basis[0].shape
  const flat = zeros(rows * columns, basis.length)
  basis.forEach(({ data }, k) => {
    for (let e = 0; e < data.length; e++) flat.data[e * basis.length + k] = data[e]
  })
  return matricesOf(thinQ(pivotedQr(flat), basis.length), rows, columns)
}

/**
 * The commutant of one scaled map, block by block along its spectrum. Matrices have norm 1; those of different
 * blocks need not be orthogonal. The ladder holds the operator's eigenvalues between blocks in place of its
 * singular values.
 *
 * Errors: `Undecided`, `TooLarge`.
 */
export const clusterCommutant = (where: string, map: Dense, tolerance: number): Result<MatrixSpace> => {
  const blocks = spectralBlocks(map)
  const basis: Dense[] = []
  const decisions: RankDecision[] = []
  for (const block of blocks) {
    const own = ofBlock(where, block, tolerance)
    if (E.isLeft(own)) return own
    decisions.push(own.right.decision)
    for (const b of own.right.basis) basis.push(unit(multiply(block.embed, multiply(b, block.project))))
  }
  return E.right({ basis, decision: joined(decisions, separations(blocks)) })
}
