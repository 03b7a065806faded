/** What unmixing can be told, and whether that makes sense. */
import { type InvalidOption, invalidOption } from '@mechid/values'

/**
 * What unmixing may suppose of mechanisms. `additive`: sums of functions of one cause each. `sparse`: any functions of few
 * causes; of sequences also that past latents are uncorrelated. `variances`, of single frames under one discrete action: its values
 * change how much independent latents vary.
 */
export type Hypothesis = 'additive' | 'sparse' | 'variances'

const HYPOTHESES: readonly string[] = ['additive', 'sparse', 'variances'] satisfies Hypothesis[]

export interface UnmixOptions {
  /** Equal seeds give equal answers. 0 unless given. */
  readonly seed?: number
  /** Past frames that a transition reads; 1 unless given. Static data have none. */
  readonly lags?: number
  /** How many edges the graph has, where that is known; else the widest gap of what causes are worth decides. */
  readonly edges?: number
  /** Rows of the fit, or two thirds of what there is; 20,000 unless given, and 2,000 a latent if that is more. */
  readonly rows?: number
  /** Searches from different random numbers, the likeliest of which is taken; 2 unless given, 1 beyond 20 latents. */
  readonly searches?: number
  /** Random directions that a search tries before it gives up on finding another latent; 480 unless given. */
  readonly starts?: number
  /**
   * Fastest sines that are looked for, in radians a standard deviation of a latent: up to 4.5 at first, and then, where latents
   * are still missing, up to this. 12 unless given.
   */
  readonly highestFrequency?: number
  /**
   * The class of mechanisms that is supposed; unless given, sequences are supposed to be additive, and sparse where data
   * reject that. Static codes are unmixed by sparsity, or, where a discrete action moves not all latents but changes variances, by
   * these.
   */
  readonly hypothesis?: Hypothesis
  /**
   * Share of what causes explain from which on interactions reject additivity, in (0, 1]; .1 unless given, since codes that
   * are bent a little look as if there were some. Straightened codes of additive mechanisms showed .006 at most where it was measured.
   */
  readonly mostInteraction?: number
  readonly onProgress?: (progress: UnmixProgress) => void
  readonly signal?: AbortSignal
}

/** How far a search is: `of` is what it comes to if nothing better is found from now on. */
export interface UnmixProgress {
  readonly what: 'latents found' | 'rows tried' | 'rotations tried'
  readonly done: number
  readonly of: number
}

export const DEFAULT_ROWS = 20_000
export const ROWS_PER_LATENT = 2000
export const HIGHEST_FREQUENCY = 12
export const MOST_INTERACTION = 0.1
/** With more latents a second search takes minutes. */
export const MANY_LATENTS = 20
/** Fastest sines that are looked for at first. */
export const SLOW = 4.5
/** Rows, or windows, that unmixing needs at least. */
export const LEAST_ROWS = 512
/** Between two sines of a series, in radians a standard deviation. */
export const STEP = 0.5

/** What is wrong with an option that counts something, if anything; `where` is the function that has it. */
export const positiveInteger = (where: string, option: string, value: number): InvalidOption | undefined =>
  Number.isInteger(value) && value > 0 ? undefined : invalidOption(where, option, value, 'a positive integer')

/** What is wrong with them, if anything. */
export const checkOptions = (where: string, options: UnmixOptions): InvalidOption | undefined => {
  const { edges, highestFrequency = HIGHEST_FREQUENCY, hypothesis, rows = DEFAULT_ROWS } = options
  for (const option of ['lags', 'searches', 'starts'] as const) {
    const wrong = positiveInteger(where, option, options[option] ?? 1)
    if (wrong !== undefined) return wrong
  }
  if (hypothesis !== undefined && !HYPOTHESES.includes(hypothesis)) {
    return invalidOption(where, 'hypothesis', hypothesis, HYPOTHESES.join(' or '))
  }
  if (edges !== undefined && !(edges >= 0)) {
    return invalidOption(where, 'edges', edges, 'a number, 0 or more')
  }
  if (!(highestFrequency >= STEP && highestFrequency <= 50)) {
    return invalidOption(where, 'highestFrequency', highestFrequency, `between ${STEP} and 50`)
  }
  const { mostInteraction = MOST_INTERACTION } = options
  if (!(mostInteraction > 0 && mostInteraction <= 1)) {
    return invalidOption(where, 'mostInteraction', mostInteraction, 'above 0 and at most 1')
  }
  return Number.isInteger(rows) && rows >= LEAST_ROWS
    ? undefined
    : invalidOption(where, 'rows', rows, `an integer, ${LEAST_ROWS} or more`)
}
