/** Several trainings of the same data: which is best without any truth, and what they agree on. */
import { learnedGraph } from '@mechid/estimator'
import { orFail } from '@mechid/example-terminal'
import { graphAfterAssignment, mcc, pairwiseMcc } from '@mechid/metrics'
import type { CausalGraph } from '@mechid/values'
import { heldOutLatents } from './evaluation.js'
import type { Fit } from './results.js'

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
}

const edgesOf = (
  graph: CausalGraph,
  actionNames: readonly string[]
): readonly [cause: string, effect: string][] =>
  (['latents', 'actions'] as const).flatMap((part) =>
    (graph[part] ?? []).flatMap((row, i) =>
      row.flatMap((edge, j): [string, string][] =>
        edge === 1 ? [[part === 'actions' ? (actionNames[j] ?? `a${j}`) : `ẑ${j}`, `ẑ${i}`]] : []
      )
    )
  )

/** Two fits at least, of the same prepared data. */
export const agreementOf = (fits: readonly Fit[]): Agreement => {
  const best = fits.reduce(
    (least, fit, k) => (fit.evaluation.heldOut < fits[least].evaluation.heldOut ? k : least),
    0
  )
  const latents = fits.map(({ prepared, evaluation }) => heldOutLatents(prepared, evaluation.encoded))
  const { value, perModel } = orFail(pairwiseMcc(latents))
  const counts = new Map<string, EdgeShare>()
  for (const [k, { trained, prepared }] of fits.entries()) {
    const { assignment } = orFail(mcc(latents[best], latents[k]))
    const graph = graphAfterAssignment(learnedGraph(trained.model), assignment)
    for (const [cause, effect] of edgesOf(graph, prepared.actionNames)) {
      const known = counts.get(`${cause} ${effect}`)?.share ?? 0
      counts.set(`${cause} ${effect}`, { cause, effect, share: known + 1 / fits.length })
    }
  }
  const edges = [...counts.values()].sort((p, q) => q.share - p.share)
  return { best, perFit: perModel, mean: value, edges }
}

const STABLE = 0.999

/** One row a seed, for the terminal. */
export const seedRows = (fits: readonly Fit[], { best, perFit }: Agreement): string[][] => [
  ['seed', 'held-out nats', 'told nats', 'edges', 'MCC with others', ''],
  ...fits.map(({ seed, trained, evaluation, prepared }, k) => [
    String(seed),
    (-evaluation.heldOut).toFixed(3),
    evaluation.told.anything ? evaluation.told.nats.toFixed(2) : 'nothing',
    String(edgesOf(learnedGraph(trained.model), prepared.actionNames).length),
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
  edges: agreement.edges
})
