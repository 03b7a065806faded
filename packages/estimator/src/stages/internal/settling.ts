/**
 * Settles the codes of sequences whose first frames nothing holds: a chart under which these are Gaussian is learned in code
 * space and taught to encoder and decoder, and the dense training goes on from there, by which codes become straighter than before.
 */
import { generator } from '@mechid/random'
import { type GaussianChart, gaussianChart, nextLikelihood } from '@mechid/unmixing'
import type { RealArray, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Settling } from '../../configuration/staged-configuration.js'
import { type EstimatorError, inStage, unmixingError } from '../../errors.js'
import type { Model } from '../../model/model.js'
import { initialParameters, isOfCoders } from '../../model/parameters.js'
import { type TrainedOnce, trainOnce } from '../../training/single-training.js'
import type { RunOptions } from '../../training/training-loop.js'
import { type DrawnExamples, drawExamples, type EncodedExamples } from '../encoded-examples.js'
import { foldedCoders } from '../unmixed-model.js'
import { counting, type RoundsRun, sharpenedCodes, stoppable, teachLatents } from './taught-latents.js'

/** What settling is told. */
export interface SettlingRun extends RoundsRun {
  readonly settling: Settling
  /** Where a round, counted from 1, keeps the state of what learns in it. */
  readonly folder: (round: number, part: 'chart' | 'dense') => Pick<RunOptions, 'checkpoint'>
}

/** What it came to. */
export interface SettledModel {
  readonly model: Model
  /** Log-likelihood of held-out first frames as independent Gaussians before and after each chart, in nats a row. */
  readonly rounds: ReadonlyArray<Pick<GaussianChart, 'before' | 'after'>>
  readonly aborted: boolean
}

type Outcome<A> = E.Either<EstimatorError, A>

/** Nats a row and latent that a chart must gain, or first frames are Gaussian enough. */
export const LEAST_GAIN = 0.005

/**
 * Nats a row and latent that next codes may lose by a chart: fits differ, and next codes that lie elsewhere lose a little by any chart of first ones. Measured: −.07 and
 * −.04 where first latents are Gaussian, −.66 and −.86 where they are uniform or of two humps.
 */
const MOST_LOST = 0.15

/** Codes [n, d] of one frame of pairs [n, 2, d]. */
const framesOf = (
  { data, shape: [n, , d] }: RealArray<Float64Array>,
  frame: 0 | 1
): Samples<Float64Array> => {
  const frames = new Float64Array(n * d)
  for (let r = 0; r < n; r++) {
    frames.set(data.subarray((2 * r + frame) * d, (2 * r + frame + 1) * d), r * d)
  }
  return { data: frames, shape: [n, d] }
}

/**
 * By how many nats a row a chart makes next codes likelier. First latents that are not Gaussian are bent by it; then next codes become less
 * likely, since noise of constant variance is bent along.
 */
const gainOfNext = async (
  run: SettlingRun,
  { codes, actions }: EncodedExamples,
  { straighten, meanLogVolume }: GaussianChart
): Promise<Outcome<number>> => {
  const beside = actions === undefined ? {} : { actions }
  const charted = { data: straighten(codes.data), shape: codes.shape }
  const nats = await pipe(
    TE.traverseSeqArray((of: RealArray) => nextLikelihood({ codes: of, ...beside }, stoppable(run)))([
      codes,
      charted
    ]),
    TE.mapLeft((error) => unmixingError('settle', error))
  )()
  return E.map(
    ([before, after]: readonly number[]) => after + meanLogVolume(framesOf(codes, 1).data) - before
  )(nats)
}

interface Charted {
  readonly model: Model
  readonly gained: Pick<GaussianChart, 'before' | 'after'> | undefined
  readonly aborted: boolean
}

/** Encoder and decoder with the latents of the chart, or the model as it was where the chart gains nothing, or next codes lose. */
const chartOnce = async (
  run: SettlingRun,
  model: Model,
  drawn: DrawnExamples,
  round: number
): Promise<Outcome<Charted>> => {
  const { settling } = run
  const encoded = await sharpenedCodes(run, model, drawn)
  if (E.isLeft(encoded)) return encoded
  const { codes, variances } = encoded.right
  const learned = counting(run)('steps of a chart')
  const charted = await gaussianChart(framesOf(codes, 0), {
    ...stoppable(run),
    width: settling.width,
    steps: settling.steps,
    onProgress: ({ done, of }) => learned(done, of)
  })()
  if (E.isLeft(charted)) return E.left(unmixingError('settle', charted.left))
  const { before, after, map, straighten } = charted.right
  const same: Charted = { model, gained: undefined, aborted: false }
  if (after - before < LEAST_GAIN * model.shape.latents) return E.right(same)
  const next = await gainOfNext(run, encoded.right, charted.right)
  if (E.isLeft(next)) return next
  if (!(next.right > -MOST_LOST * model.shape.latents)) return E.right(same)
  const coders = foldedCoders(model, map, variances)
  if (E.isLeft(coders)) return coders
  const taught = await teachLatents(run, {
    stage: 'settle',
    ...run.folder(round, 'chart'),
    model: { ...model, parameters: { ...model.parameters, ...coders.right } },
    x: drawn.x,
    targets: straighten(codes.data),
    schedule: settling.distillation
  })
  return E.map((done: Pick<Charted, 'model' | 'aborted'>) => ({ ...done, gained: { before, after } }))(taught)
}

/** More of the dense training, with transitions that start anew: those of the old codes mean nothing in the new ones. */
const denseAgain = (
  { data, engine, resume, seed, signal, settling, folder, onProgress }: SettlingRun,
  { shape, configuration, parameters }: Model,
  round: number
): Promise<Outcome<TrainedOnce>> => {
  const changed = { ...configuration, ...settling.dense }
  const fresh = initialParameters(shape, changed, generator(seed).split('settling').split(round))
  const coders = Object.fromEntries(Object.entries(parameters).filter(([name]) => isOfCoders(name)))
  return pipe(
    trainOnce({
      data,
      engine,
      seed,
      latents: shape.latents,
      configuration: changed,
      initial: { ...fresh, ...coders },
      ...folder(round, 'dense'),
      ...(resume === undefined ? {} : { resume }),
      ...(signal === undefined ? {} : { signal }),
      onProgress
    }),
    TE.mapLeft((error) => inStage('settle', error))
  )()
}

/** Settles a dense model round by round; a last chart ends it. Rounds end where a chart gains nothing. */
export const settleInRounds = async (run: SettlingRun, dense: Model): Promise<Outcome<SettledModel>> => {
  const { data, seed, settling, signal } = run
  const drawn = await drawExamples(dense.shape, data, settling.examples, seed)
  if (E.isLeft(drawn)) return drawn
  const rounds: Pick<GaussianChart, 'before' | 'after'>[] = []
  let model = dense
  for (let round = 1; ; round++) {
    const charted = await chartOnce(run, model, drawn.right, round)
    if (E.isLeft(charted)) return charted
    const { gained } = charted.right
    model = charted.right.model
    if (gained !== undefined) rounds.push(gained)
    const aborted = charted.right.aborted || signal?.aborted === true
    if (aborted || gained === undefined || round > settling.rounds) {
      return E.right({ model: { ...model, configuration: dense.configuration }, rounds, aborted })
    }
    const again = await denseAgain(run, model, round)
    if (E.isLeft(again)) return again
    model = again.right.model
    if (again.right.aborted) return E.right({ model, rounds, aborted: true })
  }
}
