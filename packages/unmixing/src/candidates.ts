/** Bases that searches came to, with what can be said for each. */
import { logAbsDeterminant } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { type AdditiveTransitions, additiveTransitions, projected } from './additive-transitions.js'
import { type Basis, basisOf, guessedDirections, type Sizes, sameBasis } from './basis.js'
import { pursueCauses } from './cause-pursuit.js'
import type { Harmonics } from './direction-search.js'
import { noInteractions, testInteractions } from './interactions.js'
import { interventionTransitions } from './intervention-effects.js'
import {
  HIGHEST_FREQUENCY,
  type Hypothesis,
  MANY_LATENTS,
  MOST_INTERACTION,
  STEP,
  type UnmixOptions
} from './options.js'
import type { OnTried } from './sparse-rows.js'
import type { Choice, Unmixed } from './unmixed.js'
import type { WhitenedCodes } from './whitened-codes.js'

export interface Candidate extends Basis {
  readonly hypothesis: Hypothesis
  readonly transitions: AdditiveTransitions
  /** Nats a row that each cause is worth, [d, d] and [d, k]. */
  readonly latentWorth: Float64Array
  readonly actionWorth: Float64Array
  readonly logLikelihood: number
  /** What parents alone predict worse than the whole past does, where that was asked. */
  readonly sparsity?: NonNullable<Unmixed['sparsity']>
}

export interface Chosen {
  readonly best: Candidate
  readonly choice: Choice
}

/** What all searches share. */
export interface Searching {
  readonly codes: WhitenedCodes
  /** Slow sines, enough for most mechanisms. */
  readonly harmonics: Harmonics
  readonly sizes: Sizes
  readonly options: UnmixOptions
  readonly random: Generator
}

/** What causes are worth as rows of numbers: those of each kind [d][d] and [d][k], and both side by side. */
export const worthRows = (
  { latentWorth, actionWorth }: Pick<Candidate, 'latentWorth' | 'actionWorth'>,
  d: number
): Readonly<Record<'latents' | 'actions' | 'joint', number[][]>> => {
  const table = (flat: Float64Array): number[][] => {
    const columns = flat.length / d
    return Array.from({ length: d }, (_, i) => Array.from(flat.subarray(i * columns, (i + 1) * columns)))
  }
  const [latents, actions] = [table(latentWorth), table(actionWorth)]
  return { latents, actions, joint: latents.map((row, i) => [...row, ...actions[i]]) }
}

const COARSE_ROWS = 5000
const COARSE_ROWS_PER_LATENT = 700
/** Nats a row and latent by which faster sines have to predict held-out rows better. */
export const FASTER_EFFECTS = 0.01
/**
 * Additivity is rejected where interactions explain more than a share (`mostInteraction`), or are worth more nats a row and latent than this,
 * and more than chance would. Codes that are bent a little look as if there were some, static ones more so, since what
 * actions do is all that is seen of them: .3 and .65 nats were seen.
 */
const MOST_NATS = { temporal: 0.35, static: 0.8 }
/** What is no chance: so many standard errors. */
export const STANDARD_ERRORS = 4

/** Lets timers, signals and progress bars run. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

export const listening =
  ({ onProgress, signal }: UnmixOptions, what: 'rows tried' | 'rotations tried'): OnTried =>
  async (done, of) => {
    onProgress?.({ what, done, of })
    await pause()
    return signal?.aborted !== true
  }

/** Additive transitions in a basis. */
export const additiveCandidate = (
  { codes, harmonics, sizes }: Searching,
  basis: Basis,
  hypothesis: Hypothesis = 'additive'
): Candidate => {
  const { past, interventions } = codes
  const transitions =
    past.length === 0 && interventions !== undefined
      ? interventionTransitions(codes, interventions, basis.rows)
      : additiveTransitions(codes, basis.rows, harmonics, sizes.rows, sizes.heldOut)
  const { latentWorth, actionWorth, residualVariance } = transitions
  return {
    ...basis,
    hypothesis,
    transitions,
    latentWorth,
    actionWorth,
    logLikelihood: likelihoodOf(basis.rows, codes.latents, residualVariance)
  }
}

export const likelihoodOf = (rows: Float64Array, d: number, variances: ArrayLike<number>): number => {
  let sum = logAbsDeterminant({ data: rows, shape: [d, d] })
  for (let i = 0; i < d; i++) sum -= 0.5 * Math.log(2 * Math.PI * Math.E * variances[i])
  return sum
}

/** Series that effects are sought in: slow sines, and then fast ones. */
export const levelsOf = ({ harmonics: slow, options }: Searching): readonly Harmonics[] => {
  const { highestFrequency = HIGHEST_FREQUENCY } = options
  const fast = { step: STEP, count: Math.round(highestFrequency / STEP) }
  return fast.count > slow.count ? [slow, fast] : [slow]
}

/** The likeliest of several searches for the directions that additive mechanisms read; undefined if interrupted. */
export const additiveChoice = async (searching: Searching): Promise<Chosen | undefined> => {
  const { codes, sizes, options, random } = searching
  const { starts = 480, signal, onProgress } = options
  const d = codes.latents
  const searches = options.searches ?? (d > MANY_LATENTS ? 1 : 2)
  const levels = levelsOf(searching)
  const candidates: Candidate[] = []
  for (let search = 0; search < searches; search++) {
    const stream = random.split(search)
    const listener = listening(options, 'rows tried')
    const { directions, harmonics } = await pursueCauses(codes, {
      levels,
      rows: sizes.rows,
      coarseRows: Math.max(COARSE_ROWS, COARSE_ROWS_PER_LATENT * d),
      starts,
      random: stream,
      guesses: (found, level) =>
        guessedDirections(codes, found, level, sizes, stream.split('guesses'), listener),
      onFound: async (found) => {
        onProgress?.({ what: 'latents found', done: search * d + found, of: searches * d })
        await pause()
        return signal?.aborted !== true
      }
    })
    if (signal?.aborted === true) return undefined
    const basis = await basisOf(codes, directions, harmonics, sizes, stream.split('completion'), listener)
    const [first, ...faster] = levels.filter(({ count }) => count >= harmonics.count)
    let candidate = additiveCandidate({ ...searching, harmonics: first }, basis)
    // Latents are found by their slow effects; there may be fast ones besides.
    for (const level of faster) {
      const other = additiveCandidate({ ...searching, harmonics: level }, basis)
      if (other.logLikelihood > candidate.logLikelihood + FASTER_EFFECTS * d) candidate = other
    }
    candidates.push(candidate)
  }
  const [best, ...others] = [...candidates].sort((a, b) => b.logLikelihood - a.logLikelihood)
  const rival = others.find(({ rows }) => !sameBasis(best.rows, rows, d))
  const ahead = rival === undefined ? undefined : best.logLikelihood - rival.logLikelihood
  return {
    best,
    choice: { logLikelihood: best.logLikelihood, ahead, unit: 'nats a row', searches: candidates.length }
  }
}

/** Whether data reject that mechanisms are additive in the basis of a candidate. */
export const additivityOf = (
  { codes, sizes, options: { mostInteraction = MOST_INTERACTION } }: Searching,
  { rows, transitions }: Candidate
): Unmixed['additivity'] => {
  const d = codes.latents
  if (codes.past.length === 0 && codes.interventions !== undefined)
    return { ...noInteractions(d), rejected: false }
  const column = (frame: Float64Array, j: number): Float64Array =>
    Float64Array.from({ length: frame.length / d }, (_, row) => frame[row * d + j])
  const causes = [
    ...codes.past.slice(0, 1).flatMap((frame) => {
      const latents = projected(frame, rows, d)
      return Array.from({ length: d }, (_, j) => column(latents, j))
    }),
    ...(codes.interventions === undefined ? codes.actions.map(({ values }) => values) : [])
  ]
  // A line in the past is how latents persist; a line in an action is an effect like any other.
  const explained =
    codes.past.length > 0
      ? transitions.curved
      : transitions.variance.map((all, i) => Math.max(0, all - transitions.residualVariance[i]))
  const test = testInteractions(causes, transitions.residuals, explained, sizes.rows, sizes.heldOut)
  const rejected =
    (test.share > mostInteraction || test.nats > MOST_NATS[codes.past.length > 0 ? 'temporal' : 'static']) &&
    test.share > STANDARD_ERRORS * test.standardError
  return { ...test, rejected }
}
