/** What noise leaves practically open: other models that theory excludes and no data set of realistic size does. */
import { causalGraph, jacobian, type Kernel, number } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { checkSpread, lookAtMeans, type Means } from '../additivity/places.js'
import type { GraphError } from '../errors.js'
import { bitsOfKernel } from '../graph/graph-bits.js'
import { decideRank } from '../influence/rank.js'
import { isGaussian } from '../influence/scores.js'
import { causesOf } from '../matrices/edge-table.js'
import { blocksOf } from '../pattern/blocks.js'
import { patternOf } from '../pattern/pattern.js'
import type { PracticalRival } from './answer.js'
import { bentRival } from './bent.js'
import { explainRival } from './internal/explanation.js'
import { type MeanCurve, meanCurve } from './internal/mean-curve.js'
import { type InputLaw, MOST_DIMENSIONS, unrolledRival } from './unrolled.js'

export interface PracticalRivalOptions {
  /** How many rows one can have. Default: 1,000,000. */
  readonly rows?: number
  /** Odds that settle a question. Default: 1,000 to 1. */
  readonly odds?: number
  /**
   * Nats a row by which trained models fall short of their optimum: smaller differences do not guide them. 0 for an ideal
   * learner. Default: 0.01.
   */
  readonly resolution?: number
  /** At how many values of the input the ratio is taken. Default: 800. */
  readonly places?: number
  /** Standard deviations of past latents (default: 1 each). */
  readonly spread?: ReadonlyArray<number>
}

type Checked = Required<PracticalRivalOptions>

const checked = (kernel: Kernel, options: PracticalRivalOptions): E.Either<GraphError, Checked> => {
  const where = 'practicalRivals'
  const {
    rows = 1e6,
    odds = 1e3,
    resolution = 0.01,
    places = 800,
    spread = kernel.noise.map(() => 1)
  } = options
  if (!(rows >= 1 && rows < Infinity))
    return E.left(invalidOption(where, 'rows', rows, 'a number of rows, 1 or more'))
  if (!(odds > 1 && odds < Infinity)) return E.left(invalidOption(where, 'odds', odds, 'a number above 1'))
  if (!(resolution >= 0))
    return E.left(invalidOption(where, 'resolution', resolution, 'nats a row, 0 or more'))
  if (!(Number.isInteger(places) && places >= 20))
    return E.left(invalidOption(where, 'places', places, 'a whole number of at least 20'))
  return E.map((sound: ReadonlyArray<number>) => ({ rows, odds, resolution, places, spread: sound }))(
    checkSpread(where, kernel, spread)
  )
}

/** The inputs, as places in (past, actions), that a block's means or scales read. */
const parentsOf = (kernel: Kernel, block: ReadonlyArray<number>): number[] => {
  const graph = causalGraph(kernel)
  const reads = block.map((i) => causesOf(graph, i))
  return reads[0].flatMap((_, m) => (reads.some((row) => row[m] === 1) ? [m] : []))
}

const readsScale = (kernel: Kernel, block: ReadonlyArray<number>): boolean => {
  const graph = causalGraph({ ...kernel, location: (F) => kernel.noise.map(() => F.zero) })
  return block.some((i) => causesOf(graph, i).includes(1))
}

/** The dimension of what the block's means range over, near the draw where it is largest. */
const meanDimension = (
  { kernel, draws, widths, spreads }: Means,
  block: ReadonlyArray<number>,
  parents: ReadonlyArray<number>
): number =>
  Math.max(
    ...draws.slice(0, 12).map(({ past, a }) => {
      const slopes = jacobian<number>(
        number,
        (F, x) => kernel.location(F, x.slice(0, past.length), x.slice(past.length)),
        [...past, ...a]
      )
      const rows = parents.map((m) =>
        block.map((i) => (spreads[i] > 0 ? (slopes[i][m] * widths[m]) / spreads[i] : 0))
      )
      return decideRank(
        rows.filter((row) => row.every(Number.isFinite)),
        block.length
      ).rank
    })
  )

/** How far past latents range, in standard deviations. */
const REACH = 4

const lawOf = ({ kernel, inputs, widths }: Means, m: number, places: number) => {
  const input = inputs[m]
  const domain = input.kind === 'action' ? kernel.actionDomains[input.action] : undefined
  const [low, high] =
    domain?._tag === 'Interval' ? [domain.low, domain.high] : [-REACH * widths[m], REACH * widths[m]]
  // Evenly, not by a rule of high order: what counts most, crossings and sharp bends, is narrow.
  const at = Array.from({ length: places }, (_, k) => low + ((high - low) * (k + 0.5)) / places)
  const raw = at.map((x) => (domain === undefined ? Math.exp(-0.5 * (x / widths[m]) ** 2) : 1))
  const total = raw.reduce((sum, w) => sum + w, 0)
  return {
    range: [low, high] as const,
    law: { inputs: at, weights: raw.map((w) => w / total) } satisfies InputLaw
  }
}

/** Rows beyond the ends need the curve, too: so many noise scales, but no more than this share of the range. */
const MARGIN = 8
const MOST_MARGIN = 0.05

/** The range with its margins, where the means are defined there. */
const extended = (
  { inputs, points }: MeanCurve,
  isDefined: (input: number) => boolean
): readonly [number, number] => {
  const last = inputs.length - 1
  const end = (node: number, side: number): number => {
    const margin = Math.min(
      MARGIN / Math.hypot(...points[node].velocity),
      MOST_MARGIN * (inputs[last] - inputs[0])
    )
    const further = inputs[node] + side * margin
    return isDefined(further) ? further : inputs[node]
  }
  return [end(0, -1), end(last, 1)]
}

/** Nodes of a curve: neighbours lie within half of the noise where so many are affordable. */
const nodesFor = (length: number): number => Math.min(6001, Math.max(801, Math.ceil(2 * length) + 1))

/** The misfit of a bend that one would call one. */
const UNEXPLAINED = 0.05

/** A tangent that turns by less than this all along is a straight line. */
const STRAIGHT = 1e-6

const notCovered = (reason: string): Pick<PracticalRival, 'verdict' | 'explanation'> => ({
  verdict: 'not covered',
  explanation: `not covered: ${reason}.`
})

const rivalOf = (
  means: Means,
  block: ReadonlyArray<number>,
  { rows, odds, resolution, places }: Checked
): Omit<PracticalRival, 'latents'> => {
  const { kernel, inputs, draws } = means
  const other = block.find((i) => !isGaussian(kernel.noise[i]))
  if (other !== undefined)
    return notCovered(
      `the noise of z${other} (${kernel.noise[other].name}) is not Gaussian, and unrolling turns it`
    )
  if (readsScale(kernel, block)) return notCovered('a variance depends on the past or on actions')
  const parents = parentsOf(kernel, block)
  const discrete = parents.some((m) => {
    const input = inputs[m]
    return input.kind === 'action' && kernel.actionDomains[input.action]._tag === 'Choice'
  })
  if (parents.length === 0) return notCovered('nothing moves the means')
  if (discrete) return notCovered('a discrete action moves the means, from one point to others')
  const dimension = meanDimension(means, block, parents)
  if (dimension >= block.length)
    return {
      verdict: 'none',
      explanation: `means move in all ${block.length} directions, so no curve can be unrolled.`
    }
  if (parents.length > 1)
    return notCovered(
      `means stay within ${dimension} of ${block.length} dimensions, and only curves, moved by a single input, are unrolled`
    )
  if (block.length > MOST_DIMENSIONS) return notCovered(`a curve in more than ${MOST_DIMENSIONS} dimensions`)
  const [m] = parents
  const { past, a } = draws[0]
  const scale = kernel.scale(number, past, a)
  const deviations = block.map((i) => scale[i] * Math.sqrt(kernel.noise[i].variance))
  const { range, law } = lawOf(means, m, places)
  const coarse = meanCurve(kernel, block, deviations, draws[0], m, range, 201)
  const length = coarse.arc[coarse.arc.length - 1]
  if (!Number.isFinite(length)) return notCovered('means are not finite all along')
  const isDefined = (input: number): boolean =>
    meanCurve(
      kernel,
      block,
      deviations,
      draws[0],
      m,
      [input, input + 1e-9 * (range[1] - range[0])],
      2
    ).points.every(({ x, velocity, acceleration }) =>
      [...x, ...velocity, ...acceleration].every(Number.isFinite)
    )
  const curve = meanCurve(
    kernel,
    block,
    deviations,
    draws[0],
    m,
    extended(coarse, isDefined),
    nodesFor(length)
  )
  const rival = unrolledRival(curve, law)
  if (rival.turning < STRAIGHT)
    return { verdict: 'none', explanation: 'means stay on a straight line: unrolling it is a linear map.' }
  const rowsNeeded = Math.log(odds) / rival.logRatio
  const seen = rival.logRatio > resolution && rowsNeeded <= rows
  const density = (x: number): number =>
    inputs[m].kind === 'latent' ? Math.exp(-0.5 * (x / means.widths[m]) ** 2) : 1
  const bend = block.length === 2 ? { bend: bentRival(curve, range, density, UNEXPLAINED) } : {}
  const found = {
    verdict: seen ? ('testable' as const) : ('practically unidentified' as const),
    rival,
    rowsNeeded,
    ...bend
  }
  return { ...found, explanation: explainRival(found, { rows, odds, resolution }) }
}

/**
 * For each block of latents that the graph does not tell apart, the nearest rival of another kind: the model whose
 * latents are the arc length along the curve of the block's means and the offset across it. It has the same edges, and
 * Gaussian noise of constant variance. Theory excludes it, for within a block the learned latents are linear in the true
 * ones. But where noise is small against the curve's radius, the likelihoods differ by no more than about curvature² σ² a
 * row. Where the curve crosses or nears itself, the chart misplaces rows, which costs whole nats. Quadrature on the exact
 * kernel gives the expected log-likelihood ratio a row.
 *
 * When to use it: theory promises a linear map within a block, and you want to know whether your number of rows can show
 * it. Only for Gaussian noise of constant variance, and blocks whose means move along a curve.
 *
 * Errors: `InvalidOption` (options; a kernel without finite means), `ShapeMismatch` (spreads).
 *
 * @example
 * practicalRivals(kernel) // E.right([{ latents: [0, 1], verdict: 'practically unidentified', rowsNeeded: 14000, … }])
 */
export const practicalRivals = (
  kernel: Kernel,
  options: PracticalRivalOptions = {}
): E.Either<GraphError, PracticalRival[]> =>
  E.flatMap((settings: Checked): E.Either<GraphError, PracticalRival[]> => {
    const means = lookAtMeans(kernel, settings.spread, generator(0).split('practicalRivals'))
    if (means.draws.length === 0)
      return E.left(invalidOption('practicalRivals', 'the kernel', 'without finite means', 'finite means'))
    const found = blocksOf(patternOf(bitsOfKernel(kernel))).filter((block) => block.length > 1)
    return E.right(
      found.map((latents) => {
        const rival = rivalOf(means, latents, settings)
        return {
          latents,
          ...rival,
          explanation: `${latents.map((i) => `z${i}`).join(', ')}: ${rival.explanation}`
        }
      })
    )
  })(checked(kernel, options))
