/** Which edges do trainings with other seeds find again? */
import { type Assignment, graphAfterAssignment, type Mcc, type MetricError, mcc } from '@mechid/metrics'
import { type CausalGraph, type Samples, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/** A model as far as its graph is concerned. */
export interface ModelGraph {
  /** Learned latents [n, d], of the same rows for all models. */
  readonly latents: Samples
  /** Row = effect, column = cause. */
  readonly graph: CausalGraph
  /** How sure each edge is, in [0, 1] (`edgeProbabilities`). */
  readonly probabilities?: EdgeShares
}

/** Shares of models that have an edge, in [0, 1]. Row = effect, column = cause. */
export interface EdgeShares {
  readonly latents?: ReadonlyArray<ReadonlyArray<number>>
  readonly actions?: ReadonlyArray<ReadonlyArray<number>>
}

export interface GraphStability {
  /** In the numbering of the reference model’s latents. */
  readonly shares: EdgeShares
  /** The greatest probability of each edge less the least one; absent where a model has no probabilities. */
  readonly spread?: EdgeShares
  /** Edges that every model has, and edges that only some have. */
  readonly stable: number
  readonly unstable: number
  /** Each model’s learned latent for each latent of the reference; −1: none. */
  readonly assignments: ReadonlyArray<Assignment>
  /** For each latent of the reference, the mean |correlation| with its counterparts in the other models; NaN without any. */
  readonly perLatent: ReadonlyArray<number>
}

const WHERE = 'graphStability'

type Part = 'latents' | 'actions'

type Table = ReadonlyArray<ReadonlyArray<number>>

/** Entry by entry, over tables of the same size; undefined where one is missing. */
const entrywise = (
  tables: ReadonlyArray<Table | undefined>,
  f: (values: readonly number[]) => number
): Table | undefined => {
  const all = tables.filter((table) => table !== undefined)
  return all.length < tables.length || all.length === 0
    ? undefined
    : all[0].map((row, i) => row.map((_, j) => f(all.map((table) => table[i][j]))))
}

/** Both parts of a graph, those that are missing left out. */
const byPart = (of: (part: Part) => Table | undefined): EdgeShares => {
  const [latents, actions] = [of('latents'), of('actions')]
  return { ...(latents === undefined ? {} : { latents }), ...(actions === undefined ? {} : { actions }) }
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const spreadOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values)

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
  const matches: Mcc[] = []
  for (const { latents } of models) {
    const matched = mcc(first.latents, latents)
    if (E.isLeft(matched)) return matched
    if (matched.right.assignment.includes(-1)) {
      const expected = `${first.latents.shape[1]}, as the reference has`
      return E.left(shapeMismatch(WHERE, 'the number of latents', latents.shape[1], expected))
    }
    matches.push(matched.right)
  }
  return E.right(stabilityOf(models, matches, reference))
}

const stabilityOf = (
  models: ReadonlyArray<ModelGraph>,
  matches: ReadonlyArray<Mcc>,
  reference: number
): GraphStability => {
  // Tables of probabilities are renamed as those of edges are.
  const renamed = (tables: ReadonlyArray<EdgeShares>): ReadonlyArray<EdgeShares> =>
    tables.map((table, k) => graphAfterAssignment(table, matches[k].assignment))
  const over = (tables: ReadonlyArray<EdgeShares>, f: (values: readonly number[]) => number): EdgeShares =>
    byPart((part) =>
      entrywise(
        tables.map((table) => table[part]),
        f
      )
    )
  const shares = over(renamed(models.map(({ graph }) => graph)), meanOf)
  const known = models.flatMap(({ probabilities }) => (probabilities === undefined ? [] : [probabilities]))
  const all = [...(shares.latents ?? []), ...(shares.actions ?? [])].flat()
  // Shares are sums of 0 and 1 over a count, so that 1 is exact.
  const stable = all.filter((share) => share === 1).length
  const others = matches.filter((_, k) => k !== reference)
  return {
    shares,
    ...(known.length < models.length ? {} : { spread: over(renamed(known), spreadOf) }),
    stable,
    unstable: all.filter((share) => share > 0).length - stable,
    assignments: matches.map(({ assignment }) => assignment),
    perLatent: matches[reference].assignment.map((_, i) =>
      meanOf(others.map(({ assignment, correlations }) => Math.abs(correlations[i][assignment[i]])))
    )
  }
}
