/** How good a fitted model is on held-out rows. */
import type { Engine } from '@mechid/engine'
import {
  decodeRows,
  heldOutObjective,
  latentRows,
  learnedGraph,
  type Model,
  posteriorRows,
  unusedLatents
} from '@mechid/estimator'
import { type Evaluation, evaluate } from '@mechid/evaluation'
import { orFail } from '@mechid/example-terminal'
import { explainedShare } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { type Observations, placebo, takeObservations } from '@mechid/recordings'
import { type ExampleSource, type Samples, takeRows } from '@mechid/values'
import type { Prepared } from './data.js'

/** What actions and past frames tell of latents on held-out rows, and what those of other rows would. */
export interface Told {
  /** Nats an example by which actions (in sequences, and the frame before) make a row likelier than those of other rows do. */
  readonly nats: number
  /** How far that varies with which other rows are taken: a standard deviation. */
  readonly spread: number
  /** Whether it is more than chance. */
  readonly anything: boolean
}

export interface FitEvaluation extends Evaluation {
  /** Learned latents of every row, or of every frame of every sequence. */
  readonly encoded: Samples
  /** Share of the features' variance that the model reconstructs, on held-out rows. At most 1. */
  readonly explained: number
  readonly told: Told
  /** Learned latents that held-out rows hardly move, beside how unsure the encoder is of them. */
  readonly unused: readonly number[]
  /** −log p of held-out rows, a bound, in nats an example. */
  readonly heldOut: number
  /** The same, block by block. */
  readonly heldOutBlocks: Float64Array
}

const PLACEBOS = 8
/** Examples within which a placebo exchanges: of a stored recording, little is then read at a time. */
const EXCHANGED = 4096
/** Numbers of held-out features that are held in memory for scores. */
const MOST_NUMBERS = 2 ** 25
/** Standard deviations of the placebos that count as more than chance. */
const MORE_THAN_CHANCE = 3

const divergenceOf = async (engine: Engine, model: Model, source: ExampleSource) =>
  orFail(await heldOutObjective(engine, model, source)())

const toldBy = async (
  engine: Engine,
  model: Model,
  heldOut: Prepared['heldOut'],
  divergence: number
): Promise<Told> => {
  const random = generator(1).split('placebo')
  const differences: number[] = []
  for (let k = 0; k < PLACEBOS; k++) {
    const other = await divergenceOf(engine, model, placebo(heldOut, random, EXCHANGED))
    differences.push(other.divergence - divergence)
  }
  const nats = differences.reduce((sum, value) => sum + value, 0) / PLACEBOS
  const spread = Math.sqrt(differences.reduce((sum, value) => sum + (value - nats) ** 2, 0) / (PLACEBOS - 1))
  return { nats, spread, anything: nats > MORE_THAN_CHANCE * spread && nats > 0 }
}

/** The learned latents of held-out lines. */
export const heldOutLatents = ({ testLines }: Prepared, encoded: Samples): Samples =>
  takeRows(encoded, testLines)

/** Held-out lines, evenly spread, as many as memory should hold. */
const someOf = (lines: Int32Array, { shape }: Observations): Int32Array => {
  const count = Math.min(lines.length, Math.max(1, Math.floor(MOST_NUMBERS / shape[1])))
  return Int32Array.from({ length: count }, (_, k) => lines[Math.floor((k * lines.length) / count)])
}

export const evaluateFit = async (
  engine: Engine,
  { observations, z, testLines, heldOut, dependent }: Prepared,
  model: Model
): Promise<FitEvaluation> => {
  const some = someOf(testLines, observations)
  const held = await takeObservations(observations, some)
  const encoded = orFail(await latentRows(engine, model, observations)())
  const zHat = takeRows(encoded, testLines)
  const reconstructed = orFail(await decodeRows(engine, model, takeRows(encoded, some))())
  const objective = await divergenceOf(engine, model, heldOut)
  const truth = z === undefined ? {} : { z: takeRows(z, testLines) }
  return {
    ...orFail(evaluate({ zHat, learned: learnedGraph(model), dependent, ...truth })),
    encoded,
    explained: orFail(explainedShare(held, reconstructed)),
    unused: unusedLatents(orFail(await posteriorRows(engine, model, held)())),
    told: await toldBy(engine, model, heldOut, objective.divergence),
    heldOut: objective.negativeElbo,
    heldOutBlocks: objective.blocks
  }
}
