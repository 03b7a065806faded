/** The answer in sentences. */
import type { Candidate } from './candidates.js'
import type { Unmixed } from './unmixed.js'
import type { WhitenedCodes } from './whitened-codes.js'

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const foundLine = ({ found }: Pick<Candidate, 'found'>, temporal: boolean): string => {
  const count = found.filter((one) => one).length
  if (count === found.length) return `All ${count} latents were found.`
  if (count > 0) {
    const rest = found.length - count
    return `${count} of ${found.length} latents were found; the other ${rest} only fill the space and stay mixed with each other.`
  }
  return temporal
    ? 'Nothing was found: no direction of the past says anything about the next codes beyond a line. Either there is no temporal structure, or it is linear, and that tells no latents apart.'
    : 'Nothing was found: no action moves the codes.'
}

const VARIANCES =
  'Hypothesis: the values of the action change how much independent latents vary, and the basis is the one in which all covariances are diagonal. Values of a discrete action do not act together, so nothing more is supposed of their effects.'

const hypothesisLine = (
  hypothesis: Unmixed['hypothesis'],
  { rejected, share, nats }: Unmixed['additivity'],
  sparsity: Unmixed['sparsity'],
  temporal: boolean
): string => {
  if (hypothesis === 'variances') return VARIANCES
  const whole = temporal ? 'what causes explain beyond lines' : 'what actions explain'
  const measured = `interactions explain ${percent(Math.max(0, share))} of ${whole} (${Math.max(0, nats).toPrecision(2)} nats a row and latent), on held-out rows`
  const additive = rejected
    ? `That mechanisms are additive is rejected: ${measured}.`
    : `That mechanisms are additive is not rejected: ${measured}.`
  if (hypothesis === 'additive') return `Hypothesis: additive mechanisms. ${additive}`
  const uncorrelated = temporal ? ' and uncorrelated past latents' : ''
  const parents =
    sparsity === undefined
      ? ''
      : ` That parents are all is ${sparsity.rejected ? '' : 'not '}rejected: they predict held-out next latents ${sparsity.lost > 0 ? `by ${sparsity.lost.toPrecision(2)} nats a row worse than the whole past does` : 'no worse than the whole past does'}.`
  return `Hypothesis: sparse mechanisms${uncorrelated}; interactions may be of any form.${parents} ${additive}`
}

const choiceLine = ({ ahead, clearer, unit, searches }: Unmixed['choice']): string => {
  if (searches === 1) return 'One search was made, so there is no other basis to compare with.'
  if (ahead === undefined) return `All ${searches} searches came to the same basis.`
  const next = `the next different one that ${searches} searches found`
  const far = `${Math.abs(ahead).toPrecision(3)} ${unit} ${ahead < 0 ? 'behind' : 'ahead of'}`
  const gap = clearer === undefined ? '' : `; its causes stand out ${clearer.toPrecision(2)} times as clearly`
  return `The basis is ${far} ${next}${gap}.`
}

const edgesLine = (edges: number, { clear, gap, threshold }: Unmixed['decision']): string => {
  if (edges === 0) return 'No edges: nothing that could be one is worth more than chance.'
  const narrow = clear ? '' : ', too narrow to call'
  return `${edges} edges: an edge is worth at least ${threshold.toPrecision(2)} of its latent’s strongest one; the gap there is a factor of ${gap.toPrecision(2)}${narrow}.`
}

/** One line each, for people. */
export const explanationOf = (
  candidate: Pick<Candidate, 'found' | 'hypothesis' | 'sparsity'>,
  codes: Pick<WhitenedCodes, 'past'>,
  { graph, decision }: Pick<Unmixed, 'graph' | 'decision'>,
  additivity: Unmixed['additivity'],
  choice: Unmixed['choice']
): string[] => {
  const temporal = codes.past.length > 0
  const edges = [...(graph.latents ?? []), ...(graph.actions ?? [])].flat().reduce((a, b) => a + b, 0)
  return [
    foundLine(candidate, temporal),
    edgesLine(edges, decision),
    hypothesisLine(candidate.hypothesis, additivity, candidate.sparsity, temporal),
    choiceLine(choice)
  ]
}
