/** A matrix split along its generalized eigenspaces, without eigenvectors of defective matrices. */
import * as E from 'fp-ts/lib/Either.js'
import {
  columnsOf,
  combine,
  type Dense,
  frobenius,
  identityMatrix,
  multiply,
  scaled,
  transposed,
  zeros
} from '../dense.js'
import { pivotedQr, thinQ } from '../factors/householder.js'
import { inverse } from '../systems/inverse.js'
import { type Complex, clusters, eigenvalues } from './eigenvalues.js'

/** M restricted to one invariant subspace. */
export interface SpectralBlock {
  readonly eigenvalues: ReadonlyArray<Complex>
  /** d × k, orthonormal columns that span the subspace. */
  readonly embed: Dense
  /** k × d: coordinates along the subspace; rows of S⁻¹. */
  readonly project: Dense
  /** k × k: project · M · embed. */
  readonly matrix: Dense
}

/** Π (M − λ) over a cluster, conjugate pairs together, scaled as it grows. */
const annihilator = (m: Dense, values: ReadonlyArray<Complex>): Dense => {
  const one = identityMatrix(m.shape[0])
  let product = one
  for (const { re, im } of values) {
    // Of a pair only one counts, for both.
    if (im < 0) continue
    const shifted = combine(1, m, -re, one)
    const factor = im === 0 ? shifted : combine(1, multiply(shifted, shifted), im * im, one)
    product = product === one ? factor : multiply(product, factor)
    product = scaled(1 / Math.max(frobenius(product), 1e-300), product)
  }
  return product
}

/** The null space of the annihilator, whose dimension is known: the last columns of Q of its transpose. */
const invariantSubspace = (m: Dense, values: ReadonlyArray<Complex>): Dense => {
  const d = m.shape[0]
  const q = thinQ(pivotedQr(transposed(annihilator(m, values))), d)
  return columnsOf(q, d - values.length, d)
}

const beside = (parts: ReadonlyArray<Dense>, d: number): Dense => {
  const out = zeros(d, d)
  let at = 0
  for (const { data, shape } of parts) {
    const k = shape[1]
    for (let i = 0; i < d; i++) for (let j = 0; j < k; j++) out.data[i * d + at + j] = data[i * k + j]
    at += k
  }
  return out
}

/** ‖M V − V (W M V)‖: how far the span of V is from invariant. */
const defect = (m: Dense, { embed, matrix }: SpectralBlock): number =>
  frobenius(combine(1, multiply(m, embed), -1, multiply(embed, matrix)))

/** `undefined` where the subspaces do not span everything. */
const split = (m: Dense, values: ReadonlyArray<Complex>, groups: number[][]): SpectralBlock[] | undefined => {
  const d = m.shape[0]
  const members = groups.map((group) => group.map((k) => values[k]))
  const embeds = members.map((list) => invariantSubspace(m, list))
  const back = inverse('spectralBlocks', beside(embeds, d), 0)
  if (E.isLeft(back)) return undefined
  let at = 0
  return embeds.map((embed, g) => {
    const k = embed.shape[1]
    const project: Dense = { data: back.right.data.slice(at * d, (at + k) * d), shape: [k, d] }
    at += k
    return { eigenvalues: members[g], embed, project, matrix: multiply(project, multiply(m, embed)) }
  })
}

const MOST_ILL = 1e6
const MOST_DEFECT = 1e-10

const sound = (m: Dense, blocks: ReadonlyArray<SpectralBlock>): boolean =>
  blocks.every((block) => frobenius(block.project) < MOST_ILL && defect(m, block) < MOST_DEFECT)

/** Distances to cluster at, from narrow to wide: a Jordan block of size k spreads its eigenvalue by ε^(1/k). */
const DISTANCES = [1e-5, 1e-4, 1e-3, 1e-2, 3e-2, 0.1]

/**
 * M (of norm about 1) as a direct sum over clusters of its spectrum. Clusters are widened until the subspaces are
 * invariant to 1e-10 and the transformation is conditioned better than 1e6; in the end M is one block. `least`: eigenvalues
 * nearer than this stay together.
 */
export const spectralBlocks = (m: Dense, least = 0): SpectralBlock[] => {
  const values = eigenvalues(m)
  let before = 0
  for (const distance of [Math.max(least, DISTANCES[0]), ...DISTANCES.filter((x) => x > least)]) {
    const groups = clusters(values, distance)
    if (groups.length === before || groups.length === 1) continue
    before = groups.length
    const blocks = split(m, values, groups)
    if (blocks !== undefined && sound(m, blocks)) return blocks
  }
  const one = identityMatrix(m.shape[0])
  return [{ eigenvalues: values, embed: one, project: one, matrix: m }]
}
