/** Whether all of a report's content can be drawn. */
import { notFinite, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphPicture, PanelPicture, ReportContent, SensorMap, Table } from './content.js'
import type { ReportError } from './errors.js'

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

const checkGraph = (graph: GraphPicture): ReportError | undefined => {
  const { title, learned, truth, probability, undecided, seeds, rowLabels, columnLabels } = graph
  const tables = { truth, probability, undecided, share: seeds?.share, spread: seeds?.spread }
  const check = (where: string, table: Table | undefined): ReportError | undefined =>
    table === undefined ? undefined : checkTable(where, table, rowLabels.length, columnLabels.length)
  return (
    check(`graph "${title}"`, learned) ??
    Object.entries(tables)
      .map(([name, table]) => check(`graph "${title}", ${name}`, table))
      .find((error) => error !== undefined)
  )
}

/** Graphs that are drawn together have the same latents; past ones are these, too. */
const checkDrawn = (graphs: ReadonlyArray<GraphPicture>): ReportError | undefined => {
  const drawn = graphs.filter(({ causes }) => causes !== undefined)
  const other = drawn.find(({ rowLabels }) => rowLabels.length !== drawn[0].rowLabels.length)
  if (other !== undefined)
    return shapeMismatch(
      `graph "${other.title}"`,
      'the number of rows',
      other.rowLabels.length,
      `${drawn[0].rowLabels.length}, as graph "${drawn[0].title}" has`
    )
  return undefined
}

const checkSensorMap = ({ features, latents, slope, share, states }: SensorMap): ReportError | undefined =>
  checkTable('sensorMap.slope', slope, features.length, latents.length) ??
  checkTable('sensorMap.share', share, features.length, latents.length) ??
  (states.length === latents.length
    ? undefined
    : shapeMismatch('sensorMap', 'the number of states', states.length, `${latents.length}, one a latent`))

const checkNames = ({ correlation, entanglement, latentNames }: ReportContent): ReportError | undefined => {
  const table = correlation ?? entanglement?.predicted
  if (table === undefined || latentNames === undefined) return undefined
  const expected = { true: table.length, learned: table[0]?.length ?? 0 }
  const wrong = (['true', 'learned'] as const).find((kind) => latentNames[kind].length !== expected[kind])
  return wrong === undefined
    ? undefined
    : shapeMismatch(
        `latentNames.${wrong}`,
        'the number of names',
        latentNames[wrong].length,
        `${expected[wrong]}, as the tables have`
      )
}

const checkPanels = ({ name, panels }: PanelPicture): ReportError | undefined => {
  if (panels.length === 0) return shapeMismatch(`panels "${name}"`, 'their number', 0, 'one or more')
  const bad = panels.flatMap(({ series }) => series).find(({ x, y }) => x.length !== y.length)
  return bad === undefined
    ? panels
        .flatMap(({ series }) => series.flatMap(({ x, y }) => [x, y]))
        .map((values) => checkCurve(`panels "${name}"`, values, values.length))
        .find((error) => error !== undefined)
    : shapeMismatch(
        `panels "${name}"`,
        'the number of values of y',
        bad.y.length,
        `${bad.x.length}, as x has`
      )
}

const firstOf = <A>(
  items: ReadonlyArray<A> | undefined,
  check: (item: A) => ReportError | undefined
): ReportError | undefined => (items ?? []).map(check).find((error) => error !== undefined)

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
    firstOf(content.graphs, checkGraph) ??
    checkDrawn(content.graphs) ??
    checkNames(content) ??
    (content.sensorMap === undefined ? undefined : checkSensorMap(content.sensorMap)) ??
    firstOf(content.panels, checkPanels) ??
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
