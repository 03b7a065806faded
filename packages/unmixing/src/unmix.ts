/** From the codes of any encoder to latents, their causal graph and their transitions. */
import { type Generator, generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { actionEffects, rowsOfFewCauses } from './action-effects.js'
import {
  type AdditiveTransitions,
  additiveTransitions,
  effectsOn,
  projected
} from './additive-transitions.js'
import { type FoundDirection, pursueCauses } from './cause-pursuit.js'
import { type Codes, type PreparedCodes, prepareCodes } from './codes.js'
import type { Harmonics } from './direction-search.js'
import { decideEdges, type EdgeDecision } from './edge-decision.js'
import type { UnmixingError } from './errors.js'
import { type InteractionTest, testInteractions } from './interactions.js'
import { logAbsDeterminant } from './log-determinant.js'
import { completedRows, quadratic, type SparseRowsProblem } from './sparse-rows.js'
import { complement } from './subspaces.js'
import type { WhitenedCodes } from './whitened-codes.js'

export interface UnmixOptions {
  /** Equal seeds give equal answers. 0 unless given. */
  readonly seed?: number
  /** Past frames that a transition reads; 1 unless given. Static data have none. */
  readonly lags?: number
  /** How many edges the graph has, where that is known; else the widest gap of what causes are worth decides. */
  readonly edges?: number
  /** Rows of the fit, 20,000 unless given, or two thirds of what there is. */
  readonly rows?: number
  /** Searches from different random numbers, the likeliest of which is taken; 2 unless given. */
  readonly searches?: number
  /** Random directions that a search tries before it gives up on finding another latent; 480 unless given. */
  readonly starts?: number
  /** Fastest sines that are looked for, in radians a standard deviation of a latent; 4.5 unless given. */
  readonly highestFrequency?: number
  readonly onProgress?: (progress: UnmixProgress) => void
  readonly signal?: AbortSignal
}

export interface UnmixProgress {
  readonly search: number
  readonly searches: number
  readonly found: number
  readonly latents: number
}

/** Held-out log-likelihood, in nats a row, and how far the chosen basis is ahead of the next different one. */
export interface Choice {
  readonly logLikelihood: number
  /** undefined: every search came to the same basis. */
  readonly ahead: number | undefined
  readonly searches: number
}

/** What was found. Row = effect, column = cause. */
export interface Unmixed {
  /** The class that transitions were sought in; whether data support it is in `additivity`. */
  readonly hypothesis: 'additive'
  /** s = matrix (h − centre), matrix [d, d] row-major; latents have variance 1. */
  readonly map: { readonly matrix: Float64Array; readonly centre: Float64Array }
  readonly latents: number
  /**
   * Latents, by index, that were found by what they do or by what is done to them. The others only fill the space, and
   * stay mixed with each other.
   */
  readonly found: readonly boolean[]
  readonly graph: { readonly latents?: number[][]; readonly actions?: number[][] }
  /** Nats a row that each cause is worth. */
  readonly worth: { readonly latents?: number[][]; readonly actions?: number[][] }
  readonly decision: Omit<EdgeDecision, 'edges'>
  readonly transitions: AdditiveTransitions
  readonly actionUnits: PreparedCodes['actionUnits']
  readonly additivity: InteractionTest & { readonly rejected: boolean }
  readonly choice: Choice
  /** One line each, for people. */
  readonly explanation: readonly string[]
}

const DEFAULT_ROWS = 20_000
const LEAST_ROWS = 512
const COARSE_ROWS = 5000
const STEP = 0.5
const SPARSE_STARTS = 24
const COMPLETIONS = 8
/** Nats a row by which causes have to move completing rows less than the complement does. */
const SIMPLER_ROWS = 0.5
/** Additivity is rejected where interactions explain more than this share, and more than chance would. */
const MOST_INTERACTION = 0.1
const STANDARD_ERRORS = 4
/** Bases whose rows agree this well, up to order and sign, are one. */
const SAME_BASIS = 0.97

const positiveInteger = (option: string, value: number): UnmixingError | undefined =>
  Number.isInteger(value) && value > 0
    ? undefined
    : { _tag: 'BadOption', option, expected: 'a positive integer', actual: String(value) }

const checkOptions = (options: UnmixOptions): UnmixingError | undefined => {
  const { edges, highestFrequency = 4.5, rows = DEFAULT_ROWS } = options
  for (const option of ['lags', 'searches', 'starts'] as const) {
    const wrong = positiveInteger(option, options[option] ?? 1)
    if (wrong !== undefined) return wrong
  }
  if (edges !== undefined && !(edges >= 0)) {
    return { _tag: 'BadOption', option: 'edges', expected: 'a number, 0 or more', actual: String(edges) }
  }
  if (!(highestFrequency >= STEP && highestFrequency <= 50)) {
    const expected = `between ${STEP} and 50`
    return { _tag: 'BadOption', option: 'highestFrequency', expected, actual: String(highestFrequency) }
  }
  return Number.isInteger(rows) && rows >= LEAST_ROWS
    ? undefined
    : {
        _tag: 'BadOption',
        option: 'rows',
        expected: `an integer, ${LEAST_ROWS} or more`,
        actual: String(rows)
      }
}

/** Lets timers, signals and progress bars run. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

interface Basis {
  /** [d, d], unit norm, in whitened codes. */
  readonly rows: Float64Array
  readonly found: readonly boolean[]
}

/**
 * Directions that were found by what they do, and rows that complete them: those that few causes move where that says
 * something, else the complement, which is right for latents that are independent in the past.
 */
const basisOf = (
  codes: WhitenedCodes,
  directions: readonly FoundDirection[],
  harmonics: Harmonics,
  sizes: Sizes,
  random: Generator
): Basis => {
  const d = codes.latents
  const known = directions.length
  const rows = new Float64Array(d * d)
  directions.forEach(({ w }, i) => {
    rows.set(w, i * d)
  })
  const rest = complement(
    directions.map(({ w }) => w),
    d
  )
  const r = d - known
  for (let k = 0; k < r; k++) {
    for (let j = 0; j < d; j++) rows[(known + k) * d + j] = rest[j * r + k]
  }
  const plain = { rows, found: Array.from({ length: d }, (_, i) => i < known || (r === 1 && known > 0)) }
  if (r === 0 || known + codes.actions.length === 0) return plain
  const problem = effectsOn(codes, rows, harmonics, sizes.rows, known)
  const completed = completedRows(problem, known, COMPLETIONS, random)
  const identity = Float64Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? 1 : 0))
  const gained = movedBy(identity, problem, known) - movedBy(completed.rows, problem, known)
  if (gained < SIMPLER_ROWS * r) return plain
  const turned = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    let squares = 0
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) turned[i * d + j] += completed.rows[i * d + k] * rows[k * d + j]
      squares += turned[i * d + j] ** 2
    }
    for (let j = 0; j < d; j++) turned[i * d + j] /= Math.sqrt(squares)
  }
  return { rows: turned, found: completed.agreed }
}

/** Nats that causes are worth to the rows from `from` on, all together: the fewer causes, the less. */
const movedBy = (
  rows: Float64Array,
  { latents: d, noise, effects }: SparseRowsProblem,
  from: number
): number => {
  let sum = 0
  for (let i = from; i < d; i++) {
    const still = quadratic(rows, i, noise, d)
    for (const effect of effects) sum += 0.5 * Math.log1p(quadratic(rows, i, effect, d) / still)
  }
  return sum
}

/** Whether two bases have the same rows, up to order and sign. */
const sameBasis = (a: Float64Array, b: Float64Array, d: number): boolean => {
  for (let i = 0; i < d; i++) {
    let best = 0
    for (let k = 0; k < d; k++) {
      let dot = 0
      for (let j = 0; j < d; j++) dot += a[i * d + j] * b[k * d + j]
      best = Math.max(best, Math.abs(dot))
    }
    if (best < SAME_BASIS) return false
  }
  return true
}

interface Candidate extends Basis {
  readonly transitions: AdditiveTransitions
  readonly logLikelihood: number
}

const likelihoodOf = (rows: Float64Array, d: number, { residualVariance }: AdditiveTransitions): number =>
  logAbsDeterminant(rows, d) -
  residualVariance.reduce((sum, variance) => sum + 0.5 * Math.log(2 * Math.PI * Math.E * variance), 0)

const table = (flat: Float64Array, columns: number): number[][] =>
  Array.from({ length: flat.length / columns }, (_, i) =>
    Array.from(flat.subarray(i * columns, (i + 1) * columns))
  )

interface Sizes {
  readonly rows: number
  readonly heldOut: number
}

const candidateOf = (codes: WhitenedCodes, basis: Basis, harmonics: Harmonics, sizes: Sizes): Candidate => {
  const transitions = additiveTransitions(codes, basis.rows, harmonics, sizes.rows, sizes.heldOut)
  return { ...basis, transitions, logLikelihood: likelihoodOf(basis.rows, codes.latents, transitions) }
}

/** Edges of both tables at once, so that one line is drawn through all. */
const decided = (
  { latentWorth, actionWorth }: AdditiveTransitions,
  codes: WhitenedCodes,
  edges: number | undefined
): Pick<Unmixed, 'graph' | 'worth' | 'decision'> => {
  const { latents: d, past, actions } = codes
  const temporal = past.length > 0
  const k = actions.length
  const onLatents = temporal ? table(latentWorth, d) : []
  const onActions = k > 0 ? table(actionWorth, k) : []
  const joint = Array.from({ length: d }, (_, i) => [...(onLatents[i] ?? []), ...(onActions[i] ?? [])])
  const { edges: all, ...decision } = decideEdges(joint, edges)
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

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const explain = (
  candidate: Candidate,
  codes: WhitenedCodes,
  { graph, decision }: Pick<Unmixed, 'graph' | 'decision'>,
  additivity: Unmixed['additivity'],
  choice: Choice
): string[] => {
  const d = codes.latents
  const edges = [...(graph.latents ?? []), ...(graph.actions ?? [])].flat().reduce((a, b) => a + b, 0)
  const lines: string[] = []
  const temporal = codes.past.length > 0
  const count = candidate.found.filter((one) => one).length
  if (count === 0) {
    lines.push(
      temporal
        ? 'Nothing was found: no direction of the past says anything about the next codes beyond a line. Either there is no temporal structure, or it is linear, and that tells no latents apart.'
        : 'Nothing was found: no action moves the codes.'
    )
  } else if (count < d) {
    lines.push(
      `${count} of ${d} latents were found; the other ${d - count} only fill the space and stay mixed with each other.`
    )
  } else lines.push(`All ${d} latents were found.`)
  lines.push(
    `${edges} edges: an edge is worth at least ${decision.threshold.toPrecision(2)} of its latent’s strongest one; the gap there is a factor of ${decision.gap.toPrecision(2)}${decision.clear ? '' : ', too narrow to call'}.`
  )
  const whole = temporal ? 'what causes explain beyond lines' : 'what actions explain'
  lines.push(
    additivity.rejected
      ? `The hypothesis that mechanisms are additive is rejected: interactions explain ${percent(additivity.share)} of ${whole}, on held-out rows.`
      : `Hypothesis: mechanisms are additive. Interactions explain ${percent(Math.max(0, additivity.share))} of ${whole}, on held-out rows; it is not rejected.`
  )
  lines.push(
    choice.ahead === undefined
      ? `All ${choice.searches} searches came to the same basis.`
      : `The basis is ${choice.ahead.toPrecision(3)} nats a row ahead of the next different one that ${choice.searches} searches found.`
  )
  return lines
}

const temporalCandidates = async (
  codes: WhitenedCodes,
  harmonics: Harmonics,
  sizes: Sizes,
  options: UnmixOptions,
  random: Generator
): Promise<Candidate[]> => {
  const { searches = 2, starts = 480, signal, onProgress } = options
  const out: Candidate[] = []
  for (let search = 0; search < searches; search++) {
    const directions = await pursueCauses(codes, {
      harmonics,
      rows: sizes.rows,
      coarseRows: COARSE_ROWS,
      starts,
      random: random.split(search),
      onFound: async (found) => {
        onProgress?.({ search: search + 1, searches, found, latents: codes.latents })
        await pause()
        return signal?.aborted !== true
      }
    })
    if (signal?.aborted === true) break
    const basis = basisOf(codes, directions, harmonics, sizes, random.split(search).split('completion'))
    out.push(candidateOf(codes, basis, harmonics, sizes))
  }
  return out
}

/** The best candidate, and how far the next different one is behind. */
const chosen = (
  candidates: readonly Candidate[],
  d: number
): { readonly best: Candidate; readonly choice: Choice } => {
  const [best, ...others] = [...candidates].sort((a, b) => b.logLikelihood - a.logLikelihood)
  const rival = others.find(({ rows }) => !sameBasis(best.rows, rows, d))
  const ahead = rival === undefined ? undefined : best.logLikelihood - rival.logLikelihood
  return { best, choice: { logLikelihood: best.logLikelihood, ahead, searches: candidates.length } }
}

const staticChoice = (
  codes: WhitenedCodes,
  harmonics: Harmonics,
  sizes: Sizes,
  random: Generator
): { readonly best: Candidate; readonly choice: Choice } => {
  const { rows, moved, search } = rowsOfFewCauses(
    actionEffects(codes, harmonics, sizes.rows),
    SPARSE_STARTS,
    random
  )
  const best = candidateOf(codes, { rows, found: moved }, harmonics, sizes)
  const other = search.values.find((value) => value > search.value + 1e-2)
  const { logLikelihood } = best
  const ahead = other === undefined ? undefined : other - search.value
  return { best, choice: { logLikelihood, ahead, searches: search.values.length } }
}

const additivityOf = (
  codes: WhitenedCodes,
  { rows, transitions }: Candidate,
  sizes: Sizes
): Unmixed['additivity'] => {
  const d = codes.latents
  const column = (frame: Float64Array, j: number): Float64Array =>
    Float64Array.from({ length: frame.length / d }, (_, row) => frame[row * d + j])
  const causes = [
    ...codes.past.slice(0, 1).flatMap((frame) => {
      const latents = projected(frame, rows, d)
      return Array.from({ length: d }, (_, j) => column(latents, j))
    }),
    ...codes.actions.map(({ values }) => values)
  ]
  // A line in the past is how latents persist; a line in an action is an effect like any other.
  const explained =
    codes.past.length > 0
      ? transitions.curved
      : transitions.variance.map((all, i) => Math.max(0, all - transitions.residualVariance[i]))
  const test = testInteractions(causes, transitions.residuals, explained, sizes.rows, sizes.heldOut)
  const rejected = test.share > MOST_INTERACTION && test.share > STANDARD_ERRORS * test.standardError
  return { ...test, rejected }
}

const finished = (
  prepared: PreparedCodes,
  { best, choice }: { readonly best: Candidate; readonly choice: Choice },
  sizes: Sizes,
  edges: number | undefined
): Unmixed => {
  const { whitened: codes, whitening, actionUnits } = prepared
  const d = codes.latents
  const matrix = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) matrix[i * d + j] += best.rows[i * d + k] * whitening.matrix[k * d + j]
    }
  }
  const decision = decided(best.transitions, codes, edges)
  const additivity = additivityOf(codes, best, sizes)
  return {
    hypothesis: 'additive',
    map: { matrix, centre: whitening.centre },
    latents: d,
    found: best.found,
    ...decision,
    transitions: best.transitions,
    actionUnits,
    additivity,
    choice,
    explanation: explain(best, codes, decision, additivity, choice)
  }
}

/**
 * Unmixes codes: an invertible affine map to latents, their causal graph, and their transitions in closed form.
 *
 * When to use it: an encoder's codes are the latents up to an affine map (a dense model of Gaussian noise of fixed variance
 * gives such codes, [MS] theorem for one-statistic families; theory.md 2.4), and mechanisms are additive: sums of functions
 * of one cause each. Sequences are unmixed by what latents do (nonlinear functions of few frequencies); static codes by
 * what actions do to them. Not for codes that are a nonlinear function of the latents, nor for linear mechanisms.
 *
 * Errors: `ShapeMismatch`, `NonFinite`, `TooFewRows`, `Degenerate`, `NoMechanism`, `BadOption`, `Aborted`.
 *
 * @example
 * const answer = await unmix({ codes: { data, shape: [5000, 2, 4] } }, { seed: 1 })()
 */
export const unmix =
  (input: Codes, options: UnmixOptions = {}): TaskEither<UnmixingError, Unmixed> =>
  async () => {
    const wrong = checkOptions(options)
    if (wrong !== undefined) return E.left(wrong)
    const { seed = 0, lags = 1, rows: asked = DEFAULT_ROWS, highestFrequency = 4.5, edges, signal } = options
    const random = generator(seed).split('unmixing')
    const bounds = { lags, most: Math.round(1.5 * asked), least: LEAST_ROWS }
    const prepared = prepareCodes(input, bounds, random.split('rows'))
    if (E.isLeft(prepared)) return prepared
    const { whitened: codes } = prepared.right
    const rows = Math.min(asked, Math.floor((codes.rows * 2) / 3))
    const sizes = { rows, heldOut: codes.rows - rows }
    const harmonics = { step: STEP, count: Math.round(highestFrequency / STEP) }
    await pause()
    if (codes.past.length === 0) {
      return E.right(
        finished(prepared.right, staticChoice(codes, harmonics, sizes, random.split('search')), sizes, edges)
      )
    }
    const candidates = await temporalCandidates(codes, harmonics, sizes, options, random.split('search'))
    if (signal?.aborted === true) return E.left({ _tag: 'Aborted', where: 'unmixing' })
    return E.right(finished(prepared.right, chosen(candidates, codes.latents), sizes, edges))
  }
