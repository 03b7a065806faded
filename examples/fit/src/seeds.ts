/** Several trainings of the same data: which is best without any truth, and what they agree on. */
import { edgeProbabilities, learnedGraph } from '@mechid/estimator'
import { type GraphSeeds, orFail } from '@mechid/example-terminal'
import { mcc, pairwiseMcc } from '@mechid/metrics'
import type { CausalGraph } from '@mechid/values'
import { heldOutLatents } from './evaluation.js'
import type { Fit } from './fit.js'
import { actionName, latentName } from './sentences.js'

/** An edge, and the share of seeds that have it. */
export interface EdgeShare {
  readonly cause: string
  readonly effect: string
  readonly share: number
}

export interface Agreement {
  /** Position of the fit with the lowest bound on −log p of held-out rows. */
  readonly best: number
  /** Mean MCC of each fit’s held-out latents with those of the others. */
  readonly perFit: readonly number[]
  /** Mean over all pairs. */
  readonly mean: number
  /** Edges that some seed has, in the numbering of the best one’s latents; the most frequent first. */
  readonly edges: readonly EdgeShare[]
  /** For each latent of the best fit, its mean |correlation| with what is matched to it in the others. */
  readonly perLatent: readonly number[]
  /** Shares and spread of probabilities of all edges, in the numbering of the best one’s latents. */
  readonly graph: GraphSeeds
}

const countedEdges = (graph: CausalGraph): number =>
  [...(graph.latents ?? []), ...(graph.actions ?? [])].flat().filter((edge) => edge === 1).length

type Table = readonly (readonly number[])[]

/** Rows, and columns where these are latents, in the numbering of the best fit. */
const renumbered = (table: Table, assignment: readonly number[], part: 'latents' | 'actions'): Table =>
  assignment.map((row) =>
    part === 'latents' ? assignment.map((column) => table[row][column]) : [...table[row]]
  )

/** Entry by entry, over tables of the same size. */
const entrywise = (tables: readonly Table[], f: (values: readonly number[]) => number): number[][] =>
  tables[0].map((row, i) => row.map((_, j) => f(tables.map((table) => table[i][j]))))

const graphSeeds = (fits: readonly Fit[], assignments: readonly (readonly number[])[]): GraphSeeds => {
  const tablesOf = (part: 'latents' | 'actions', read: (fit: Fit) => Partial<Record<typeof part, Table>>) =>
    fits.flatMap((fit, k) => {
      const table = read(fit)[part]
      return table === undefined ? [] : [renumbered(table, assignments[k], part)]
    })
  const seedsOf = (part: 'latents' | 'actions') => {
    const learned = tablesOf(part, (fit) => fit.learned)
    if (learned.length === 0) return {}
    const probability = tablesOf(part, ({ trained }) => edgeProbabilities(trained.model))
    const share = entrywise(learned, (edges) => edges.reduce((sum, edge) => sum + edge, 0) / edges.length)
    const spread = entrywise(probability, (values) => Math.max(...values) - Math.min(...values))
    return { [part]: { count: fits.length, share, spread } }
  }
  return { ...seedsOf('latents'), ...seedsOf('actions') }
}

/** Edges with a share, the most frequent first. */
const edgeShares = (graph: GraphSeeds, actionNames: readonly string[]): readonly EdgeShare[] =>
  (['latents', 'actions'] as const)
    .flatMap((part) =>
      (graph[part]?.share ?? []).flatMap((row, i) =>
        row.flatMap((share, j): EdgeShare[] => {
          const cause = part === 'actions' ? actionName(actionNames, j) : latentName(j)
          return share > 0 ? [{ cause, effect: latentName(i), share }] : []
        })
      )
    )
    .sort((p, q) => q.share - p.share)

/** Two fits at least, of the same prepared data. */
export const agreementOf = (fits: readonly Fit[]): Agreement => {
  const best = fits.reduce(
    (least, fit, k) => (fit.evaluation.heldOut < fits[least].evaluation.heldOut ? k : least),
    0
  )
  const latents = fits.map(({ prepared, evaluation }) => heldOutLatents(prepared, evaluation.encoded))
  const { value, perModel } = orFail(pairwiseMcc(latents))
  const matches = latents.map((other) => orFail(mcc(latents[best], other)))
  const others = matches.filter((_, k) => k !== best)
  const graph = graphSeeds(
    fits,
    matches.map(({ assignment }) => assignment)
  )
  return {
    best,
    perFit: perModel,
    mean: value,
    edges: edgeShares(graph, fits[best].prepared.actionNames),
    perLatent: matches[best].assignment.map(
      (_, i) =>
        others.reduce(
          (sum, { assignment, correlations }) => sum + Math.abs(correlations[i][assignment[i]]),
          0
        ) / others.length
    ),
    graph
  }
}

const STABLE = 0.999

/** One row a seed, for the terminal. */
export const seedRows = (fits: readonly Fit[], { best, perFit }: Agreement): string[][] => [
  ['seed', 'held-out nats', 'told nats', 'edges', 'MCC with others', ''],
  ...fits.map(({ seed, trained, evaluation }, k) => [
    String(seed),
    (-evaluation.heldOut).toFixed(3),
    evaluation.told.anything ? evaluation.told.nats.toFixed(2) : 'nothing',
    String(countedEdges(learnedGraph(trained.model))),
    perFit[k].toFixed(3),
    k === best ? 'best' : ''
  ])
]

/** What the seeds agree on, in sentences. */
export const agreementSentences = (fits: readonly Fit[], { mean, edges }: Agreement): readonly string[] => {
  const named = (chosen: readonly EdgeShare[]): string =>
    chosen
      .map(
        ({ cause, effect, share }) =>
          `${cause} → ${effect}${share > STABLE ? '' : ` (${Math.round(share * fits.length)} of ${fits.length})`}`
      )
      .join(', ')
  const stable = edges.filter(({ share }) => share > STABLE)
  const unstable = edges.filter(({ share }) => share <= STABLE)
  const nothing = fits.every(({ evaluation }) => !evaluation.told.anything)
  return [
    `Latents of different seeds agree with mean MCC ${mean.toFixed(3)}.`,
    stable.length === 0 ? 'No edge is in the graph of every seed.' : `Edges of every seed: ${named(stable)}.`,
    ...(unstable.length === 0 ? [] : [`Edges of some: ${named(unstable)}.`]),
    ...(nothing ? ['No seed learned anything of mechanisms, so that they agree means nothing.'] : [])
  ]
}

/** The same as data. */
export const seedsSummary = (fits: readonly Fit[], agreement: Agreement): unknown => ({
  best: fits[agreement.best].seed,
  meanMcc: agreement.mean,
  seeds: fits.map(({ seed, evaluation }, k) => ({
    seed,
    heldOutNats: evaluation.heldOut,
    told: evaluation.told,
    mccWithOthers: agreement.perFit[k],
    explained: evaluation.explained,
    ...(evaluation.comparison === undefined ? {} : { mcc: evaluation.comparison.mcc.value })
  })),
  edges: agreement.edges,
  agreementOfLatents: agreement.perLatent
})
