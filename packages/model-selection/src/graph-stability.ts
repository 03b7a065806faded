/** Which edges do trainings with other seeds find again? */
import { type Assignment, graphAfterAssignment, type MetricError, mcc } from '@mechid/metrics'
import { type CausalGraph, type Samples, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/** A model as far as its graph is concerned. */
export interface ModelGraph {
  /** Learned latents [n, d], of the same rows for all models. */
  readonly latents: Samples
  /** Row = effect, column = cause. */
  readonly graph: CausalGraph
}

/** Shares of models that have an edge, in [0, 1]. Row = effect, column = cause. */
export interface EdgeShares {
  readonly latents?: ReadonlyArray<ReadonlyArray<number>>
  readonly actions?: ReadonlyArray<ReadonlyArray<number>>
}

export interface GraphStability {
  /** In the numbering of the reference model’s latents. */
  readonly shares: EdgeShares
  /** Edges that every model has, and edges that only some have. */
  readonly stable: number
  readonly unstable: number
  /** Each model’s learned latent for each latent of the reference; −1: none. */
  readonly assignments: ReadonlyArray<Assignment>
}

const WHERE = 'graphStability'

type Part = 'latents' | 'actions'

const sharesOf = (
  graphs: ReadonlyArray<CausalGraph>,
  part: Part
): ReadonlyArray<ReadonlyArray<number>> | undefined =>
  graphs[0][part]?.map((row, i) =>
    row.map((_, j) => graphs.reduce((sum, graph) => sum + (graph[part]?.[i][j] ?? 0), 0) / graphs.length)
  )

const sizes = ({ latents, actions }: CausalGraph): string =>
  [latents, actions].map((table) => `${table?.length ?? 0} × ${table?.[0]?.length ?? 0}`).join(' and ')

/**
 * The share of models that have each edge, once their latents are matched to those of the model at `reference` (default 0)
 * by correlation.
 *
 * Use it to see which edges of a learned graph to trust where there is no truth. Models that were trained alike can share
 * an error, so a stable edge is no proof.
 *
 * Errors: `TooFewRows`; `ShapeMismatch` for no models, and for latents or graphs of different sizes; `NotFinite`.
 *
 * @example
 * graphStability([{ latents: first, graph: G1 }, { latents: second, graph: G2 }])
 */
export const graphStability = (
  models: ReadonlyArray<ModelGraph>,
  reference = 0
): E.Either<MetricError, GraphStability> => {
  const first = models[reference]
  if (first === undefined) {
    return E.left(
      shapeMismatch(WHERE, 'the number of models', models.length, `more than ${reference}, the reference`)
    )
  }
  const odd = models.findIndex(({ graph }) => sizes(graph) !== sizes(first.graph))
  if (odd >= 0) {
    const [actual, expected] = [sizes(models[odd].graph), sizes(first.graph)]
    return E.left(shapeMismatch(WHERE, `the graph of model ${odd}`, actual, expected))
  }
  const graphs: CausalGraph[] = []
  const assignments: Assignment[] = []
  for (const { latents, graph } of models) {
    const matched = mcc(first.latents, latents)
    if (E.isLeft(matched)) return matched
    const { assignment } = matched.right
    if (assignment.includes(-1)) {
      const expected = `${first.latents.shape[1]}, as the reference has`
      return E.left(shapeMismatch(WHERE, 'the number of latents', latents.shape[1], expected))
    }
    assignments.push(assignment)
    graphs.push(graphAfterAssignment(graph, assignment))
  }
  const [ofLatents, ofActions] = [sharesOf(graphs, 'latents'), sharesOf(graphs, 'actions')]
  const shares: EdgeShares = {
    ...(ofLatents === undefined ? {} : { latents: ofLatents }),
    ...(ofActions === undefined ? {} : { actions: ofActions })
  }
  const all = [...(shares.latents ?? []), ...(shares.actions ?? [])].flat()
  // Shares are sums of 0 and 1 over a count, so that 1 is exact.
  const stable = all.filter((share) => share === 1).length
  return E.right({ shares, stable, unstable: all.filter((share) => share > 0).length - stable, assignments })
}
