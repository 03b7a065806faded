/** The verdict on one model where no truth is known: does its kernel need more than its graph says? */
import type { Prediction } from '@mechid/causal-graph'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { EvaluationError } from './errors.js'
import {
  type Cause,
  type KernelEffect,
  type KernelTest,
  type KernelTestInput,
  kernelTest
} from './kernel-test.js'
import type { EvaluationOptions } from './options.js'
import { predictionOf } from './theory.js'

export type KernelVerdict =
  | { readonly _tag: 'Kept'; readonly supposes: readonly string[]; readonly sentence: string }
  | {
      readonly _tag: 'Broken'
      /** Causes that a learned latent needs though the learned graph leaves them out. */
      readonly needs: ReadonlyArray<{ readonly latent: number; readonly cause: Cause }>
      readonly reasons: readonly string[]
      readonly sentence: string
    }
  | {
      readonly _tag: 'CannotTell'
      readonly doubt: 'nothing promised' | 'hypothesis rejected' | 'too few rows'
      readonly sentence: string
    }

/** The verdict with the test that it rests on. */
export interface KernelAnswer {
  readonly verdict: KernelVerdict
  readonly test: KernelTest
}

/** What the promise rests on besides what was tested. */
const SUPPOSED = [
  'Influence is assumed to be sufficient.',
  'The learned graph is assumed to have no more edges than the true one.',
  'Noise is assumed to be independent between latents, given their causes.'
]

const causeName = ({ kind, index }: Cause): string =>
  kind === 'latent' ? `the past of ẑ${index}` : `action ${index}`

const nats = (value: number): string => value.toFixed(3)

const reasonOf = ({ latent, cause, nats: worth, interval: [low, high] }: KernelEffect): string =>
  `ẑ${latent} needs ${causeName(cause)}, which the learned graph leaves out: ${nats(worth)} nats a row (${nats(low)} to ${nats(high)}).`

const doubtful = (
  doubt: (KernelVerdict & { readonly _tag: 'CannotTell' })['doubt'],
  sentence: string
): KernelVerdict => ({
  _tag: 'CannotTell',
  doubt,
  sentence
})

const verdictOf = (
  { rows, margin, effects, broken }: KernelTest,
  { kind }: Prediction,
  hypothesisRejected: boolean
): KernelVerdict => {
  if (kind === 'none') {
    return doubtful('nothing promised', 'The learned graph leaves all latents mixed, so it promises nothing.')
  }
  if (hypothesisRejected) {
    return doubtful(
      'hypothesis rejected',
      'The data reject the hypothesis on which the search for the basis rests, so nothing is claimed.'
    )
  }
  if (broken.length > 0) {
    return {
      _tag: 'Broken',
      needs: broken.map(({ latent, cause }) => ({ latent, cause })),
      reasons: broken.map(reasonOf),
      sentence:
        'Learned latents depend on more than the learned graph says, so what it promises is not theirs.'
    }
  }
  const unclear = effects.filter(({ outcome }) => outcome === 'unclear')
  if (unclear.length > 0) {
    const [{ latent, cause, interval }] = unclear
    return doubtful(
      'too few rows',
      `${rows} rows do not decide ${unclear.length} of ${effects.length} causes: ${causeName(cause)} may be worth ${nats(interval[0])} to ${nats(interval[1])} nats to ẑ${latent}, margin ${nats(margin)}.`
    )
  }
  return {
    _tag: 'Kept',
    supposes: SUPPOSED,
    sentence:
      'Learned latents depend on nothing that the learned graph leaves out: what it promises is theirs, as far as data without truth can tell.'
  }
}

/**
 * Whether learned latents depend on what their learned graph leaves out, without any truth. It can refute a model, not prove
 * it right: `supposes` lists what data of one model do not show.
 *
 * Use it for models of data without truth, beside the agreement of seeds (`verdictBetween`).
 *
 * Errors: those of `kernelTest`.
 *
 * @example
 * const { verdict } = orThrow(verdictByKernel({ zHat, previous, learned }))
 */
export const verdictByKernel = (
  input: KernelTestInput & { readonly hypothesisRejected?: boolean },
  options: EvaluationOptions = {}
): E.Either<EvaluationError, KernelAnswer> => {
  const { learned, hypothesisRejected = false } = input
  return pipe(
    E.Do,
    E.bind('test', () => kernelTest(input, options)),
    E.bindW('prediction', () => predictionOf('verdictByKernel: the learned graph', learned, input)),
    E.map(({ test, prediction }) => ({
      verdict: verdictOf(test, prediction, hypothesisRejected),
      test
    }))
  )
}
