/** Without any truth: do learned latents depend on no more than the learned graph says? */
import type { Interval, MetricError } from '@mechid/metrics'
import {
  type CausalGraph,
  checkFinite,
  checkShape,
  type Samples,
  shapeMismatch,
  showShape
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { EvaluationError } from './errors.js'
import { type Effect, type Help, helpOf, namedEffects, type Question } from './help.js'
import { checkedPair, checkedPrediction } from './input.js'
import { type EvaluationOptions, settingsOf, type TestSettings, testSettings } from './options.js'
import { LEAST_TESTED } from './promise-test.js'
import { firstRows } from './score.js'
import type { TheoryOptions } from './theory.js'

export interface KernelTestInput extends TheoryOptions {
  /** Learned latents [n, k] of rows that no training saw. */
  readonly zHat: Samples
  /** Those of the frames before [n, k], where the graph has edges between latents. */
  readonly previous?: Samples
  /** Actions [n, l], where the graph has edges from actions. */
  readonly actions?: Samples
  /** The learned graph. */
  readonly learned: CausalGraph
}

/** An input of a learned latent's kernel. */
export interface Cause {
  readonly kind: 'latent' | 'action'
  readonly index: number
}

/** What a cause that the learned graph leaves out adds to the prediction of a learned latent. */
export interface KernelEffect {
  readonly latent: number
  readonly cause: Cause
  /** −½ log of the variance left with the cause over that without it, in nats a row. */
  readonly nats: number
  readonly interval: Interval
  /** The same beyond all other causes that the graph leaves out. */
  readonly direct: number
  /** Holm's adjusted p-value of "at most the margin". */
  readonly p: number
  readonly outcome: Effect['outcome']
}

export interface KernelTest {
  readonly rows: number
  /** Up to so many nats do no harm. */
  readonly margin: number
  /** One for each edge that the learned graph does not have. */
  readonly effects: readonly KernelEffect[]
  /** Those to name: above the margin, and no mere proxies. */
  readonly broken: readonly KernelEffect[]
}

/**
 * Nats a row that a missing edge may be worth. In unmixed codes of good encoders true edges are worth .2 and more, all
 * others .02 and less; what is between is noise of the encoder.
 */
export const NATS = 0.05

const natsOf = (share: number): number => -0.5 * Math.log(Math.max(Number.MIN_VALUE, 1 - share))

const shareOfNats = (nats: number): number => 1 - Math.exp(-2 * nats)

const WHERE = 'kernelTest'

type Inputs = Pick<KernelTestInput, 'previous' | 'actions' | 'learned'>

/** Causes in the order of the inputs' columns: past latents, then actions. */
const causesOf = ({ previous, actions }: Inputs): Cause[] => [
  ...Array.from({ length: previous?.shape[1] ?? 0 }, (_, index) => ({ kind: 'latent' as const, index })),
  ...Array.from({ length: actions?.shape[1] ?? 0 }, (_, index) => ({ kind: 'action' as const, index }))
]

const beside = (rows: number, parts: readonly Samples[]): Samples<Float64Array> => {
  const width = parts.reduce((sum, { shape }) => sum + shape[1], 0)
  const data = new Float64Array(rows * width)
  let from = 0
  for (const { data: part, shape } of parts) {
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < shape[1]; j++) data[i * width + from + j] = part[i * shape[1] + j]
    from += shape[1]
  }
  return { data, shape: [rows, width] }
}

const questionsOf = ({ learned }: Inputs, causes: readonly Cause[], latents: number): Question[] =>
  Array.from({ length: latents }, (_, latent) => {
    const isEdge = ({ kind, index }: Cause): boolean =>
      (kind === 'latent' ? learned.latents : learned.actions)?.[latent][index] === 1
    const columns = (wanted: boolean): number[] =>
      causes.flatMap((cause, column) => (isEdge(cause) === wanted ? [column] : []))
    const forbidden = columns(false)
    return { latent, given: columns(true), forbidden, noise: 0, own: forbidden.map(() => 1) }
  })

const effectOf = (
  { latent, input, share, interval, direct, p, outcome }: Effect,
  causes: readonly Cause[]
): KernelEffect => ({
  latent,
  cause: causes[input],
  nats: natsOf(share),
  interval: [natsOf(interval[0]), natsOf(interval[1])],
  direct: natsOf(direct),
  p,
  outcome
})

const checkedInputs = (
  name: 'previous' | 'actions',
  samples: Samples | undefined,
  rows: number,
  columns: number | undefined
): E.Either<EvaluationError, unknown> => {
  if (samples === undefined) {
    return columns === undefined
      ? E.right(samples)
      : E.left(shapeMismatch(WHERE, name, 'nothing', showShape([rows, columns])))
  }
  const expected = showShape([rows, columns ?? samples.shape[1]])
  return pipe(
    checkShape(WHERE, name, samples, [2]),
    E.filterOrElseW(
      ({ shape }) => showShape(shape) === expected,
      ({ shape }) => shapeMismatch(WHERE, name, showShape(shape), expected)
    ),
    E.flatMap((sound): E.Either<EvaluationError, unknown> => checkFinite(WHERE, name, sound))
  )
}

const tested = (input: KernelTestInput, settings: TestSettings): E.Either<MetricError, KernelTest> => {
  const { zHat, previous, actions } = input
  const causes = causesOf(input)
  const y = firstRows(zHat, settings.rows)
  const parts = [previous, actions].filter((part) => part !== undefined)
  const x = beside(y.shape[0], parts)
  const questions = questionsOf(input, causes, zHat.shape[1])
  const scale = { of: 'rest', margin: shareOfNats(NATS) } as const
  return E.map((help: Help): KernelTest => {
    const effects = help.effects.map((effect) => effectOf(effect, causes))
    const named = namedEffects(help.effects, settings.level)
    return {
      rows: help.rows,
      margin: NATS,
      effects,
      broken: effects.filter((_, i) => named.includes(help.effects[i]))
    }
  })(helpOf(y, x, questions, scale, settings))
}

/**
 * For each edge that the learned graph does not have, by how many nats its cause would help to predict the learned latent
 * once the causes that the graph has are given: nonlinearly, and on rows that the regressions did not see.
 *
 * Use it where there is no truth: the promise is of a model whose latents depend on no more than its graph says. It tests means;
 * that graph may still have an edge too many, and noise may still be dependent.
 *
 * Errors: `ShapeMismatch`, `TooFewRows` (40 are needed), `NotFinite`, `NotBinary`, `InvalidOption`.
 *
 * @example
 * kernelTest({ zHat, actions, learned: { actions: [[1, 0], [0, 1]] } })
 */
export const kernelTest = (
  input: KernelTestInput,
  options: EvaluationOptions = {}
): E.Either<EvaluationError, KernelTest> => {
  const { zHat, previous, actions, learned } = input
  const rows = zHat.shape[0]
  return pipe(
    E.Do,
    E.bind('settings', () => settingsOf(WHERE, options)),
    E.bind('sound', () => checkedPair(WHERE, undefined, zHat, LEAST_TESTED)),
    E.bind('alone', () => checkedPrediction(WHERE, 'the learned graph', learned, 'zHat', zHat, input)),
    E.bind('past', () => checkedInputs('previous', previous, rows, learned.latents && zHat.shape[1])),
    E.bind('acted', () => checkedInputs('actions', actions, rows, learned.actions?.[0].length)),
    E.flatMap(({ settings }): E.Either<EvaluationError, KernelTest> => tested(input, testSettings(settings)))
  )
}
