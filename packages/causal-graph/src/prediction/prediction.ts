/** What a causal graph promises before any training. */
import type { EdgeTable } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import {
  type ActionDependence,
  checkDependences,
  explainDependence
} from '../dependence/action-dependence.js'
import { independentBits } from '../dependence/independent-graph.js'
import type { GraphError } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource } from '../graph/graph-bits.js'
import { othersInRow, rowSupport } from '../matrices/binary-matrix.js'
import { tableOf } from '../matrices/edge-table.js'
import { orderOf } from '../pattern/blocks.js'
import { patternOf } from '../pattern/pattern.js'
import { explainBlock, explainComplete, explainOneWay } from './explanation.js'
import { type LatentReason, latentReasons } from './reasons.js'

/** A plain value, fit for JSON and for other packages. Latents count from 0. */
export interface Prediction {
  /**
   * `complete`: every latent up to permutation and element-wise maps (the pattern is the identity);
   * `none`: one block of all latents, two or more (the pattern is all ones); else `partial`.
   */
  readonly kind: 'complete' | 'partial' | 'none'
  /** d × d, see `graphPattern`: an upper bound on the ambiguity, not a claim that an entry is attained. */
  readonly pattern: EdgeTable
  /** The sets of mutually entangled latents; they partition all latents. */
  readonly blocks: number[][]
  /** [a, b] where latents of block a may stay mixed with those of block b ≠ a: the partial order of blocks. */
  readonly order: (readonly [number, number])[]
  /** The latents that are identified up to an element-wise map, ascending. */
  readonly complete: number[]
  /** For each latent, the other latents that its row of the pattern admits. */
  readonly entangledWith: ReadonlyArray<ReadonlyArray<number>>
  /** For each latent why: a pair that cannot be told apart, and the action or edge that would tell them apart. */
  readonly reasons: LatentReason[]
  /** Plain-language lines: what is identified, then for each block which pairs are not told apart and why. */
  readonly explanation: string[]
}

export interface PredictOptions {
  /**
   * Actions that are functions of others in the data. Without it all actions are taken to vary independently. The indices
   * of actions stay as they are.
   */
  readonly dependent?: ReadonlyArray<ActionDependence>
}

const BOUND = 'The pattern is an upper bound on the ambiguity, under sufficient influence'
const FEW_EDGES = 'for a model with as few edges as the truth.'

/** What every prediction supposes. */
const caveatOf = ({ actions }: GraphBits, dependent: ReadonlyArray<ActionDependence>): string => {
  if (actions === undefined) return `${BOUND} and ${FEW_EDGES}`
  return dependent.length === 0
    ? `${BOUND}, for actions that vary independently, and ${FEW_EDGES}`
    : `${BOUND}, for other actions that vary independently, and for a model with as few edges as the truth has once its dependent actions are replaced.`
}

const predictionOf = (graph: GraphBits, dependent: ReadonlyArray<ActionDependence>): Prediction => {
  const pattern = patternOf(graph)
  const { blocks: found, order } = orderOf(pattern)
  const entangledWith = Array.from({ length: graph.size }, (_, i) => othersInRow(pattern, i))
  const complete = entangledWith.flatMap((others, i) => (others.length === 0 ? [i] : []))
  const explanation = complete.length > 0 ? [explainComplete(complete, graph.size)] : []
  for (const block of found) {
    if (block.length > 1) explanation.push(explainBlock(graph, block))
    if (entangledWith[block[0]].length < block.length) continue
    const members = new Set(block)
    const others = entangledWith[block[0]].filter((j) => !members.has(j))
    explanation.push(explainOneWay(graph, block, others))
  }
  explanation.push(...dependent.map(explainDependence), caveatOf(graph, dependent))
  return {
    kind: complete.length === graph.size ? 'complete' : found.length === 1 ? 'none' : 'partial',
    pattern: tableOf(pattern),
    blocks: found,
    order: found.flatMap((_, a) =>
      rowSupport(order, a)
        .filter((b) => b !== a)
        .map((b) => [a, b] as const)
    ),
    complete,
    entangledWith,
    reasons: latentReasons(graph, pattern, entangledWith),
    explanation
  }
}

/**
 * Predicts what mechanism sparsity identifies: complete or partial disentanglement, the pattern of possible
 * entanglement, its blocks, and the reasons ([MS] section 2). A kernel is predicted by the graph of its definition.
 *
 * When to use it: before you collect data or train, to see which latents a graph identifies and what would help the
 * others. It takes sufficient influence for granted: check that with `sufficientInfluence`. It does not claim that an
 * open entry is attained: ask `findWitness`.
 *
 * It supposes that actions vary independently: the theorems change one action and hold the others. Where some are
 * functions of others (a1 = 1 − a0), name them as `dependent`. Then the law is a function of the independent actions
 * alone, and the promise is that of the graph in these: whatever a dependent action reaches, its causes reach. With one
 * cause each (copies, complements) it holds whichever of these columns a training is given, for one edge of Ga is one edge
 * of that graph. With several causes it holds only if the dependent action is left out: with a2 = a0 + a1 and
 * a3 = a0 − a1, latents a0 + noise and a1 + noise can be turned by 45° with no more edges. Causes that cancel count all
 * the same.
 *
 * Errors: `InvalidOption` (dependences of actions that there are not, or on dependent ones), `NotBinary`, `ShapeMismatch` (no part of a graph, ragged rows, Gz not d × a multiple of d, or Gz and Ga of
 * different d). A kernel has none of them.
 *
 * @example
 * orThrow(predict({ actions: [[1], [1]] })).kind // 'none'
 * @example
 * orThrow(predict({ actions: [[1, 0], [0, 1]] }, { dependent: [{ action: 1, of: [0] }] })).kind // 'none'
 */
export const predict = (
  graph: GraphSource,
  { dependent = [] }: PredictOptions = {}
): E.Either<GraphError, Prediction> =>
  pipe(
    E.Do,
    E.bind('bits', () => bitsOf('predict', graph)),
    E.bind('sound', ({ bits }) => checkDependences('predict', dependent, bits.actions?.columns ?? 0)),
    E.map(({ bits, sound }) => predictionOf(independentBits(bits, sound), sound))
  )
