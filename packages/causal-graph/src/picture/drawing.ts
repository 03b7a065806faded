/** What there is to draw: nodes and arrows, without a drawing language. */
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource } from '../graph/graph-bits.js'
import type { Labels } from '../graph/labels.js'
import { type BinaryMatrix, othersInRow, rowSupport } from '../matrices/binary-matrix.js'
import { squareBits, type TableSource } from '../matrices/edge-table.js'

export interface Node {
  /** Stable and plain: `z0` for latents, `a0` for actions. */
  readonly id: string
  readonly label: string
  readonly kind: 'latent' | 'action'
}

export interface Arrow {
  readonly from: string
  readonly to: string
  /** Set where a graph has several lags: the steps between. */
  readonly lag?: number
}

export interface Drawing {
  readonly nodes: ReadonlyArray<Node>
  readonly arrows: ReadonlyArray<Arrow>
}

const nodes = (
  kind: Node['kind'],
  letter: string,
  count: number,
  labels: ReadonlyArray<string> | undefined
): Node[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${letter}${i}`,
    label: labels?.[i] ?? `${letter}${i}`,
    kind
  }))

const drawingOf = ({ size, latents, actions }: GraphBits, labels: Labels): Drawing => {
  const arrows: Arrow[] = []
  for (let i = 0; i < size; i++) {
    if (actions !== undefined)
      for (const l of rowSupport(actions, i)) arrows.push({ from: `a${l}`, to: `z${i}` })
    if (latents !== undefined)
      for (const j of rowSupport(latents, i))
        arrows.push({
          from: `z${j % size}`,
          to: `z${i}`,
          ...(latents.columns > size ? { lag: 1 + Math.floor(j / size) } : {})
        })
  }
  return {
    nodes: [
      ...nodes('action', 'a', actions?.columns ?? 0, labels.actions),
      ...nodes('latent', 'z', size, labels.latents)
    ],
    arrows
  }
}

/**
 * Arrows from cause to effect: actions, then latents in the order of their rows. Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * toMermaid(orThrow(graphDrawing({ actions: [[1], [0]] })))
 */
export const graphDrawing = (graph: GraphSource, labels: Labels = {}): E.Either<GraphError, Drawing> =>
  E.map((bits: GraphBits) => drawingOf(bits, labels))(bitsOf('graphDrawing', graph))

/**
 * Arrows j → i where the pattern (or an entanglement graph), d × d, admits that latent i depends on learned j ≠ i. Errors:
 * `NotBinary`, `ShapeMismatch`.
 */
export const entanglementDrawing = (
  pattern: TableSource,
  labels: Labels = {}
): E.Either<GraphError, Drawing> =>
  E.map((m: BinaryMatrix) => ({
    nodes: nodes('latent', 'z', m.rows, labels.latents),
    arrows: Array.from({ length: m.rows }, (_, i) =>
      othersInRow(m, i).map((j) => ({ from: `z${j}`, to: `z${i}` }))
    ).flat()
  }))(squareBits('entanglementDrawing', 'the pattern', pattern))
