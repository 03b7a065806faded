/** For each latent: which one it cannot be told from, and the action or the edge that would tell them apart. */

import { type GraphBits, lagsOf } from '../graph/graph-bits.js'
import { type BinaryMatrix, get, rowIsSubset } from '../matrices/binary-matrix.js'
import { transpose } from '../matrices/columns.js'

/** An edge of Gz that the graph does not have: past latent `cause` influencing latent `effect`. */
export interface NewEdge {
  readonly cause: number
  readonly effect: number
  readonly lag: number
}

/** What would tell a latent apart from others. */
export interface Remedy {
  /** A new action that reaches the one and spares the others: always enough, and never adds entanglement. */
  readonly action: { readonly reaches: number; readonly spares: ReadonlyArray<number> }
  /** An edge that would tell the pair apart and entangle nothing new, if there is one (in time only). */
  readonly edge?: NewEdge
}

/** Why a latent is identified, or is not. */
export interface LatentReason {
  readonly latent: number
  readonly identified: boolean
  /** A pair that cannot be told apart: all that bears on the latent bears on `other` and, where `mutual`, the reverse. */
  readonly pair?: { readonly other: number; readonly mutual: boolean }
  readonly remedy?: Remedy
  readonly text: string
}

/** Gz at its first lag and its transpose, both to be changed and changed back. */
interface Workspace {
  readonly graph: GraphBits
  readonly rows: ReadonlyArray<BinaryMatrix>
  readonly first: BinaryMatrix
  readonly columns: BinaryMatrix
}

const flip = (m: BinaryMatrix, row: number, column: number): void => {
  m.words[row * m.stride + (column >>> 5)] ^= 1 << (column & 31)
}

const workspaceOf = (graph: GraphBits): Workspace | undefined => {
  const lags = lagsOf(graph)
  if (lags.length === 0) return undefined
  const first = { ...lags[0], words: lags[0].words.slice() }
  const others = lags.slice(1).flatMap((gz) => [gz, transpose(gz)])
  return {
    graph,
    rows: [...(graph.actions === undefined ? [] : [graph.actions]), ...others],
    first,
    columns: transpose(first)
  }
}

const isWithin = ({ rows, first, columns }: Workspace, i: number, j: number): boolean =>
  rowIsSubset(first, i, first, j) &&
  rowIsSubset(columns, i, columns, j) &&
  rows.every((m) => rowIsSubset(m, i, m, j))

/** Whether some latent that the pattern keeps apart from `grown` lies within it now. */
const entangles = (work: Workspace, pattern: BinaryMatrix, { cause, effect }: NewEdge, grown: number) => {
  const { first, columns } = work
  // Only what `cause` influences can lie within a grown row, only what influences `effect` within a grown column.
  for (let w = 0; w < pattern.stride; w++) {
    const near = columns.words[cause * columns.stride + w] | first.words[effect * first.stride + w]
    for (let word = near; word !== 0; word &= word - 1) {
      const k = (w << 5) + 31 - Math.clz32(word & -word)
      if (!get(pattern, k, grown) && isWithin(work, k, grown)) return true
    }
  }
  return false
}

/** Whether the edge, once there, tells i from j and entangles nothing new. */
const helps = (work: Workspace, pattern: BinaryMatrix, edge: NewEdge, i: number, j: number): boolean => {
  const { cause, effect } = edge
  flip(work.first, effect, cause)
  flip(work.columns, cause, effect)
  const sound =
    !isWithin(work, i, j) &&
    !entangles(work, pattern, edge, effect) &&
    !(cause !== effect && entangles(work, pattern, edge, cause))
  flip(work.first, effect, cause)
  flip(work.columns, cause, effect)
  return sound
}

/** Edges that are tried for one pair, at most. */
const MOST_EDGES = 64

const edgeFor = (work: Workspace, pattern: BinaryMatrix, i: number, j: number): NewEdge | undefined => {
  const { first } = work
  let tried = 0
  for (let other = 0; other < first.rows && tried < MOST_EDGES; other++) {
    const into = !get(first, i, other) && (!get(first, j, other) || other === j)
    const outOf = !get(first, other, i) && (!get(first, other, j) || other === j)
    for (const edge of [
      ...(into ? [{ cause: other, effect: i, lag: 1 }] : []),
      ...(outOf ? [{ cause: i, effect: other, lag: 1 }] : [])
    ]) {
      tried++
      if (helps(work, pattern, edge, i, j)) return edge
    }
  }
  return undefined
}

const SHOWN = 8

const named = (latents: ReadonlyArray<number>): string =>
  latents.length <= SHOWN
    ? latents.map((j) => `z${j}`).join(', ')
    : `${latents
        .slice(0, SHOWN)
        .map((j) => `z${j}`)
        .join(', ')} and ${latents.length - SHOWN} more`

const sentence = (i: number, other: number, mutual: boolean, { action, edge }: Remedy): string =>
  `z${i} cannot be told from z${other}${mutual ? ', nor the other way round' : ' (one way)'}: all that bears on it bears on z${other} as well. ` +
  `An action on z${i} that spares ${named(action.spares)} would tell it apart` +
  `${edge === undefined ? '.' : `; so would, from z${other}, an edge z${edge.cause} → z${edge.effect}.`}`

/** The reasons for all latents of a graph with this pattern, whose rows admit these others. */
export const latentReasons = (
  graph: GraphBits,
  pattern: BinaryMatrix,
  entangledWith: ReadonlyArray<ReadonlyArray<number>>
): LatentReason[] => {
  const work = workspaceOf(graph)
  return entangledWith.map((others, latent): LatentReason => {
    if (others.length === 0)
      return { latent, identified: true, text: `z${latent} is identified up to an element-wise map.` }
    const other = others.find((j) => get(pattern, j, latent)) ?? others[0]
    const mutual = get(pattern, other, latent)
    const edge = work === undefined ? undefined : edgeFor(work, pattern, latent, other)
    const remedy: Remedy = {
      action: { reaches: latent, spares: others },
      ...(edge === undefined ? {} : { edge })
    }
    return {
      latent,
      identified: false,
      pair: { other, mutual },
      remedy,
      text: sentence(latent, other, mutual, remedy)
    }
  })
}
