/** The content of a run's report. */
import { type Configuration, curve, edgeBound, possibleEdges, type Trained } from '@mechid/estimator'
import { type Comparison, scoreRows } from '@mechid/evaluation'
import type { MetricRow, ReportContent } from '@mechid/report'
import type { CausalGraph } from '@mechid/values'
import type { PublishedScores } from './comparison-table.js'
import { type GraphSeeds, graphPictures } from './graph-content.js'

/** Everything that a report shows. */
export interface Run {
  readonly title: string
  readonly subtitle: string
  readonly prediction: ReadonlyArray<string>
  readonly verdict: ReadonlyArray<string>
  readonly trained: Trained
  readonly learned: CausalGraph
  readonly seed: number
  readonly engine: string
  /** Further scores of held-out rows. */
  readonly otherScores?: ReadonlyArray<MetricRow>
  /** Present if the true latents are known. */
  readonly comparison?: Comparison
  /** Present if the true graph is known. */
  readonly truth?: CausalGraph
  readonly published?: PublishedScores & { readonly what: string }
  /** Names of the action columns; a0, a1, … if left out. */
  readonly actionNames?: ReadonlyArray<string>
  /** The edges of several trainings. */
  readonly seeds?: GraphSeeds
  /** What else a report can show: latents, sensor map, charts, origin. */
  readonly more?: Pick<ReportContent, 'latents' | 'latentNames' | 'sensorMap' | 'panels' | 'origin'>
}

const metricRows = ({ comparison, published, otherScores = [] }: Run): MetricRow[] => {
  if (comparison === undefined) return [...otherScores]
  const elsewhere = published === undefined ? '' : ` Published: ${published.what}.`
  const figures: Readonly<Record<string, number | undefined>> = {
    mcc: published?.mcc,
    rCon: published?.rCon,
    shd: published?.shd
  }
  // Kernel regression has no interval here; all other rows have one.
  const rows = scoreRows(comparison).filter(({ score }) => score !== 'kernelRCon')
  return [
    ...rows.map(({ score, detail: _, explanation, ...row }) => ({
      ...row,
      explanation: score === 'mcc' ? explanation + elsewhere : explanation,
      ...(figures[score] === undefined ? {} : { published: figures[score] })
    })),
    ...otherScores
  ]
}

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

/** The content of the report. Learned latents that are matched with true ones take their names. */
export const reportContent = (run: Run): ReportContent => {
  const { trained, learned, comparison, truth, actionNames, seeds } = run
  const { configuration } = trained.model
  const loss = curve(trained.history, 'loss')
  const edges = curve(trained.history, 'edges')
  const { sparsity, steps } = configuration
  const possible = possibleEdges(trained.model.shape)
  const bound = loss.step.map((step) => edgeBound(sparsity, possible, step, steps))
  // Without a true graph to hold it against, the learned graph keeps its own numbering, as the text has it.
  const renamed = truth === undefined ? undefined : comparison?.learned
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
    graphs: graphPictures({
      model: trained.model,
      learned,
      ...(renamed === undefined || comparison === undefined
        ? {}
        : { renamed: { learned: renamed, assignment: comparison.assignment } }),
      ...(truth === undefined ? {} : { truth }),
      ...(actionNames === undefined ? {} : { actionNames }),
      ...(seeds === undefined ? {} : { seeds })
    }),
    ...(comparison === undefined ? {} : { correlation: comparison.correlation }),
    ...(comparison?.pattern === undefined
      ? {}
      : {
          entanglement: {
            predicted: comparison.pattern,
            measured: comparison.entanglement.map((row) => row.map((value) => Math.min(1, value)))
          }
        }),
    ...run.more,
    configuration: settings(configuration),
    seed: run.seed,
    engine: run.engine,
    seconds: trained.seconds
  }
}
