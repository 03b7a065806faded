/** An entry of the atlas as a section of the page. */
import type { Design, FoundWitness, InfluencePart, InfluenceRoute, Prediction } from '@mechid/causal-graph'
import {
  type Analysis,
  blocksText,
  conclusion,
  influenceTone,
  reasonText,
  remedyText,
  verdictWords
} from '@mechid/example-gallery'
import { type Kernel, kernelFormulas, text } from '@mechid/mechanisms'
import type { Block, Section } from '@mechid/report'
import * as E from 'fp-ts/lib/Either.js'

/** A table of influence with more rows is folded. */
const SHORT = 6
/** So is a table of reasons; where the promise is complete it always is. */
const LONG = 12

const fold = (summary: string, folded: boolean, block: Block): Block =>
  folded ? { kind: 'folded', summary, blocks: [block] } : block

const kindNames: Readonly<Record<Prediction['kind'], string>> = {
  complete: 'complete disentanglement',
  partial: 'partial disentanglement',
  none: 'no disentanglement'
}

const kinds: Readonly<Record<Prediction['kind'], string>> = {
  complete: 'Complete disentanglement: the criterion holds, so each row of the pattern has one entry.',
  partial: 'Partial disentanglement.',
  none: 'No disentanglement: all latents form one block.'
}

const graphBlocks = (analysis: Analysis): Block[] => {
  const { prediction, entry, evidence } = analysis
  const { kind, reasons, blocks } = prediction
  const rows = reasons.map((reason) => [
    `z${reason.latent}`,
    {
      text: reason.identified ? 'yes' : 'no',
      tone: reason.identified ? ('good' as const) : ('bad' as const)
    },
    reasonText(entry.graph, evidence, reason)
  ])
  return [
    { kind: 'heading', text: 'What the graph promises, if influence suffices' },
    {
      kind: 'text',
      text:
        kind === 'partial'
          ? `${kinds.partial} ${blocks.length} blocks: ${blocksText(prediction)}.`
          : kinds[kind]
    },
    fold('The reason for each latent', kind === 'complete' || rows.length > LONG, {
      kind: 'table',
      head: ['latent', 'told apart', 'reason'],
      rows
    })
  ]
}

const subjectOf = ({ subject }: InfluencePart): string =>
  subject.kind === 'action' ? `action a${subject.action}` : `time, lag ${subject.lag}`

const routes: Readonly<Record<InfluenceRoute, string>> = {
  derivatives: 'derivatives of scores by the action',
  differences: 'differences of scores between values of the action',
  general: 'route (i), cross derivatives at one point',
  'one-statistic': 'route (ii), slopes of the mean over many points'
}

const influenceBlocks = ({ influence, backed }: Analysis): Block[] => {
  if (influence === undefined) return []
  const { verdict, parts, tolerance } = influence
  const failing = parts.filter((part) => part.verdict !== 'sufficient').map(({ explanation }) => explanation)
  return [
    { kind: 'heading', text: 'Sufficient influence' },
    {
      kind: 'text',
      text: `${verdict[0].toUpperCase()}${verdict.slice(1)}. Ranks are those of exact derivatives at random points; relative singular values up to ${tolerance.toExponential(0).replace('-', '−')} count as 0.`
    },
    ...(failing.length === 0
      ? []
      : [fold('What fails', failing.length > SHORT, { kind: 'list', items: failing })]),
    fold('Rank and needed rank of each part', parts.length > SHORT, {
      kind: 'table',
      head: ['of', 'rank', 'needed', 'verdict', 'by'],
      rows: parts.map((part) => [
        subjectOf(part),
        String(part.rank),
        String(part.needed),
        { text: part.verdict, tone: influenceTone(part.verdict) },
        routes[part.route]
      ])
    }),
    ...(backed === undefined
      ? []
      : [
          {
            kind: 'text' as const,
            text: `The influence of ${backed.by} suffices. By ${backed.by} alone, counting only those edges, the promise is ${kindNames[backed.prediction.kind]}.`
          }
        ])
  ]
}

/** The matrix of v: the true latents that it mixes as functions of learned ones. */
const mixedLatents = ({ latents, matrix }: FoundWitness): Block[] =>
  matrix === undefined
    ? []
    : [
        {
          kind: 'verbatim',
          text: latents
            .map(
              (i) =>
                `z${i} = ${latents
                  .map((j) => [matrix[i][j], j] as const)
                  .map(
                    ([x, j], n) =>
                      `${n === 0 ? (x < 0 ? '−' : '') : x < 0 ? ' − ' : ' + '}${Math.abs(x).toFixed(3)} ẑ${j}`
                  )
                  .join('')}`
            )
            .join('\n')
        }
      ]

const witnessBlocks = ({ witness }: Analysis): Block[] =>
  witness === undefined
    ? []
    : [
        { kind: 'heading', text: 'Is there another model?' },
        { kind: 'text', text: witness.explanation },
        ...(witness._tag === 'Found' ? mixedLatents(witness) : [])
      ]

const newActions = (graphActions: number, { actions }: Design): Block[] =>
  actions.length === 0
    ? []
    : [
        {
          kind: 'list',
          items: actions.map(
            (targets, q) => `New action a${graphActions + q} on ${targets.map((i) => `z${i}`).join(', ')}`
          )
        }
      ]

const remedyBlocks = (analysis: Analysis): Block[] => {
  const { remedy, influence, entry, verdict } = analysis
  const k = entry.graph.actions?.[0].length ?? 0
  const lacking = influence !== undefined && influence.verdict !== 'sufficient' && verdict !== 'identified'
  return [
    { kind: 'heading', text: 'What would help' },
    ...(lacking
      ? [
          {
            kind: 'text' as const,
            text: 'First of all, more variation: each action, or the past, must move each of its latents in a different way. As to the graph:'
          }
        ]
      : []),
    { kind: 'text', text: remedyText(analysis) },
    ...E.match(
      () => [] as Block[],
      (made: Design) => newActions(k, made)
    )(remedy)
  ]
}

const modelBlocks = (kernel: Kernel | undefined): Block[] =>
  kernel === undefined
    ? []
    : [
        {
          kind: 'folded',
          summary: 'The model, written out',
          blocks: [{ kind: 'verbatim', text: kernelFormulas(text, kernel).join('\n') }]
        }
      ]

/** The entry as a section: story, conclusion, pictures, promise with reasons, influence, witness, remedy, formulas. */
export const sectionOf = (analysis: Analysis): Section => {
  const { entry, panels } = analysis
  return {
    id: entry.id,
    heading: entry.title,
    badge: verdictWords(analysis),
    blocks: [
      { kind: 'text', text: entry.story },
      { kind: 'text', text: conclusion(analysis) },
      { kind: 'pictures', svgs: panels.map(({ svg }) => svg) },
      ...graphBlocks(analysis),
      ...influenceBlocks(analysis),
      ...witnessBlocks(analysis),
      ...remedyBlocks(analysis),
      ...modelBlocks(entry.kernel)
    ]
  }
}
