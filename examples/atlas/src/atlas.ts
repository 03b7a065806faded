/** The atlas as a document: how to read it, a table of all entries, then each entry. */
import {
  type Analysis,
  type EntryGroup,
  influenceWords,
  promiseWords,
  remedyCount,
  verdictWords,
  witnessWords
} from '@mechid/example-gallery'
import type { Block, Cell, ReportDocument } from '@mechid/report'
import type { EdgeTable } from '@mechid/values'
import { sectionOf } from './section.js'

export interface AtlasPart {
  readonly group: EntryGroup
  readonly analyses: ReadonlyArray<Analysis>
}

export const overviewHead = [
  'entry',
  'verdict',
  'the graph promises',
  'influence',
  'another model',
  'actions to add',
  'latents',
  'actions',
  'edges'
] as const

const edgeCount = (table: EdgeTable): number => table.flat().reduce((sum, edge) => sum + edge, 0)

/** One row of the overview. */
export const overviewRow = (analysis: Analysis): Cell[] => {
  const { entry } = analysis
  const { latents = [], actions = [] } = entry.graph
  const edges = edgeCount(latents) + edgeCount(actions)
  return [
    { text: entry.title, section: entry.id },
    verdictWords(analysis),
    promiseWords(analysis),
    influenceWords(analysis),
    witnessWords(analysis),
    { text: remedyCount(analysis) },
    { text: String(analysis.prediction.pattern.length) },
    { text: String(actions[0]?.length ?? 0) },
    { text: String(edges) }
  ]
}

const guide: ReadonlyArray<Block> = [
  {
    kind: 'text',
    text: 'Latents z evolve by mechanisms. Each mechanism has few causes: the past latents and the actions that influence it. A model that explains the observations with as few edges as the truth recovers the latents up to what this atlas shows. All of it is known before any training; nothing is trained here.'
  },
  {
    kind: 'list',
    items: [
      'Verdict: identified (there is no other model), not identified (there is one), or open. For a graph alone: promised or not promised.',
      'The graph promises: complete, if for any two latents something bears on one and not on the other; otherwise, which latents may stay mixed. This is an upper bound on the ambiguity. It holds if influence is sufficient.',
      'Influence: whether actions and past move the latents in sufficiently varied ways, checked numerically by ranks. It is a property of the mechanism, not of the graph.',
      'Another model: found (an explicit model with the same observations and the same graph, checked); or none exists (with the reason); or unknown (the search found neither).',
      'Actions to add: the fewest new actions that make the graph’s promise complete.'
    ]
  },
  {
    kind: 'text',
    text: 'In causal graphs a row is an effect and a column a cause. In entanglement graphs a row is a true latent and a column a learned one.'
  }
]

/** The whole atlas. */
export const atlasDocument = (parts: ReadonlyArray<AtlasPart>, colophon: string): ReportDocument => {
  const all = parts.flatMap(({ analyses }) => analyses)
  return {
    title: 'An atlas of causal graphs',
    subtitle: `${all.length} graphs and mechanisms: what each identifies, why, and what would help, before any training.`,
    opening: [...guide, { kind: 'table', head: [...overviewHead], rows: all.map(overviewRow) }],
    chapters: parts.map(({ group, analyses }) => ({
      id: group.id,
      heading: group.heading,
      blocks: [{ kind: 'text', text: group.introduction }],
      sections: analyses.map(sectionOf)
    })),
    colophon
  }
}
