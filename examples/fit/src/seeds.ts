/** Several trainings of the same data: which is best without any truth, and what they agree on. */
import { edgeProbabilities, learnedGraph } from '@mechid/estimator'
import { edgeCount } from '@mechid/evaluation'
import { type GraphSeeds, orFail } from '@mechid/example-terminal'
import { type GraphStability, graphStability, type ModelRanking, rankModels } from '@mechid/model-selection'
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
  /** Position of the best fit: by held-out likelihood, and of those that tie the one that agrees most with the others. */
  readonly best: number
  readonly ranking: ModelRanking
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

/** The same for the report. */
const seedsOf = ({ shares, spread }: GraphStability, count: number): GraphSeeds => {
  const of = (part: 'latents' | 'actions') => {
    const [share, range] = [shares[part], spread?.[part]]
    return share === undefined || range === undefined ? {} : { [part]: { count, share, spread: range } }
  }
  return { ...of('latents'), ...of('actions') }
}

/** Edges with a share, the most frequent first. */
const edgeShares = ({ shares }: GraphStability, actionNames: readonly string[]): readonly EdgeShare[] =>
  (['latents', 'actions'] as const)
    .flatMap((part) =>
      (shares[part] ?? []).flatMap((row, i) =>
        row.flatMap((share, j): EdgeShare[] => {
          const cause = part === 'actions' ? actionName(actionNames, j) : latentName(j)
          return share > 0 ? [{ cause, effect: latentName(i), share }] : []
        })
      )
    )
    .sort((p, q) => q.share - p.share)

/** Two fits at least, of the same prepared data. */
export const agreementOf = (fits: readonly Fit[]): Agreement => {
  const latents = fits.map(({ prepared, evaluation }) => heldOutLatents(prepared, evaluation.encoded))
  const ranking = orFail(
    rankModels(fits.map(({ evaluation }, k) => ({ heldOut: evaluation.heldOutBlocks, latents: latents[k] })))
  )
  const { best } = ranking
  const models = fits.map(({ learned, trained }, k) => ({
    latents: latents[k],
    graph: learned,
    probabilities: edgeProbabilities(trained.model)
  }))
  const stability = orFail(graphStability(models, best))
  const perFit = ranking.candidates.map(({ agreement }) => agreement ?? Number.NaN)
  return {
    best,
    ranking,
    perFit,
    // Each pair counts for both of its fits.
    mean: perFit.reduce((sum, value) => sum + value, 0) / perFit.length,
    edges: edgeShares(stability, fits[best].prepared.actionNames),
    perLatent: stability.perLatent,
    graph: seedsOf(stability, fits.length)
  }
}

const STABLE = 0.999

/** One row a seed, for the terminal. */
export const seedRows = (fits: readonly Fit[], { best, ranking, perFit }: Agreement): string[][] => [
  ['seed', 'held-out nats', 'told nats', 'edges', 'MCC with others', ''],
  ...fits.map(({ seed, trained, evaluation }, k) => [
    String(seed),
    (-evaluation.heldOut).toFixed(3),
    evaluation.told.anything ? evaluation.told.nats.toFixed(2) : 'nothing',
    String(edgeCount(learnedGraph(trained.model)).edges),
    perFit[k].toFixed(3),
    k === best ? 'best' : ranking.candidates[k].tied ? 'as likely' : ''
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
    behind: agreement.ranking.candidates[k].behind,
    tied: agreement.ranking.candidates[k].tied,
    told: evaluation.told,
    mccWithOthers: agreement.perFit[k],
    explained: evaluation.explained,
    ...(evaluation.comparison === undefined ? {} : { mcc: evaluation.comparison.mcc.value })
  })),
  edges: agreement.edges,
  agreementOfLatents: agreement.perLatent
})
