/** What became of each true latent. */
import type { Comparison } from './comparison.js'
import type { Thresholds } from './options.js'
import type { Theory } from './theory.js'

/** What theory promises of one latent. `with`: the latents that it may stay mixed with. */
export type LatentPromise =
  | { readonly _tag: 'Alone' }
  | { readonly _tag: 'Mixed'; readonly with: readonly number[] }
  | { readonly _tag: 'Nothing' }

export interface LatentEvaluation {
  readonly latent: number
  /** The learned latent that is matched to it; −1: none. */
  readonly learned: number
  /** Its correlation with that one, signed; 0 if there is none. */
  readonly correlation: number
  /** R² of a linear function of the learned latents that the pattern lets it depend on. Absent without a pattern. */
  readonly rSquared?: number
  /** Up to an element-wise map (`Alone`), up to a map of a block (`Mixed`), or not at all (`Nothing`). */
  readonly promise: LatentPromise
  /** Whether the promise was kept: √R² reaches `thresholds.correlation`. Absent if there is nothing to judge. */
  readonly kept?: boolean
  /** For people. */
  readonly sentence: string
}

const names = (latents: readonly number[]): string => latents.map((i) => `z${i}`).join(', ')

/** What theory promises of latent `i`. */
const latentPromise = (theory: Theory | undefined, i: number): LatentPromise => {
  if (theory === undefined || theory.promise === 'none' || theory.promise === 'not sufficient')
    return { _tag: 'Nothing' }
  const others = theory.prediction.entangledWith[i]
  return others.length === 0 ? { _tag: 'Alone' } : { _tag: 'Mixed', with: others }
}

const promiseWords = (promise: LatentPromise): string => {
  switch (promise._tag) {
    case 'Alone':
      return 'promised by itself'
    case 'Mixed':
      return `promised up to a mixture with ${names(promise.with)}`
    default:
      return 'nothing was promised of it'
  }
}

const sentenceOf = ({
  latent,
  learned,
  correlation,
  rSquared,
  promise,
  kept
}: Omit<LatentEvaluation, 'sentence'>): string => {
  const found =
    learned < 0
      ? `z${latent}: no learned latent is matched to it`
      : `z${latent}: learned latent ${learned}, correlation ${correlation.toFixed(4)}`
  const block = rSquared === undefined ? '' : `, R² ${rSquared.toFixed(4)} from its own block`
  const outcome = kept === undefined ? '' : kept ? ', kept' : ', not kept'
  return `${found}${block}; ${promiseWords(promise)}${outcome}.`
}

/** One entry for each true latent. `judged`: whether rows and hypothesis allow a verdict. */
export const latentsOf = (
  { assignment, correlation, rCon }: Comparison,
  theory: Theory | undefined,
  judged: boolean,
  { correlation: least }: Thresholds
): LatentEvaluation[] =>
  assignment.map((learned, latent) => {
    const promise = latentPromise(theory, latent)
    const root = rCon?.perLatent[latent]
    const kept = learned >= 0 && (root ?? 0) >= least
    const found = {
      latent,
      learned,
      correlation: correlation[latent][latent],
      ...(root === undefined ? {} : { rSquared: root ** 2 }),
      promise,
      ...(judged && promise._tag !== 'Nothing' ? { kept } : {})
    }
    return { ...found, sentence: sentenceOf(found) }
  })
