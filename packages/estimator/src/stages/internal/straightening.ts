/**
 * Straightens the codes of a model: a chart is learned in code space, where noise of codes is known, and encoder and decoder
 * then learn the latents that it gives.
 */
import {
  type Straightened,
  straighten,
  type UncertainCodes,
  type Unmixed,
  type UnmixingError,
  unmix
} from '@mechid/unmixing'
import type { CausalGraph, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { StagedConfiguration, Straightening } from '../../configuration/staged-configuration.js'
import { type PosteriorCovariances, posteriorCovariances } from '../../encoding/posterior-covariances.js'
import { type EstimatorError, unmixingError } from '../../errors.js'
import type { Model } from '../../model/model.js'
import type { RunOptions } from '../../training/training-loop.js'
import { type DrawnExamples, drawExamples } from '../encoded-examples.js'
import { unmixedModel } from '../unmixed-model.js'
import { counting, type RoundsRun, sharpenedCodes, stoppable, teachLatents } from './taught-latents.js'

/** What straightening is told. */
export interface StraighteningRun extends RoundsRun {
  readonly straightening: Straightening
  readonly unmixing: StagedConfiguration['unmixing']
  /** Edges that transitions may use while a chart is learned. */
  readonly edges: (unmixed: Unmixed) => CausalGraph
  /** Share of interactions up to which mechanisms count as additive. */
  readonly mostInteraction: number
  /** Where a round, counted from 1, keeps its state. */
  readonly folder: (round: number) => Pick<RunOptions, 'checkpoint'>
}

/** What it came to: the model as it was where codes cannot be straightened. */
export interface StraightenedModel {
  readonly model: Model
  /** What codes unmixed to before the last round. */
  readonly unmixed: Unmixed
  /** Log-likelihood of held-out codes before and after each round, in nats a row. */
  readonly rounds: ReadonlyArray<Pick<Straightened, 'before' | 'after'>>
  readonly aborted: boolean
}

type Outcome<A> = E.Either<EstimatorError, A>

const failed = (error: UnmixingError): Outcome<never> => E.left(unmixingError('straighten', error))

/** What one round came to. */
interface Round {
  readonly model: Model
  readonly unmixed: Unmixed
  /** undefined: the model is as it was. */
  readonly gained: Pick<Straightened, 'before' | 'after'> | undefined
  readonly aborted: boolean
}

/** Sharpened codes, as `straighten` takes them, and the encoder's own mean variances. */
const uncertainCodes = async (
  run: StraighteningRun,
  model: Model,
  drawn: DrawnExamples
): Promise<Outcome<UncertainCodes & { readonly variances: Float64Array }>> => {
  const encoded = await sharpenedCodes(run, model, drawn)
  if (E.isLeft(encoded)) return encoded
  const { codes } = encoded.right
  const { x } = drawn
  const z: Samples = { data: Float32Array.from(codes.data), shape: [x.shape[0], model.shape.latents] }
  const uncertain = await posteriorCovariances(run.engine, model, x, z)()
  return E.map(({ covariances: data }: PosteriorCovariances) => ({
    ...encoded.right,
    covariances: { data, shape: [...codes.shape, model.shape.latents] }
  }))(uncertain)
}

/** The chart in which next codes are likelier, and what codes unmixed to. */
interface Charted {
  readonly unmixed: Unmixed
  /** undefined: mechanisms do not look additive, or nothing was gained. */
  readonly straight: Straightened | undefined
}

const chartOf = async (
  run: StraighteningRun,
  { variances: _, covariances, ...codes }: UncertainCodes & { readonly variances: Float64Array }
): Promise<Outcome<Charted>> => {
  const counted = counting(run)
  const answer = await unmix(codes, {
    ...run.unmixing,
    hypothesis: 'additive',
    ...stoppable(run),
    onProgress: ({ what, done, of }) => counted(what)(done, of)
  })()
  if (E.isLeft(answer)) return failed(answer.left)
  const unmixed = answer.right
  if (unmixed.additivity.share >= run.mostInteraction) return E.right({ unmixed, straight: undefined })
  const { width, steps } = run.straightening
  const learned = counted('steps of a chart')
  const straight = await straighten({ ...codes, covariances }, unmixed, {
    ...stoppable(run),
    graph: run.edges(unmixed),
    width,
    steps,
    onProgress: ({ done, of }) => learned(done, of)
  })()
  if (E.isLeft(straight)) return failed(straight.left)
  const { before, after } = straight.right
  return E.right({ unmixed, straight: after > before ? straight.right : undefined })
}

const straightenOnce = async (
  run: StraighteningRun,
  model: Model,
  drawn: DrawnExamples,
  checkpoint: Pick<RunOptions, 'checkpoint'>
): Promise<Outcome<Round>> => {
  const codes = await uncertainCodes(run, model, drawn)
  if (E.isLeft(codes)) return codes
  const charted = await chartOf(run, codes.right)
  if (E.isLeft(charted)) return charted
  const { unmixed, straight } = charted.right
  if (straight === undefined) return E.right({ model, unmixed, gained: undefined, aborted: false })
  const basis = unmixedModel(model, unmixed, codes.right.variances, unmixed.graph)
  if (E.isLeft(basis)) return basis
  const taught = await teachLatents(run, {
    stage: 'straighten',
    ...checkpoint,
    model: basis.right,
    x: drawn.x,
    targets: straight.codes.data,
    schedule: run.straightening.distillation
  })
  return E.map(({ model: learned, aborted }: Pick<Round, 'model' | 'aborted'>) => ({
    model: learned,
    unmixed,
    gained: { before: straight.before, after: straight.after },
    aborted
  }))(taught)
}

/** Numbers that covariances of codes may come to. */
const MOST_NUMBERS = 4e7

/** Straightens a model round by round, as long as that gains anything. */
export const straightenInRounds = async (
  run: StraighteningRun,
  refined: Model
): Promise<Outcome<StraightenedModel>> => {
  const { data, seed, straightening, signal } = run
  const { latents, temporal } = refined.shape
  const most = Math.floor(MOST_NUMBERS / (latents * latents * (temporal ? 2 : 1)))
  const drawn = await drawExamples(refined.shape, data, Math.min(straightening.examples, most), seed)
  if (E.isLeft(drawn)) return drawn
  const rounds: Pick<Straightened, 'before' | 'after'>[] = []
  let model = refined
  for (let round = 1; ; round++) {
    const done = await straightenOnce(run, model, drawn.right, run.folder(round))
    if (E.isLeft(done)) return done
    const { unmixed, gained } = done.right
    model = done.right.model
    if (gained !== undefined) rounds.push(gained)
    const aborted = done.right.aborted || signal?.aborted === true
    if (aborted || gained === undefined || round >= straightening.rounds) {
      return E.right({ model, unmixed, rounds, aborted })
    }
  }
}
