/** From the codes of any encoder to latents, their causal graph and their transitions. */
import { aborted } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  additiveChoice,
  additivityOf,
  type Candidate,
  type Chosen,
  pause,
  type Searching,
  worthRows
} from './candidates.js'
import type { Codes, PreparedCodes } from './codes.js'
import { decideEdges, decideInterventions } from './edge-decision.js'
import type { UnmixingError } from './errors.js'
import { explanationOf } from './explanation.js'
import { HIGHEST_FREQUENCY, SLOW, STEP, type UnmixOptions } from './options.js'
import { sizedCodes } from './sized-codes.js'
import { sparseChoice } from './sparse-choice.js'
import { staticChoice } from './static-choice.js'
import type { Unmixed } from './unmixed.js'
import type { WhitenedCodes } from './whitened-codes.js'

/** Edges of both tables at once, so that one line is drawn through all. */
const decided = (
  candidate: Candidate,
  codes: WhitenedCodes,
  edges: number | undefined
): Pick<Unmixed, 'graph' | 'worth' | 'decision'> => {
  const { latents: d, past, actions, interventions } = codes
  const temporal = past.length > 0
  const k = actions.length
  const { latents: onLatents, actions: onActions, joint } = worthRows(candidate, d)
  // Variances have no gap between edges and others: what is more than chance is an edge.
  const evident =
    candidate.hypothesis === 'variances' ? joint.flat().filter((value) => value > 0).length : undefined
  const decide = !temporal && interventions !== undefined ? decideInterventions : decideEdges
  const { edges: all, ...decision } = decide(joint, edges ?? evident)
  const from = temporal ? d : 0
  return {
    graph: {
      ...(temporal ? { latents: all.map((row) => row.slice(0, d)) } : {}),
      ...(k > 0 ? { actions: all.map((row) => row.slice(from)) } : {})
    },
    worth: { ...(temporal ? { latents: onLatents } : {}), ...(k > 0 ? { actions: onActions } : {}) },
    decision
  }
}

const answerOf = (
  { whitened: codes, whitening, actionUnits }: PreparedCodes,
  { best, choice }: Chosen,
  additivity: Unmixed['additivity'],
  edges: number | undefined
): Unmixed => {
  const d = codes.latents
  const matrix = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) matrix[i * d + j] += best.rows[i * d + k] * whitening.matrix[k * d + j]
    }
  }
  const decision = decided(best, codes, edges)
  return {
    hypothesis: best.hypothesis,
    map: { matrix, centre: whitening.centre },
    latents: d,
    found: best.found,
    ...decision,
    transitions: best.transitions,
    actionUnits,
    additivity,
    ...(best.sparsity === undefined ? {} : { sparsity: best.sparsity }),
    rejected: best.hypothesis === 'additive' ? additivity.rejected : best.sparsity?.rejected === true,
    choice,
    explanation: explanationOf(best, codes, decision, additivity, choice)
  }
}

interface Judged extends Chosen {
  readonly additivity: Unmixed['additivity']
}

/**
 * The basis of sequences: additive mechanisms first; sparse ones where data reject these, any smooth response predicts
 * held-out rows better, and searches agree on every row: in codes that are still bent all slopes are different from zero,
 * and they do not. undefined if interrupted.
 */
const temporalChoice = async (searching: Searching): Promise<Judged | undefined> => {
  const { hypothesis, signal } = searching.options
  const sparse = async (given: readonly Float64Array[] = []): Promise<Judged> => {
    const chosen = await sparseChoice({ ...searching, random: searching.random.split('sparse') }, given)
    return { ...chosen, additivity: additivityOf(searching, chosen.best) }
  }
  if (hypothesis === 'sparse') {
    const chosen = await sparse()
    return signal?.aborted === true ? undefined : chosen
  }
  const additive = await additiveChoice(searching)
  if (additive === undefined) return undefined
  const additivity = additivityOf(searching, additive.best)
  if (hypothesis === 'additive' || !additivity.rejected) return { ...additive, additivity }
  const other = await sparse([additive.best.rows])
  if (signal?.aborted === true) return undefined
  const sure = other.best.found.every((one) => one)
  const better = other.best.logLikelihood > additive.best.logLikelihood
  return sure && better ? other : { ...additive, additivity }
}

const WHERE = 'unmix'

/**
 * Unmixes codes: an invertible affine map to latents, their causal graph, and their transitions in closed form.
 *
 * When to use it: the codes are the latents up to an affine map and a little noise. A dense model with Gaussian noise of fixed
 * variance gives such codes ([MS] theorem for one-statistic families; theory.md 2.4). There are pairs of frames or longer
 * sequences, with or without actions, or single frames with actions.
 *
 * When not: the codes are a nonlinear function of the latents (see `straighten` for a little of it), mechanisms are linear, or
 * codes are so noisy that effects drown in them.
 *
 * Static codes are unmixed by what actions do to them: rows are sought that few actions move, by functions of one action each and, where actions
 * interact, by all that they do together. Sequences are unmixed by what
 * latents do. First, mechanisms are supposed to be sums of functions of one cause each. If data reject that, the basis is sought
 * in which the slopes of next codes by past ones are sparse; past latents must be uncorrelated for that. `hypothesis` of the
 * answer says which of the two it rests on, and `found` which latents were found at all.
 *
 * `codes` is [n, t, d] or [n, d], `actions` [n, t, k], [n, t − 1, k] or [n, k].
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `TooFewRows`, `Degenerate`, `NoMechanism`, `InvalidOption`, `Aborted`.
 *
 * @example
 * const answer = await unmix({ codes: { data, shape: [5000, 2, 4] } }, { seed: 1 })()
 */
export const unmix =
  (input: Codes, options: UnmixOptions = {}): TaskEither<UnmixingError, Unmixed> =>
  async () => {
    const { highestFrequency = HIGHEST_FREQUENCY, edges, signal } = options
    const sized = sizedCodes(WHERE, input, options)
    if (E.isLeft(sized)) return sized
    const { prepared, sizes, random } = sized.right
    const { whitened: codes } = prepared
    const searching: Searching = {
      codes,
      harmonics: { step: STEP, count: Math.round(Math.min(SLOW, highestFrequency) / STEP) },
      sizes,
      options,
      random: random.split('search')
    }
    await pause()
    if (codes.past.length > 0) {
      const chosen = await temporalChoice(searching)
      if (chosen === undefined) return E.left(aborted(WHERE))
      return E.right(answerOf(prepared, chosen, chosen.additivity, edges))
    }
    const chosen = await staticChoice(searching)
    if (signal?.aborted === true) return E.left(aborted(WHERE))
    const additivity = additivityOf(searching, chosen.best)
    // Where another basis than that of functions alone has fewer causes, that rejects additivity, too.
    const other = options.hypothesis === undefined && chosen.best.hypothesis === 'sparse'
    const rejected = additivity.rejected || other
    return E.right(answerOf(prepared, chosen, { ...additivity, rejected }, edges))
  }
