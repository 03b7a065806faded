/** The test of a promise where true latents are known: which learned latents does each of them need? */
import type { Assignment, MetricError } from '@mechid/metrics'
import { columnOf, type EdgeTable, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import {
  type Effect,
  type Help,
  helpOf,
  namedEffects,
  type Outcome,
  type Question,
  type Rest
} from './help.js'
import type { TestSettings } from './options.js'
import { firstRows } from './score.js'

/** A forbidden pair: does the learned latent of `other` help to predict the true `latent`, once the allowed ones are given? */
export interface PairEffect extends Omit<Effect, 'input'> {
  /** The true latent that the learned one is matched to. */
  readonly other: number
  /** The learned latent. */
  readonly learned: number
}

/** How well a true latent is known from the learned latents that it may depend on. */
export interface OwnBlock extends Rest {
  /** `above`: surely more is open than `thresholds.correlation` allows. */
  readonly outcome: Outcome
  /** Whether the true latent varies at all. */
  readonly varies: boolean
}

/** What was measured for the verdict. Latents without a learned one are left out. */
export interface PromiseTest {
  readonly rows: number
  readonly blocks: readonly OwnBlock[]
  readonly pairs: readonly PairEffect[]
  /** The pairs to name: above the margin, and no mere proxies. */
  readonly broken: readonly PairEffect[]
}

/** The test needs this many rows in each half, and some more to choose penalties by. */
export const LEAST_TESTED = 40

/** Blocks up to this size are regressed well enough to say that information is lost; larger ones may be bent beyond sight. */
const SURE_BLOCK = 3

const blockOf = (rest: Rest, given: number, varies: boolean, { correlation }: TestSettings): OwnBlock => {
  const most = 1 - correlation ** 2
  const [low, high] = rest.interval
  const outcome = low > most && given <= SURE_BLOCK ? 'above' : high <= most ? 'below' : 'unclear'
  return { ...rest, outcome, varies }
}

/** 1 − ρ² of each pair of columns, 0 of those that do not vary. */
const ownShares = (z: Samples): number[][] => {
  const [n, d] = z.shape
  const columns = Array.from({ length: d }, (_, j) => {
    const values = columnOf(z, j)
    const mean = values.reduce((sum, value) => sum + value, 0) / n
    return values.map((value) => value - mean)
  })
  const product = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i], 0)
  const squares = columns.map((column) => product(column, column))
  return columns.map((a, i) =>
    columns.map((b, j) =>
      squares[i] * squares[j] > 0 ? 1 - product(a, b) ** 2 / (squares[i] * squares[j]) : 0
    )
  )
}

const questionsOf = (
  pattern: EdgeTable,
  assignment: Assignment,
  own: ReadonlyArray<ReadonlyArray<number>>,
  noise: number
): Question[] =>
  assignment.flatMap((learned, latent) => {
    if (learned < 0) return []
    const others = assignment.flatMap((j, other) => (j >= 0 && other !== latent ? [other] : []))
    const forbidden = others.filter((other) => pattern[latent][other] === 0)
    const allowed = [latent, ...others.filter((other) => pattern[latent][other] !== 0)]
    return [
      {
        latent,
        given: allowed.map((i) => assignment[i]),
        forbidden: forbidden.map((i) => assignment[i]),
        noise,
        own: forbidden.map((other) => own[latent][other])
      }
    ]
  })

const pairsOf = ({ effects }: Help, assignment: Assignment): PairEffect[] =>
  effects.map(({ input, ...effect }) => ({ ...effect, other: assignment.indexOf(input), learned: input }))

/**
 * For each pair that the pattern forbids, by how much the learned latent helps to predict the true one; and how well each
 * true latent is known from those that it may depend on. `noise`: the share of a latent's variance that noise hides, 0 where
 * that is not known.
 */
export const promiseTest = (
  z: Samples,
  zHat: Samples,
  pattern: EdgeTable,
  assignment: Assignment,
  noise: number,
  settings: TestSettings
): E.Either<MetricError, PromiseTest> => {
  const [truth, learned] = [firstRows(z, settings.rows), firstRows(zHat, settings.rows)]
  const questions = questionsOf(pattern, assignment, ownShares(truth), noise)
  return E.map((help: Help): PromiseTest => {
    const pairs = pairsOf(help, assignment)
    const varies = (i: number): boolean => columnOf(truth, i).some((value, _, all) => value !== all[0])
    const named = namedEffects(help.effects, settings.level)
    return {
      rows: help.rows,
      blocks: help.rests.map((rest, i) =>
        blockOf(rest, questions[i].given.length, varies(rest.latent), settings)
      ),
      pairs,
      broken: pairs.filter((_, i) => named.includes(help.effects[i]))
    }
  })(helpOf(truth, learned, questions, { of: 'variance', margin: settings.margin }, settings))
}
