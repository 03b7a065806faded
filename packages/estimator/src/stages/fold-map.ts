/** Folds an affine map of the latents into encoder and decoder, so that what both compute together stays as it was. */
import type { HostTensor, HostTensors } from '@mechid/engine'
import { inverse, tabulated } from '@mechid/numerics'
import { orThrow } from '@mechid/values'

/** s = matrix (h − centre): `matrix` [d, d] row-major. One that is not invertible is a programming error. */
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
  { matrix, centre }: CodeMap
): { readonly weight: HostTensor; readonly bias: HostTensor } => {
  const [d, width] = weight.shape
  const { data: back } = orThrow(
    inverse(
      'foldMap',
      tabulated(d, d, (i, j) => matrix[i * d + j]),
      0
    )
  )
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

/**
 * Encoder and decoder whose latents are s = matrix (h − centre) in place of h. Means of encodings are mapped exactly,
 * and decoding them gives what it gave before, to rounding. `encoderDepth`: hidden layers of the encoder. `variances`:
 * mean posterior variance of each h.
 */
export const foldMap = (
  parameters: HostTensors,
  encoderDepth: number,
  map: CodeMap,
  variances: ArrayLike<number>
): Record<string, HostTensor> => {
  const last = [`encoder/w${encoderDepth}`, `encoder/b${encoderDepth}`] as const
  const encoder = foldEncoder(parameters[last[0]], parameters[last[1]], map, variances)
  const decoder = foldDecoder(parameters['decoder/w0'], parameters['decoder/b0'], map)
  return {
    ...parameters,
    [last[0]]: encoder.weight,
    [last[1]]: encoder.bias,
    'decoder/w0': decoder.weight,
    'decoder/b0': decoder.bias
  }
}
