/** Few actions and edges that single a latent out: what identifies it. */
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource, lagsOf } from '../graph/graph-bits.js'
import { type BinaryMatrix, bitCount } from '../matrices/binary-matrix.js'
import { transpose } from '../matrices/columns.js'
import { evidenceIn, type GraphEvidence, type LaggedLatent } from './explanation.js'

/** One piece of evidence, and the row of a matrix that holds all latents which share it. */
interface Piece {
  readonly kind: keyof GraphEvidence
  readonly source: number | LaggedLatent
  readonly sharing: BinaryMatrix
  readonly row: number
}

interface Sharing {
  /** Row l: the latents that action l reaches. */
  readonly actions?: BinaryMatrix
  /** By lag, row p: the latents that past latent p influences. */
  readonly causes: ReadonlyArray<BinaryMatrix>
  /** By lag, row k: the latents that influence latent k. */
  readonly effects: ReadonlyArray<BinaryMatrix>
}

const sharingOf = (graph: GraphBits): Sharing => {
  const effects = lagsOf(graph)
  return {
    ...(graph.actions === undefined ? {} : { actions: transpose(graph.actions) }),
    causes: effects.map(transpose),
    effects
  }
}

const piecesOf = (graph: GraphBits, { actions, causes, effects }: Sharing, i: number): Piece[] => {
  const evidence = evidenceIn(graph, i)
  return [
    ...(actions === undefined
      ? []
      : evidence.actions.map((l): Piece => ({ kind: 'actions', source: l, sharing: actions, row: l }))),
    ...(['causes', 'effects'] as const).flatMap((kind) =>
      evidence[kind].map((source): Piece => {
        const sharing = (kind === 'causes' ? causes : effects)[source.lag - 1]
        return { kind, source, sharing, row: source.latent }
      })
    )
  ]
}

/** How many of the remaining latents share a piece. */
const left = (remaining: Uint32Array, { sharing, row }: Piece): number => {
  let total = 0
  for (let w = 0; w < remaining.length; w++)
    total += bitCount(remaining[w] & sharing.words[row * sharing.stride + w])
  return total
}

const everyone = (size: number): Uint32Array =>
  Uint32Array.from({ length: (size + 31) >>> 5 }, (_, w) => {
    const bits = size - 32 * w
    return bits >= 32 ? 0xffffffff : 2 ** bits - 1
  })

const singledOut = (graph: GraphBits, sharing: Sharing, i: number): GraphEvidence | undefined => {
  const chosen: GraphEvidence = { actions: [], causes: [], effects: [] }
  const pieces = piecesOf(graph, sharing, i)
  const remaining = everyone(graph.size)
  for (let count = graph.size; count > 1; ) {
    let [best, least] = [-1, count]
    pieces.forEach((piece, p) => {
      const shared = left(remaining, piece)
      if (shared < least) [best, least] = [p, shared]
    })
    if (best < 0) return undefined
    const { kind, source, sharing: m, row } = pieces[best]
    if (kind === 'actions') chosen.actions.push(source as number)
    else chosen[kind].push(source as LaggedLatent)
    for (let w = 0; w < remaining.length; w++) remaining[w] &= m.words[row * m.stride + w]
    count = least
  }
  return chosen
}

/**
 * For each latent a few actions, causes and effects that no other latent has all of: the reason why it is identified (the
 * criterion of [MS], one latent at a time). Undefined where some other latent has all that it has, that is, where its row
 * of the pattern admits another. Chosen greedily, so perhaps not the fewest.
 *
 * Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * orThrow(identifyingSets(graph))[0] // { actions: [0, 5], causes: [], effects: [] }: only z0 is reached by both
 */
export const identifyingSets = (graph: GraphSource): E.Either<GraphError, (GraphEvidence | undefined)[]> =>
  E.map((bits: GraphBits) => {
    const sharing = sharingOf(bits)
    return Array.from({ length: bits.size }, (_, i) => singledOut(bits, sharing, i))
  })(bitsOf('identifyingSets', graph))
