/** Verdicts, promises and checks in words and tones, for the page and for the terminal. */
import type {
  GraphEvidence,
  InfluenceVerdict,
  LatentReason,
  Prediction,
  WitnessAnswer
} from '@mechid/causal-graph'
import type { CausalGraph } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Analysis, Verdict } from './analysis.js'

/** How an answer is coloured: as good news, as bad news, or as neither. */
export type Tone = 'good' | 'bad' | 'open'

export interface Words {
  readonly text: string
  readonly tone: Tone
}

const verdicts: Readonly<Record<Verdict, Words>> = {
  identified: { text: 'identified', tone: 'good' },
  mixed: { text: 'not identified', tone: 'bad' },
  open: { text: 'open', tone: 'open' },
  promised: { text: 'promised', tone: 'good' },
  'not promised': { text: 'not promised', tone: 'open' }
}

export const verdictWords = ({ verdict }: Analysis): Words => verdicts[verdict]

const promises: Readonly<Record<Prediction['kind'], Words>> = {
  complete: { text: 'complete', tone: 'good' },
  partial: { text: 'partial', tone: 'open' },
  none: { text: 'one block', tone: 'bad' }
}

export const promiseWords = ({ prediction }: Analysis): Words => promises[prediction.kind]

const influences: Readonly<Record<InfluenceVerdict, Tone>> = {
  sufficient: 'good',
  lacking: 'bad',
  undecidable: 'open',
  'not covered': 'open'
}

export const influenceTone = (verdict: InfluenceVerdict): Tone => influences[verdict]

export const influenceWords = ({ influence }: Analysis): Words =>
  influence === undefined
    ? { text: '—', tone: 'open' }
    : { text: influence.verdict, tone: influences[influence.verdict] }

const answers: Readonly<Record<WitnessAnswer['_tag'], Words>> = {
  None: { text: 'none exists', tone: 'good' },
  Found: { text: 'found', tone: 'bad' },
  Unknown: { text: 'unknown', tone: 'open' }
}

export const witnessWords = ({ witness }: Analysis): Words => {
  if (witness === undefined) return { text: '—', tone: 'open' }
  return witness._tag === 'None' && witness.evidence === 'numerical'
    ? { text: 'none exists, by numerical evidence', tone: 'good' }
    : answers[witness._tag]
}

/** How many actions to add: a number, or "impossible". */
export const remedyCount = ({ remedy }: Analysis): string =>
  E.match(
    () => 'impossible',
    ({ actions }: { readonly actions: ReadonlyArray<unknown> }) => String(actions.length)
  )(remedy)

const listed = (latents: ReadonlyArray<number>): string => latents.map((i) => `z${i}`).join(', ')

const backing = (influence: Analysis['influence']): string =>
  influence === undefined || influence.verdict === 'sufficient'
    ? ''
    : ` Nothing supports the graph’s promise here: influence is ${influence.verdict}.`

/** The conclusion on an entry, in one or two sentences. */
export const conclusion = ({ verdict, prediction, influence, witness, backed }: Analysis): string => {
  switch (verdict) {
    case 'identified':
      if (witness?._tag !== 'None')
        return `Identified by ${backed?.by} alone: that influence suffices, and that part of the graph tells all latents apart.`
      if (influence?.verdict !== 'sufficient')
        return 'Identified, although sparsity does not show it: the latents vary in so many ways that no other model is left.'
      return prediction.kind === 'complete'
        ? 'Identified: other models differ by a permutation and element-wise maps only.'
        : 'Identified, although the criterion fails: the pattern admits a mixture, but no model has it.'
    case 'mixed':
      return `Not identified: another model, with the same observations and the same graph, mixes ${
        witness?._tag === 'Found' ? listed(witness.latents) : 'latents'
      }.${backing(influence)}`
    case 'open':
      return `Open: no other model was found, and none is ruled out.${backing(influence)}`
    case 'promised':
      return 'Promised: the graph tells all latents apart, if influence suffices.'
    case 'not promised':
      return 'Not promised: the graph does not tell all latents apart, even if influence suffices.'
  }
}

const together = (pieces: ReadonlyArray<string>): string =>
  pieces.length === 1 ? pieces[0] : `${pieces.slice(0, -1).join(', ')} and ${pieces[pieces.length - 1]}`

const piecesOf = ({ actions, causes, effects }: GraphEvidence, several: boolean): string[] => {
  const at = (lag: number): string => (several ? ` at lag ${lag}` : '')
  return [
    ...actions.map((l) => `action a${l}`),
    ...causes.map(({ latent, lag }) => `an edge from z${latent}${at(lag)}`),
    ...effects.map(({ latent, lag }) => `an edge to z${latent}${at(lag)}`)
  ]
}

/** Why a latent is told apart from all others, or which others it is not told apart from. */
export const reasonText = (
  graph: CausalGraph,
  evidence: ReadonlyArray<GraphEvidence | undefined>,
  { latent, text }: LatentReason
): string => {
  const alone = evidence[latent]
  if (alone === undefined) return text
  const { latents = [] } = graph
  const pieces = piecesOf(alone, (latents[0] ?? []).length > latents.length)
  if (pieces.length === 0) return `${text} There is no other latent.`
  return pieces.length === 1
    ? `${text} It alone has ${pieces[0]}.`
    : `${text} No other latent has all of: ${together(pieces)}.`
}

const SHOWN = 14

/** `{z0, z1}, {z2}`, the largest blocks first. */
export const blocksText = ({ blocks }: Prediction): string => {
  const sets = [...blocks].sort((a, b) => b.length - a.length).map((block) => `{${listed(block)}}`)
  return sets.length <= SHOWN
    ? sets.join(', ')
    : `${sets.slice(0, SHOWN).join(', ')} and ${sets.length - SHOWN} more`
}
