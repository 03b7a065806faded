/** The content of a report as plain data, and its checks. */
import { notFinite, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { ReportError } from './errors.js'

/** Rows of numbers. */
export type Table = ReadonlyArray<ReadonlyArray<number>>

export interface MetricRow {
  readonly name: string
  readonly value: number
  readonly interval?: readonly [low: number, high: number]
  /** What unrelated latents would score. */
  readonly chance?: number
  /** The published value for the same problem. */
  readonly published?: number
  readonly explanation: string
}

/** A learned graph, and the true one if it is known. Row = effect, column = cause. */
export interface GraphPicture {
  readonly title: string
  readonly learned: Table
  readonly truth?: Table
  readonly rowLabels: ReadonlyArray<string>
  readonly columnLabels: ReadonlyArray<string>
}

export interface ReportContent {
  readonly title: string
  readonly subtitle?: string
  /** Sentences: what theory predicts. */
  readonly prediction: ReadonlyArray<string>
  /** Sentences: what was found. */
  readonly verdict: ReadonlyArray<string>
  readonly metrics: ReadonlyArray<MetricRow>
  readonly history: {
    readonly step: ArrayLike<number>
    readonly loss: ArrayLike<number>
    readonly edges: ArrayLike<number>
    readonly bound?: ArrayLike<number>
  }
  /** Row = true latent, column = learned latent, in the order of the true ones. Absent if the truth is not known. */
  readonly correlation?: Table
  readonly graphs: ReadonlyArray<GraphPicture>
  /** `predicted`: the pattern of 0 and 1; `measured`: how strongly each true latent depends on each learned one. */
  readonly entanglement?: { readonly predicted: Table; readonly measured?: Table }
  readonly configuration: Readonly<Record<string, string | number | boolean>>
  readonly seed: number
  readonly engine: string
  /** Wall time of the training. */
  readonly seconds: number
}

/** One picture of a report. */
export interface Picture {
  /** A file name, such as `loss.svg`. */
  readonly name: string
  readonly heading: string
  /** How to read it, in a sentence. */
  readonly caption: string
  readonly svg: string
}

const checkTable = (where: string, table: Table, rows: number, columns: number): ReportError | undefined => {
  if (table.length !== rows || table.some((row) => row.length !== columns)) {
    const widths = [...new Set(table.map((row) => row.length))].join(' or ')
    const actual = `${table.length} rows of ${widths}`
    return shapeMismatch(where, 'the table', actual, `${rows} rows of ${columns}`)
  }
  const row = table.findIndex((values) => !values.every(Number.isFinite))
  if (row < 0) return undefined
  const column = table[row].findIndex((value) => !Number.isFinite(value))
  return notFinite(where, 'the table', table[row][column], { row, column })
}

const checkCurve = (where: string, values: ArrayLike<number>, length: number): ReportError | undefined => {
  if (values.length !== length)
    return shapeMismatch(where, 'the number of values', values.length, `${length}, one a step`)
  const row = Array.from(values).findIndex((value) => !Number.isFinite(value))
  return row < 0 ? undefined : notFinite(where, 'the curve', values[row], { row })
}

const checkGraph = ({
  title,
  learned,
  truth,
  rowLabels,
  columnLabels
}: GraphPicture): ReportError | undefined =>
  checkTable(`graph "${title}"`, learned, rowLabels.length, columnLabels.length) ??
  (truth === undefined
    ? undefined
    : checkTable(`graph "${title}", truth`, truth, rowLabels.length, columnLabels.length))

/** The content itself if all of it can be drawn. */
export const checkContent = (content: ReportContent): E.Either<ReportError, ReportContent> => {
  const { history, correlation, entanglement } = content
  const steps = history.step.length
  const wrong =
    checkCurve('history.loss', history.loss, steps) ??
    checkCurve('history.edges', history.edges, steps) ??
    (history.bound === undefined ? undefined : checkCurve('history.bound', history.bound, steps)) ??
    (correlation === undefined
      ? undefined
      : checkTable('correlation', correlation, correlation.length, correlation[0]?.length ?? 0)) ??
    content.graphs.map(checkGraph).find((error) => error !== undefined) ??
    (entanglement === undefined
      ? undefined
      : checkTable(
          'entanglement.predicted',
          entanglement.predicted,
          entanglement.predicted.length,
          entanglement.predicted.length
        )) ??
    (entanglement?.measured === undefined
      ? undefined
      : checkTable(
          'entanglement.measured',
          entanglement.measured,
          entanglement.predicted.length,
          entanglement.predicted.length
        ))
  if (wrong !== undefined) return E.left(wrong)
  const metric = content.metrics.find(({ value }) => !Number.isFinite(value))
  return metric === undefined
    ? E.right(content)
    : E.left(notFinite(`metric "${metric.name}"`, 'the value', metric.value))
}
