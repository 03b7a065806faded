/** Folds an affine map of the latents into encoder and decoder, so that what both compute together stays as it was. */
import type { HostTensor, HostTensors } from '@mechid/engine'
import { type Dense, inverse, tabulated } from '@mechid/numerics'
import { type NotInvertible, type ShapeMismatch, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

/** s = matrix (h − centre): `matrix` [d, d] row-major, invertible. */
export interface CodeMap {
  readonly matrix: ArrayLike<number>
  readonly centre: ArrayLike<number>
}

const tensor = (data: Float32Array, like: HostTensor): HostTensor => ({ data, shape: like.shape })

/**
 * The encoder's last layer [width, 2d] with its means mapped. Log-variances become one number a latent: what comes out
 * of independent Gaussians of the given mean variances is no longer independent, and its diagonal is kept.
 */
const foldEncoder = (
  weight: HostTensor,
  bias: HostTensor,
  { matrix, centre }: CodeMap,
  variances: ArrayLike<number>
): { readonly weight: HostTensor; readonly bias: HostTensor } => {
  const [width, outputs] = weight.shape
  const d = outputs / 2
  const w = new Float32Array(weight.data.length)
  const b = new Float32Array(outputs)
  for (let i = 0; i < d; i++) {
    let [shift, variance] = [0, 0]
    for (let j = 0; j < d; j++) {
      const m = matrix[i * d + j]
      shift += m * (bias.data[j] - centre[j])
      variance += m * m * variances[j]
    }
    b[i] = shift
    b[d + i] = Math.log(variance)
    for (let r = 0; r < width; r++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += matrix[i * d + j] * weight.data[r * outputs + j]
      w[r * outputs + i] = sum
    }
  }
  return { weight: tensor(w, weight), bias: tensor(b, bias) }
}

/** The decoder's first layer [d, width], which sees h = matrix⁻¹ s + centre. */
const foldDecoder = (
  weight: HostTensor,
  bias: HostTensor,
  { data: back }: Dense,
  centre: CodeMap['centre']
): { readonly weight: HostTensor; readonly bias: HostTensor } => {
  const [d, width] = weight.shape
  const w = new Float32Array(d * width)
  const b = Float32Array.from(bias.data)
  for (let c = 0; c < width; c++) {
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += back[j * d + i] * weight.data[j * width + c]
      w[i * width + c] = sum
    }
    let shift = 0
    for (let j = 0; j < d; j++) shift += centre[j] * weight.data[j * width + c]
    b[c] += shift
  }
  return { weight: tensor(w, weight), bias: tensor(b, bias) }
}

const WHERE = 'foldMap'

/** The inverse of the map's matrix. Rows, each a latent in units of its own, are judged as if they were of one size. */
const inverseOf = ({ matrix }: CodeMap, d: number): E.Either<NotInvertible, Dense> => {
  const entries = tabulated(d, d, (i, j) => matrix[i * d + j])
  const sizes = Array.from({ length: d }, (_, i) =>
    entries.data.subarray(i * d, (i + 1) * d).reduce((most, entry) => Math.max(most, Math.abs(entry)), 0)
  )
  const scaled = tabulated(d, d, (i, j) => entries.data[i * d + j] / (sizes[i] || 1))
  return pipe(
    inverse(WHERE, scaled),
    E.flatMap(() => inverse(WHERE, entries, 0))
  )
}

/** What of the map, or of the network, is of another size than the other, or missing. */
const misfit = (
  parameters: HostTensors,
  names: readonly string[],
  { matrix, centre }: CodeMap,
  variances: ArrayLike<number>
): ShapeMismatch | undefined => {
  const missing = names.find((name) => parameters[name] === undefined)
  if (missing !== undefined) return shapeMismatch(WHERE, missing, 'missing', 'a layer of the network')
  const { shape } = parameters['decoder/w0']
  const [d] = shape
  const [, outputs] = parameters[names[0]].shape
  if (outputs !== 2 * d) {
    return shapeMismatch(WHERE, names[0], showShape(parameters[names[0]].shape), `[width, ${2 * d}]`)
  }
  const sizes = [
    ['matrix', matrix.length, d * d],
    ['centre', centre.length, d],
    ['variances', variances.length, d]
  ] as const
  const wrong = sizes.find(([, actual, expected]) => actual !== expected)
  return wrong === undefined
    ? undefined
    : shapeMismatch(WHERE, `the length of ${wrong[0]}`, wrong[1], String(wrong[2]))
}

/**
 * Parameters whose latents are s = matrix (h − centre) in place of h. The means of encodings are mapped exactly, and
 * decoding them gives what it gave before, up to rounding. `encoderDepth`: hidden layers of the encoder. `variances`: mean
 * posterior variance of each h.
 *
 * When to use it: to change the basis of encoder and decoder. Transitions and gates are not mapped; `unmixedModel` rebuilds
 * them, too.
 *
 * Errors: `NotInvertible`, and `ShapeMismatch` where map and network are of different sizes.
 */
export const foldMap = (
  parameters: HostTensors,
  encoderDepth: number,
  map: CodeMap,
  variances: ArrayLike<number>
): E.Either<NotInvertible | ShapeMismatch, Record<string, HostTensor>> => {
  const last = [`encoder/w${encoderDepth}`, `encoder/b${encoderDepth}`] as const
  const wrong = misfit(parameters, [...last, 'decoder/w0', 'decoder/b0'], map, variances)
  if (wrong !== undefined) return E.left(wrong)
  const first = parameters['decoder/w0']
  return E.map((back: Dense) => {
    const encoder = foldEncoder(parameters[last[0]], parameters[last[1]], map, variances)
    const decoder = foldDecoder(first, parameters['decoder/b0'], back, map.centre)
    return {
      ...parameters,
      [last[0]]: encoder.weight,
      [last[1]]: encoder.bias,
      'decoder/w0': decoder.weight,
      'decoder/b0': decoder.bias
    }
  })(inverseOf(map, first.shape[0]))
}
