/** Which of several trained models is best, without any truth: held-out likelihood first, agreement second. */
import { pairwiseMcc } from '@mechid/metrics'
import { firstNotFinite, notFinite, type Samples, shapeMismatch, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { ModelSelectionError } from './errors.js'
import { type Behind, behind, ties } from './held-out-comparison.js'

/** A trained model, as far as it can be judged without truth. */
export interface Candidate {
  /** −log p of held-out examples in nats an example, one number a block; the same blocks for all (`heldOutObjective`). */
  readonly heldOut: ArrayLike<number>
  /** Learned latents [n, d] of held-out rows, the same rows for all. */
  readonly latents: Samples
  /** Candidates of one setting are trainings that differ in their seed alone. Default: all are of one setting. */
  readonly setting?: string
}

export interface RankedCandidate {
  /** Mean over blocks. */
  readonly heldOut: number
  /** How far it is behind the likeliest candidate. */
  readonly behind: Behind
  /** Whether it is as likely as the likeliest one, as far as the blocks can tell. */
  readonly tied: boolean
  /** Mean MCC with the other candidates of its setting, in [0, 1]; absent where there are none. */
  readonly agreement?: number
}

export interface ModelRanking {
  /** The most typical one of those that tie with the likeliest. */
  readonly best: number
  /** What each criterion by itself takes. */
  readonly likeliest: number
  readonly mostTypical?: number
  readonly candidates: ReadonlyArray<RankedCandidate>
}

const WHERE = 'rankModels'

const checked = (candidates: ReadonlyArray<Candidate>): ModelSelectionError | undefined => {
  if (candidates.length === 0) return tooFewRows(`${WHERE}: candidates`, 0, 1)
  const blocks = candidates[0].heldOut.length
  if (blocks === 0) return tooFewRows(`${WHERE}: blocks of held-out examples`, 0, 1)
  for (const [k, { heldOut }] of candidates.entries()) {
    const what = `the blocks of candidate ${k}`
    if (heldOut.length !== blocks)
      return shapeMismatch(WHERE, what, heldOut.length, `${blocks}, as the first one has`)
    const at = firstNotFinite(Float64Array.from(heldOut))
    if (at >= 0) return notFinite(WHERE, `${what}, entry ${at}`, heldOut[at])
  }
  return undefined
}

const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let k = 0; k < values.length; k++) sum += values[k]
  return sum / values.length
}

/** Mean MCC of each candidate with the others of its setting. */
const agreements = (
  candidates: ReadonlyArray<Candidate>
): E.Either<ModelSelectionError, ReadonlyArray<number | undefined>> => {
  const answer = new Array<number | undefined>(candidates.length).fill(undefined)
  const settings = new Set(candidates.map(({ setting }) => setting))
  for (const setting of settings) {
    const members = candidates.flatMap((candidate, k) => (candidate.setting === setting ? [k] : []))
    if (members.length < 2) continue
    const agreed = pairwiseMcc(members.map((k) => candidates[k].latents))
    if (E.isLeft(agreed)) return agreed
    for (const [m, k] of members.entries()) answer[k] = agreed.right.perModel[m]
  }
  return E.right(answer)
}

const greatest = (among: ReadonlyArray<number>, of: (k: number) => number): number =>
  among.reduce((best, k) => (of(k) > of(best) ? k : best))

/**
 * Ranks models that were trained on the same examples. The likeliest on held-out examples comes first; where others are as
 * likely, within two standard errors of the paired difference or within `margin` nats an example (default 0), the one that
 * agrees most with its sister seeds, or the likelier one where these agree alike. With one block there is no standard error, and
 * the likeliest wins.
 *
 * Agreement by itself is no good judge: a training with too few edges can find the same mixture each time. The published runs
 * choose by it, and choose wrongly on TimeNonDiag ([MS], run logs: bounds of 5 and 10 edges agree at .98 and .97 with MCC .72 and .73, that
 * of 50 at .88 with MCC .82).
 *
 * Errors: `TooFewRows`, `ShapeMismatch`, `NotFinite`.
 *
 * @example
 * rankModels([{ heldOut: blocksOfSeed1, latents: zHat1 }, { heldOut: blocksOfSeed2, latents: zHat2 }])
 */
export const rankModels = (
  candidates: ReadonlyArray<Candidate>,
  { margin = 0 }: { readonly margin?: number } = {}
): E.Either<ModelSelectionError, ModelRanking> => {
  const wrong = checked(candidates)
  if (wrong !== undefined) return E.left(wrong)
  const agreed = agreements(candidates)
  if (E.isLeft(agreed)) return agreed
  const all = candidates.map((_, k) => k)
  const means = candidates.map(({ heldOut }) => meanOf(heldOut))
  const likeliest = greatest(all, (k) => -means[k])
  const ranked = candidates.map(({ heldOut }, k): RankedCandidate => {
    const apart = behind(heldOut, candidates[likeliest].heldOut)
    const agreement = agreed.right[k]
    return {
      heldOut: means[k],
      behind: apart,
      tied: k === likeliest || ties(apart, margin),
      ...(agreement === undefined ? {} : { agreement })
    }
  })
  const typical = (k: number): number => ranked[k].agreement ?? Number.NEGATIVE_INFINITY
  // The likelier first: two seeds agree with each other alike, and then likelihood decides after all.
  const tied = all.filter((k) => ranked[k].tied).sort((p, q) => means[p] - means[q])
  const anyAgreement = ranked.some(({ agreement }) => agreement !== undefined)
  return E.right({
    best:
      anyAgreement && tied.some((k) => ranked[k].agreement !== undefined)
        ? greatest(tied, typical)
        : likeliest,
    likeliest,
    ...(anyAgreement ? { mostTypical: greatest(all, typical) } : {}),
    candidates: ranked
  })
}
