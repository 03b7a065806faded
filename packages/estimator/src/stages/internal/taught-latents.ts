/** Encoder and decoder that are taught better latents than their own. */
import type { HostTensors } from '@mechid/engine'
import type { ExampleSource, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { DistillationSchedule } from '../../configuration/staged-configuration.js'
import { encodeRows } from '../../encoding/inference.js'
import { type EstimatorError, inStage } from '../../errors.js'
import type { Model } from '../../model/model.js'
import type { RunOptions } from '../../training/training-loop.js'
import { distil } from '../distillation.js'
import { type DrawnExamples, type EncodedExamples, encodeDrawn } from '../encoded-examples.js'
import type { Counted, StageName, StageProgress } from '../stage.js'

/** What rounds are told. */
export interface RoundsRun extends Omit<RunOptions, 'checkpoint'> {
  readonly data: ExampleSource
  readonly seed: number
  readonly onProgress: (progress: StageProgress) => void
}

type Outcome<A> = E.Either<EstimatorError, A>

/** Tells of something else than steps of a training. */
export const counting =
  ({ onProgress }: Pick<RoundsRun, 'onProgress'>) =>
  (what: Counted) =>
  (step: number, steps: number): void =>
    onProgress({ what, step, steps, loss: Number.NaN })

/** The seed, and what stops. */
export const stoppable = ({ seed, signal }: Pick<RoundsRun, 'seed' | 'signal'>) => ({
  seed,
  ...(signal === undefined ? {} : { signal })
})

/** Sharpened codes. */
export const sharpenedCodes = (
  run: RoundsRun,
  model: Model,
  drawn: DrawnExamples
): Promise<Outcome<EncodedExamples>> => {
  const [rows] = drawn.x.shape
  const sharpened = counting(run)('codes sharpened')
  return encodeDrawn(run.engine, model, drawn, true, (done) => sharpened(done, rows))
}

/** The encoder's log-variances as what it misses by, latent by latent. */
const withOwnError = (model: Model, z: Samples, encoded: Samples): Model => {
  const { latents: d } = model.shape
  const name = `encoder/b${model.configuration.encoder.depth}`
  const bias = Float32Array.from(model.parameters[name].data)
  const rows = z.shape[0]
  for (let i = 0; i < d; i++) {
    let sum = 0
    for (let r = 0; r < rows; r++) sum += (z.data[r * d + i] - encoded.data[r * d + i]) ** 2
    bias[d + i] = Math.log(Math.max(sum / rows, 1e-8))
  }
  const parameters: HostTensors = {
    ...model.parameters,
    [name]: { data: bias, shape: model.parameters[name].shape }
  }
  return { ...model, parameters }
}

/** What is taught: the model that learns, observations, and their latents [rows of x, d]. */
export interface Lesson extends Pick<RunOptions, 'checkpoint'> {
  readonly stage: StageName
  readonly model: Model
  readonly x: Samples
  readonly targets: ArrayLike<number>
  readonly schedule: DistillationSchedule
}

/** The model that has learned them. */
export const teachLatents = async (
  run: RoundsRun,
  { stage, model, x, targets, schedule, checkpoint }: Lesson
): Promise<Outcome<{ readonly model: Model; readonly aborted: boolean }>> => {
  const { engine, resume, onProgress } = run
  const z: Samples = { data: Float32Array.from(targets), shape: [x.shape[0], model.shape.latents] }
  const distilled = await distil({
    engine,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(resume === undefined ? {} : { resume }),
    ...stoppable(run),
    model,
    x,
    z,
    schedule,
    onProgress
  })()
  if (E.isLeft(distilled)) return E.left(inStage(stage, distilled.left))
  const { model: learned, aborted } = distilled.right
  const own = await encodeRows(engine, learned, x)()
  return E.map((encoded: Samples) => ({ model: withOwnError(learned, z, encoded), aborted }))(own)
}
