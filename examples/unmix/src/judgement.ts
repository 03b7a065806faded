/** What became of the promise: by the true latents and graph where they are given, and by the learned graph alone. */
import {
  type Evaluation,
  evaluate,
  type KernelAnswer,
  type KernelTestInput,
  type Verdict,
  verdictByKernel
} from '@mechid/evaluation'
import { orFail } from '@mechid/example-terminal'
import { latentsOfCodes, type Unmixed } from '@mechid/unmixing'
import type { CausalGraph, RealArray, Samples } from '@mechid/values'
import type { FileCodes } from './codes-file.js'
import { type Split, takeFirst } from './held-out.js'
import { type Scores, scoresOf } from './scores.js'

export interface Judgement {
  /** Against the true latents of the file. */
  readonly scores?: Scores
  /** Against the true graph, where that is given. */
  readonly verdict?: Verdict
  /** By the learned graph alone; absent where its test does not apply. */
  readonly withoutTruth?: KernelAnswer['verdict']
}

const flat = ({ data, shape }: RealArray): Samples => {
  const width = shape[shape.length - 1]
  return { data, shape: [data.length / width, width] }
}

/** Frames `from` to `to` of every sequence, one below the other. */
const framesOf = ({ data, shape: [n, t, d] }: RealArray, from: number, to: number): Samples => {
  const out = new Float64Array(n * (to - from) * d)
  for (let s = 0; s < n; s++)
    out.set(data.subarray((s * t + from) * d, (s * t + to) * d), s * (to - from) * d)
  return { data: out, shape: [n * (to - from), d] }
}

/** What the learned latents of the held-out rows may depend on. */
const kernelInput = (
  latents: RealArray,
  actions: RealArray | undefined,
  learned: CausalGraph
): KernelTestInput => {
  if (latents.shape.length === 2) {
    return { zHat: flat(latents), learned, ...(actions === undefined ? {} : { actions: flat(actions) }) }
  }
  const steps = latents.shape[1] - 1
  return {
    zHat: framesOf(latents, 1, steps + 1),
    previous: framesOf(latents, 0, steps),
    learned,
    ...(actions === undefined ? {} : { actions: framesOf(actions, 0, steps) })
  }
}

const MOST_ROWS = 12_000

const evaluated = (
  z: Samples,
  zHat: Samples,
  { graph: learned }: Unmixed,
  graph: CausalGraph,
  hypothesisRejected: boolean
): Evaluation =>
  orFail(evaluate({ z, zHat, graph, learned, hypothesisRejected }, { kernel: { rows: 0 }, rows: MOST_ROWS }))

/** Judges what was found on rows that unmixing did not see. `lags`: past frames that transitions read. */
export const judge = (
  { codes, actions, z }: FileCodes,
  { held }: Split,
  unmixed: Unmixed,
  truth: CausalGraph | undefined,
  lags: number
): Judgement => {
  const latents = orFail(latentsOfCodes(takeFirst(codes, held), unmixed.map))
  const zHat = flat(latents)
  const trueLatents = z === undefined ? undefined : flat(takeFirst(z, held))
  const acted = actions === undefined ? undefined : takeFirst(actions, held)
  const input = kernelInput(latents, acted, unmixed.graph)
  const { rejected: hypothesisRejected } = unmixed
  // A graph of several past frames says nothing of one alone.
  const applies = latents.shape.length === 2 || lags === 1
  const answer = applies ? verdictByKernel({ ...input, hypothesisRejected }) : undefined
  const tooFew = answer?._tag === 'Left' && answer.left._tag === 'TooFewRows'
  return {
    ...(trueLatents === undefined ? {} : { scores: scoresOf(trueLatents, zHat) }),
    ...(truth === undefined || trueLatents === undefined
      ? {}
      : { verdict: evaluated(trueLatents, zHat, unmixed, truth, hypothesisRejected).verdict }),
    ...(answer === undefined || tooFew ? {} : { withoutTruth: orFail(answer).verdict })
  }
}

/** One line for each answer, and for each reason. */
export const sentencesOf = (
  { scores, verdict, withoutTruth }: Judgement,
  heldOut: boolean
): readonly string[] => {
  const reasons = (answer: object): readonly string[] =>
    'reasons' in answer ? (answer.reasons as string[]) : []
  const rows = heldOut ? 'On rows that unmixing did not see' : 'On the rows that were unmixed'
  return [
    ...(scores === undefined
      ? []
      : [
          `${rows}, against z of the file: MCC ${scores.mcc.toFixed(4)} (chance ${scores.mccChance.toFixed(4)}), R ${scores.r.toFixed(4)}.`
        ]),
    ...(verdict === undefined ? [] : [`Against the true graph: ${verdict.sentence}`, ...reasons(verdict)]),
    ...(withoutTruth === undefined
      ? []
      : [`By the learned graph alone: ${withoutTruth.sentence}`, ...reasons(withoutTruth)])
  ]
}
