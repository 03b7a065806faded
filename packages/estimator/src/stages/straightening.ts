/**
 * Straightens the codes of a model: a chart is learned in code space, where noise of codes is known, and encoder and decoder
 * then learn the latents that it gives.
 */
import {
  type Straightened,
  straighten,
  type Unmixed,
  unmix,
  message as unmixingMessage
} from '@mechid/unmixing'
import * as E from 'fp-ts/lib/Either.js'
import type { EdgeTable } from '../configuration.js'
import type { HostTensors } from '../engine.js'
import type { EstimatorError } from '../errors.js'
import { encodeRows, type Rows } from '../inference.js'
import type { Model } from '../model.js'
import { withUncertainty } from '../precise-encoding.js'
import type { RunOptions } from '../training-loop.js'
import { type DistillationSchedule, distil } from './distillation.js'
import { type DrawnExamples, encodeDrawn } from './encoded-examples.js'
import type { Counted, StageProgress } from './stage-progress.js'
import type { StagedConfiguration } from './staged-configuration.js'
import { unmixedModel } from './unmixed-model.js'

/** How codes are straightened. */
export interface Straightening {
  /** Times that chart, decoder and encoder are learned. */
  readonly rounds: number
  /** Examples whose codes they are learned from. */
  readonly examples: number
  /** Hidden units of the chart, and steps that it learns. */
  readonly width: number
  readonly steps: number
  /** How encoder and decoder learn the straightened latents. */
  readonly distillation: DistillationSchedule
}

interface Options extends RunOptions {
  readonly straightening: Straightening
  readonly unmixing: StagedConfiguration['unmixing']
  readonly seed: number
  readonly onProgress: (progress: StageProgress) => void
}

/** What one round came to; without `straightened` it left the model as it was. */
export interface StraightenedModel {
  readonly model: Model
  readonly unmixed: Unmixed
  readonly straightened?: Pick<Straightened, 'before' | 'after'>
  readonly aborted: boolean
}

type Outcome<A> = E.Either<EstimatorError, A>

const failed = (reason: string): Outcome<never> =>
  E.left({ _tag: 'UnmixingFailed', stage: 'straighten', reason })

/** The encoder's log-variances as what it misses by, latent by latent. */
const withOwnError = (model: Model, z: Rows, encoded: Rows): Model => {
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

/** Whether additive mechanisms on few edges are what the data show: what a chart is straightened by. */
const isAdditive = ({ hypothesis, additivity }: Unmixed, most: number): boolean =>
  hypothesis === 'additive' && additivity.share < most

/** One round. `edges` says which edges transitions may use while a chart is learned. */
export const straightenModel = async (
  options: Options,
  model: Model,
  drawn: DrawnExamples,
  edges: (unmixed: Unmixed) => EdgeTable,
  mostInteraction: number
): Promise<Outcome<StraightenedModel>> => {
  const { engine, straightening, unmixing, seed, signal, onProgress } = options
  const rows = drawn.x.shape[0]
  const tell = (what: Counted) => (step: number, steps: number) =>
    onProgress({ what, step, steps, loss: Number.NaN })
  const sharpened = tell('codes sharpened')
  const encoded = await encodeDrawn(engine, model, drawn, true, (done) => sharpened(done, rows))
  if (E.isLeft(encoded)) return encoded
  const { codes, actions, variances } = encoded.right
  const { latents: d } = model.shape
  const z: Rows = { data: Float32Array.from(codes.data), shape: [rows, d] }
  const uncertain = await withUncertainty(engine, model, drawn.x, z)()
  if (E.isLeft(uncertain)) return uncertain
  const given = { codes, ...(actions === undefined ? {} : { actions }) }
  const shared = { seed, ...(signal === undefined ? {} : { signal }) }
  const answer = await unmix(given, {
    ...unmixing,
    ...shared,
    onProgress: ({ what, done, of }) => onProgress({ what, step: done, steps: of, loss: Number.NaN })
  })()
  if (E.isLeft(answer)) return failed(unmixingMessage(answer.left))
  const unmixed = answer.right
  if (!isAdditive(unmixed, mostInteraction)) return E.right({ model, unmixed, aborted: false })
  const covariances = { data: uncertain.right.covariances, shape: [...codes.shape, d] }
  const learned = tell('steps of a chart')
  const straight = await straighten({ ...given, covariances }, unmixed, {
    ...shared,
    graph: edges(unmixed),
    width: straightening.width,
    steps: straightening.steps,
    onProgress: ({ done, of }) => learned(done, of)
  })()
  if (E.isLeft(straight)) return failed(unmixingMessage(straight.left))
  const { before, after } = straight.right
  if (!(after > before)) return E.right({ model, unmixed, aborted: false })

  const targets: Rows = { data: Float32Array.from(straight.right.codes.data), shape: [rows, d] }
  const start = unmixedModel(model, unmixed, variances, unmixed.graph)
  const { checkpoint, resume } = options
  const distilled = await distil({
    engine,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(resume === undefined ? {} : { resume }),
    ...shared,
    model: start,
    x: drawn.x,
    z: targets,
    schedule: straightening.distillation,
    onProgress
  })()
  if (E.isLeft(distilled)) return distilled
  const own = await encodeRows(engine, distilled.right.model, drawn.x)()
  if (E.isLeft(own)) return own
  return E.right({
    model: withOwnError(distilled.right.model, targets, own.right),
    unmixed,
    straightened: { before, after },
    aborted: distilled.right.aborted
  })
}
