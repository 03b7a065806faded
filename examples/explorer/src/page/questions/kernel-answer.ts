/** All that is known of a kernel before any data, as plain data. */
import type { FoundWitness, InfluencePart } from '@mechid/causal-graph'
import {
  type Analysis,
  analyse,
  conclusion,
  type Entry,
  influenceTone,
  promiseWords,
  reasonText,
  remedyText,
  verdictWords,
  witnessWords
} from '@mechid/example-gallery'
import { kernelFormulas, text } from '@mechid/mechanisms'
import type { InfluenceRow, KernelAnswer } from './protocol.js'

const SEED = 1

const subjectOf = ({ subject }: InfluencePart): string =>
  subject.kind === 'action' ? `action a${subject.action}` : `time, lag ${subject.lag}`

const influenceRow = (part: InfluencePart): InfluenceRow => ({
  of: subjectOf(part),
  rank: part.rank,
  needed: part.needed,
  verdict: part.verdict,
  tone: influenceTone(part.verdict),
  explanation: part.explanation
})

/** z0 = 0.866 ẑ0 − 0.500 ẑ1 */
const equationsOf = ({ latents, matrix }: FoundWitness): string[] =>
  matrix === undefined
    ? []
    : latents.map((i) => {
        const terms = latents.map((j, n) => {
          const x = matrix[i][j]
          const sign = n === 0 ? (x < 0 ? '−' : '') : x < 0 ? ' − ' : ' + '
          return `${sign}${Math.abs(x).toFixed(3)} ẑ${j}`
        })
        return `z${i} = ${terms.join('')}`
      })

const witnessOf = (analysis: Analysis): KernelAnswer['witness'] => {
  const { witness } = analysis
  return {
    words: witnessWords(analysis),
    explanation: witness?.explanation ?? '',
    equations: witness?._tag === 'Found' ? equationsOf(witness) : []
  }
}

/** The entry must have a kernel. */
export const kernelAnswer = (entry: Entry): KernelAnswer => {
  const analysis = analyse(entry, SEED)
  const { prediction, evidence, panels, influence } = analysis
  return {
    graph: entry.graph,
    verdict: verdictWords(analysis),
    conclusion: conclusion(analysis),
    promise: promiseWords(analysis),
    reasons: prediction.reasons.map((reason) => ({
      latent: reason.latent,
      identified: reason.identified,
      text: reasonText(entry.graph, evidence, reason)
    })),
    pictures: panels.map(({ name, svg }) => ({ name, svg })),
    influence: {
      verdict: influence?.verdict ?? 'not covered',
      tone: influence === undefined ? 'open' : influenceTone(influence.verdict),
      parts: influence?.parts.map(influenceRow) ?? []
    },
    witness: witnessOf(analysis),
    remedy: remedyText(analysis),
    formulas: entry.kernel === undefined ? [] : kernelFormulas(text, entry.kernel)
  }
}
