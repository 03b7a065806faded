/** What a run's report shows, from what the run found. */
import {
  type Configuration,
  curve,
  type EdgeTable,
  edgeBound,
  possibleEdges,
  type Trained
} from '@mechid/estimator'
import type { Graphs } from '@mechid/metrics'
import type { GraphPicture, MetricRow, ReportContent } from '@mechid/report'
import type { Comparison, Score } from './scores.js'

/** Everything that a report tells. */
export interface Run {
  readonly title: string
  readonly subtitle: string
  readonly prediction: ReadonlyArray<string>
  readonly verdict: ReadonlyArray<string>
  readonly trained: Trained
  readonly learned: EdgeTable
  readonly seed: number
  readonly engine: string
  /** Scores of held-out rows besides those of `comparison`. */
  readonly otherScores?: ReadonlyArray<MetricRow>
  /** Where the true latents are known. */
  readonly comparison?: Comparison
  /** Where the true graph is known. */
  readonly truth?: Graphs
  readonly published?: {
    readonly mcc: number
    readonly shd: number
    readonly rCon?: number
    readonly what: string
  }
}

const scoreRow = (
  name: string,
  score: Score | undefined,
  explanation: string,
  published?: number
): MetricRow[] =>
  score === undefined
    ? []
    : [
        {
          name,
          value: score.value,
          interval: score.interval,
          chance: score.chance,
          explanation,
          ...(published === undefined ? {} : { published })
        }
      ]

const metricRows = ({ comparison, published, otherScores = [] }: Run): MetricRow[] => {
  if (comparison === undefined) return [...otherScores]
  const { mcc, rCon, r, graph } = comparison
  const elsewhere = published === undefined ? '' : ` Published: ${published.what}.`
  return [
    ...scoreRow(
      'MCC',
      mcc,
      `mean |correlation| of true latents with the learned latent that each is matched to.${elsewhere}`,
      published?.mcc
    ),
    ...scoreRow(
      'R_con',
      rCon,
      'as R, but from those learned latents alone that theory lets a true latent depend on',
      published?.rCon
    ),
    ...scoreRow('R', r, 'how well a linear function of all learned latents gives each true latent'),
    ...(graph === undefined
      ? []
      : [
          {
            name: 'SHD',
            value: graph.shd,
            chance: graph.chance,
            ...(published === undefined ? {} : { published: published.shd }),
            explanation: `edges that differ from the true graph: ${graph.falsePositives} extra, ${graph.falseNegatives} missing. Chance: a random graph of as many edges`
          }
        ]),
    ...otherScores
  ]
}

const labels = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i}`)

const graphPictures = (learned: Graphs, truth: Graphs | undefined, letter: string): GraphPicture[] =>
  (
    [
      ['latents', 'Past latents on latents', letter],
      ['actions', 'Actions on latents', 'a']
    ] as const
  ).flatMap(([part, title, cause]) => {
    const table = learned[part]
    if (table === undefined) return []
    const known = truth?.[part]
    return [
      {
        title,
        learned: table,
        ...(known === undefined ? {} : { truth: known }),
        rowLabels: labels(letter, table.length),
        columnLabels: labels(cause, table[0].length)
      }
    ]
  })

/** A configuration as one flat list of facts. */
const flat = (value: unknown, path: string): [string, string | number | boolean][] => {
  if (Array.isArray(value)) return [[path, JSON.stringify(value)]]
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) =>
      flat(inner, name === '_tag' ? path : path === '' ? name : `${path}.${name}`)
    )
  }
  return [[path, value as string | number | boolean]]
}

const settings = (configuration: Configuration): ReportContent['configuration'] =>
  Object.fromEntries(flat(configuration, ''))

/** The content of the report. Where latents are matched with true ones, they bear the true ones' names. */
export const reportContent = (run: Run): ReportContent => {
  const { trained, comparison, truth } = run
  const { configuration } = trained.model
  const loss = curve(trained.history, 'loss')
  const edges = curve(trained.history, 'edges')
  const { sparsity, steps } = configuration
  const possible = possibleEdges(trained.model.shape)
  const bound = loss.step.map((step) => edgeBound(sparsity, possible, step, steps))
  const renamed = comparison?.learned
  return {
    title: run.title,
    subtitle: run.subtitle,
    prediction: run.prediction,
    verdict: run.verdict,
    metrics: metricRows(run),
    history: {
      step: loss.step,
      loss: loss.value,
      edges: edges.value,
      ...(sparsity._tag === 'Constraint' ? { bound } : {})
    },
    graphs: graphPictures(
      renamed ?? run.learned,
      renamed === undefined ? undefined : truth,
      renamed === undefined ? 'ẑ' : 'z'
    ),
    ...(comparison === undefined ? {} : { correlation: comparison.correlation }),
    ...(comparison?.pattern === undefined
      ? {}
      : {
          entanglement: {
            predicted: comparison.pattern,
            measured: comparison.entanglement.map((row) => row.map((value) => Math.min(1, value)))
          }
        }),
    configuration: settings(configuration),
    seed: run.seed,
    engine: run.engine,
    seconds: trained.seconds
  }
}
