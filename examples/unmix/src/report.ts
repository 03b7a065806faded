/** The result of unmixing as an HTML page. */
import { graphPanels } from '@mechid/causal-graph'
import type { Block, ReportDocument } from '@mechid/report'
import type { Unmixed } from '@mechid/unmixing'
import { orThrow } from '@mechid/values'
import type { Scores } from './scores.js'

export interface Names {
  readonly latents: readonly string[]
  readonly actions: readonly string[]
}

export const namesOf = ({ latents: d }: Unmixed, actions: readonly string[]): Names => ({
  latents: Array.from({ length: d }, (_, i) => `ẑ${i}`),
  actions
})

const worthTable = (
  names: readonly string[],
  latents: readonly string[],
  worth: ReadonlyArray<ReadonlyArray<number>>
): Block => ({
  kind: 'table',
  head: ['', ...names],
  rows: worth.map((row, i) => [latents[i], ...row.map((nats) => Math.max(0, nats).toFixed(3))])
})

const worthBlocks = ({ worth }: Unmixed, names: Names): Block[] => [
  ...(worth.latents === undefined
    ? []
    : [
        { kind: 'heading' as const, text: 'Past latents' },
        worthTable(names.latents, names.latents, worth.latents)
      ]),
  ...(worth.actions === undefined
    ? []
    : [
        { kind: 'heading' as const, text: 'Actions' },
        worthTable(names.actions, names.latents, worth.actions)
      ])
]

const scoreBlocks = (scores: Scores | undefined): Block[] =>
  scores === undefined
    ? []
    : [
        {
          kind: 'table',
          head: ['score against z of the file', 'value', 'chance'],
          rows: [
            ['MCC', scores.mcc.toFixed(4), scores.mccChance.toFixed(4)],
            ['R', scores.r.toFixed(4), '']
          ]
        }
      ]

/** The page: what was found, scores if the truth is known, pictures of the graph, and what each cause is worth. */
export const unmixingDocument = (
  file: string,
  unmixed: Unmixed,
  names: Names,
  scores: Scores | undefined,
  judged: readonly string[]
): ReportDocument => {
  const graph = unmixed.graph
  const labels = { latents: [...names.latents], actions: [...names.actions] }
  const panels = orThrow(graphPanels(graph, { labels })).filter(({ name }) => name !== 'entanglement')
  return {
    title: `${file}: ${unmixed.latents} latents`,
    subtitle: `Latents, their causal graph and transitions from codes, under the hypothesis of ${unmixed.hypothesis} mechanisms.`,
    opening: [],
    chapters: [
      {
        id: 'found',
        heading: 'What was found',
        blocks: [{ kind: 'list', items: [...unmixed.explanation, ...judged] }, ...scoreBlocks(scores)],
        sections: []
      },
      {
        id: 'graph',
        heading: 'Causal graph',
        blocks: [
          { kind: 'text', text: 'Row = effect, column = cause.' },
          { kind: 'pictures', svgs: panels.map(({ svg }) => svg) }
        ],
        sections: []
      },
      {
        id: 'worth',
        heading: 'What causes are worth',
        blocks: [
          {
            kind: 'text',
            text: 'How many nats a row a cause is worth when it predicts a latent. An edge is a cause that stands out.'
          },
          ...worthBlocks(unmixed, names)
        ],
        sections: []
      }
    ]
  }
}
