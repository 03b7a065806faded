/**
 * Encodings as precise as the decoder allows.
 *
 * An encoder is a network that approximates the decoder's inverse; its own error can be several times the noise. A few
 * Gauss–Newton steps on |x − decoder(z)|² from where it points remove that error.
 */
import { type Engine, engineFailed } from '@mechid/engine'
import { invalidOption, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import type { TrainedAutoencoder } from '../model/autoencoder.js'
import type { Model } from '../model/model.js'
import { gathered } from '../training/gathered.js'
import { encodeRows, type RowReader } from './inference.js'
import { linearizedDecoder } from './internal/decoder-jacobian.js'
import { sharpened } from './internal/gauss-newton.js'
import { chunkRows } from './internal/normal-matrix.js'

/**
 * Observations [n, features] ↦ latents [n, d]: `encodeRows`, then three Gauss–Newton steps on |x − decoder(z)|². About twenty
 * times the work of `encodeRows`.
 *
 * When to use it: where the encoder's own error matters, as in scores. Not for observations unlike the training data: it
 * inverts the decoder, which knows only those.
 *
 * Rows that memory does not hold are read block by block, twice.
 *
 * Errors: those of `encodeRows`; `InvalidOption` for several views.
 */
export const encodePrecisely =
  (
    engine: Engine,
    model: TrainedAutoencoder,
    x: Samples | RowReader,
    onProgress: (rowsDone: number) => void = () => undefined
  ): TaskEither<EstimatorError, Samples> =>
  async () => {
    const { shape, configuration } = model
    if ((configuration.views ?? 1) !== 1) {
      const expected = '1; an observation of several frames is not what is decoded'
      return E.left(invalidOption('encodePrecisely', 'views', configuration.views, expected))
    }
    const first = await encodeRows(engine, model, x)()
    if (E.isLeft(first)) return first
    const decoder = await linearizedDecoder(engine, model)
    if (E.isLeft(decoder)) return decoder
    const { latents: d, features } = shape
    const n = x.shape[0]
    const chunk = chunkRows(d, features)
    const out = new Float32Array(first.right.data)
    const block = new Float32Array('read' in x ? Math.min(n, chunk) * features : 0)
    try {
      for (let start = 0; start < n; start += chunk) {
        const end = Math.min(n, start + chunk)
        const filled = await gathered(() => ('read' in x ? x.read(start, end - start, block) : undefined))
        if (E.isLeft(filled)) return filled
        const observations =
          'read' in x ? { x: block, from: 0, features } : { x: x.data, from: start * features, features }
        out.set(await sharpened(decoder.right, observations, out.slice(start * d, end * d), d), start * d)
        onProgress(end)
      }
    } catch (cause) {
      return E.left(engineFailed(engine.name, cause))
    } finally {
      decoder.right.dispose()
    }
    return E.right({ data: out, shape: [n, d] })
  }

/**
 * Observations [n, features] ↦ latents [n, d], as the model was trained to have them: by `encodePrecisely` where posteriors were precise, as
 * those of `preset('fast', …)` are, else by `encodeRows`. This is what to judge and to use, unless an encoder alone has to do.
 *
 * Errors: those of `encodePrecisely`.
 *
 * @example
 * const zHat = await latentRows(engine, model, x)()
 */
export const latentRows = (
  engine: Engine,
  model: Model,
  x: Samples | RowReader,
  onProgress?: (rowsDone: number) => void
): TaskEither<EstimatorError, Samples> =>
  model.configuration.posterior === 'precise'
    ? encodePrecisely(engine, model, x, onProgress)
    : encodeRows(engine, model, x)
