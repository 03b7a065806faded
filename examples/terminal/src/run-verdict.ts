/** What the tests say of a run: as its record keeps it, and in words. */
import { type KernelVerdict, type Verdict, verdictByKernel } from '@mechid/evaluation'
import type { CausalGraph, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { ExperimentError } from './experiment.js'

/** An answer as plain data, with the reasons in sentences. */
export type RunVerdict<Named> =
  | { readonly answer: 'kept' }
  | { readonly answer: 'broken'; readonly pairs: readonly Named[]; readonly reasons: readonly string[] }
  | { readonly answer: 'cannot tell'; readonly doubt: string; readonly reasons: readonly string[] }

/** A true latent, and the one whose learned latent it needs against the graph. */
export type LatentPair = readonly [latent: number, other: number]

/** A learned latent, and the cause that it needs though the learned graph leaves it out: `z3` its past, `a3` an action. */
export type CausePair = readonly [latent: number, cause: string]

export type VerdictWithTruth = RunVerdict<LatentPair>
export type VerdictWithoutTruth = RunVerdict<CausePair>

const undecided = ({ doubt, sentence }: { readonly doubt: string; readonly sentence: string }) =>
  ({ answer: 'cannot tell', doubt, reasons: [sentence] }) as const

/** The verdict of `evaluate`, as a record keeps it. */
export const verdictWithTruth = (verdict: Verdict): VerdictWithTruth => {
  switch (verdict._tag) {
    case 'Kept':
      return { answer: 'kept' }
    case 'Broken':
      return { answer: 'broken', pairs: verdict.pairs, reasons: [verdict.sentence, ...verdict.reasons] }
    case 'CannotTell':
      return undecided(verdict)
  }
}

const ofKernel = (verdict: KernelVerdict): VerdictWithoutTruth => {
  switch (verdict._tag) {
    case 'Kept':
      return { answer: 'kept' }
    case 'Broken':
      return {
        answer: 'broken',
        pairs: verdict.needs.map(
          ({ latent, cause: { kind, index } }) =>
            [latent, `${kind === 'latent' ? 'z' : 'a'}${index}`] as const
        ),
        reasons: [verdict.sentence, ...verdict.reasons]
      }
    case 'CannotTell':
      return undecided(verdict)
  }
}

/** Every second line of pairs that lie one below the other, from line `first` on. */
const everySecond = ({ data, shape: [lines, width] }: Samples, first: 0 | 1): Samples => {
  const rows = lines / 2
  const out = new Float64Array(rows * width)
  for (let i = 0; i < rows; i++) {
    const from = (2 * i + first) * width
    out.set(data.subarray(from, from + width), i * width)
  }
  return { data: out, shape: [rows, width] }
}

export interface LearnedRun {
  /** Learned latents of held-out rows; of pairs of frames, first and next ones one below the other. */
  readonly zHat: Samples
  /** Actions of the held-out rows. */
  readonly a?: Samples
  readonly learned: CausalGraph
  readonly hypothesisRejected: boolean
}

/**
 * The verdict by the learned graph alone (`verdictByKernel`). Where its test lacks rows, that is the doubt.
 *
 * Errors: those of `verdictByKernel`.
 */
export const verdictWithoutTruth = ({
  zHat,
  a,
  learned,
  hypothesisRejected
}: LearnedRun): E.Either<ExperimentError, VerdictWithoutTruth> => {
  const latents =
    learned.latents === undefined ? { zHat } : { zHat: everySecond(zHat, 1), previous: everySecond(zHat, 0) }
  const actions = learned.actions === undefined || a === undefined ? {} : { actions: a }
  const answer = verdictByKernel({ ...latents, ...actions, learned, hypothesisRejected })
  if (E.isLeft(answer)) {
    const { _tag, message } = answer.left
    return _tag === 'TooFewRows'
      ? E.right(undecided({ doubt: 'too few rows', sentence: message }))
      : E.left(answer.left)
  }
  return E.right(ofKernel(answer.right.verdict))
}

/** One pair, `7-6`: latent 7 needs latent 6. */
const shownPair = ([latent, other]: LatentPair | CausePair): string => `${latent}-${other}`

/** All pairs of a broken verdict, for a cell: `7-6 9-0`; empty otherwise. */
export const pairsInCell = (verdict: RunVerdict<LatentPair | CausePair> | undefined): string =>
  verdict?.answer === 'broken' ? verdict.pairs.map(shownPair).join(' ') : ''

/** So many pairs fit in a cell of a table that people read. */
const MOST_NAMED = 3

/** In a few words; empty for records that were kept before verdicts were. */
export const verdictInWords = (verdict: RunVerdict<LatentPair | CausePair> | undefined): string => {
  if (verdict === undefined) return ''
  if (verdict.answer === 'kept') return 'kept'
  if (verdict.answer === 'cannot tell') return `cannot tell: ${verdict.doubt}`
  const { pairs } = verdict
  if (pairs.length === 0) return 'broken'
  return pairs.length > MOST_NAMED
    ? `broken: ${pairs.length} pairs`
    : `broken: ${pairs.map(shownPair).join(', ')}`
}
