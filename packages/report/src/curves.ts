/** The curves of a training as Vega-Lite specifications. */
import type { TopLevelSpec } from 'vega-lite'
import type { ReportContent } from './content.js'
import { FONT, LIGHT } from './svg/theme.js'
import { thin } from './thinning.js'

const base = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json' as const,
  background: LIGHT.paper,
  padding: 10,
  config: {
    font: FONT,
    // The picture as a whole has a name; its parts would only be noise to those who do not see it.
    aria: false,
    view: { stroke: null },
    axis: {
      labelFontSize: 11,
      titleFontSize: 12,
      titleFontWeight: 'normal' as const,
      gridColor: LIGHT.faint,
      domainColor: LIGHT.rule,
      tickColor: LIGHT.rule,
      labelColor: LIGHT.quiet,
      titleColor: LIGHT.ink
    },
    legend: { labelColor: LIGHT.ink, labelFontSize: 11 }
  }
}

export const lossPicture = ({ history }: ReportContent): TopLevelSpec => ({
  ...base,
  width: 560,
  height: 220,
  data: { values: thin(history.loss).map((i) => ({ step: history.step[i], loss: history.loss[i] })) },
  mark: { type: 'line', color: LIGHT.blue, strokeWidth: 1.5 },
  encoding: {
    x: { field: 'step', type: 'quantitative', title: 'step', axis: { grid: false, tickCount: 6 } },
    y: { field: 'loss', type: 'quantitative', title: 'loss (nats per feature)', scale: { zero: false } }
  }
})

export const edgesPicture = ({ history }: ReportContent): TopLevelSpec => {
  const { bound } = history
  const values = thin(history.edges).flatMap((i) => [
    { step: history.step[i], edges: history.edges[i], curve: 'expected edges' },
    ...(bound === undefined ? [] : [{ step: history.step[i], edges: bound[i], curve: 'bound' }])
  ])
  // Both channels share one legend, which then shows colour and dash.
  const legend = bound === undefined ? null : { title: null, orient: 'top' as const }
  return {
    ...base,
    width: 560,
    height: 180,
    data: { values },
    mark: { type: 'line', strokeWidth: 1.5 },
    encoding: {
      x: { field: 'step', type: 'quantitative', title: 'step', axis: { grid: false, tickCount: 6 } },
      y: { field: 'edges', type: 'quantitative', title: 'edges' },
      color: {
        field: 'curve',
        type: 'nominal',
        scale: { domain: ['expected edges', 'bound'], range: [LIGHT.blue, LIGHT.orange] },
        legend
      },
      strokeDash: {
        field: 'curve',
        type: 'nominal',
        scale: {
          domain: ['expected edges', 'bound'],
          range: [
            [1, 0],
            [5, 3]
          ]
        },
        legend
      }
    }
  }
}
