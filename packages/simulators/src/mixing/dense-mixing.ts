/** Mixings of dense layers with random weights. */
import * as E from 'fp-ts/lib/Either.js'
import type { SimulatorError } from '../errors.js'
import { checkDimensions } from '../option-checks.js'
import { type DenseLayer, denseNetwork, mapNetwork } from './internal/dense-network.js'
import { gaussianMatrix, semiOrthogonal } from './internal/random-matrix.js'
import type { Mixing, MixingOptions } from './mixing.js'

/** A mixing of dense layers, with its weights. */
export interface DenseMixing extends Mixing {
  readonly layers: readonly DenseLayer[]
}

const denseMixing = (name: string, layers: readonly DenseLayer[]): DenseMixing => ({
  name,
  latents: layers[0].inputs,
  features: layers[layers.length - 1].outputs,
  layers,
  apply: denseNetwork(layers),
  map: (F, z) => mapNetwork(layers, F, z)
})

const LEAK = 0.2

/**
 * The neural mixing of the published synthetic problems [MS]: four weight matrices of widths
 * latents → features → features → features → features, no biases, LeakyReLU(0.2) between. Each matrix is
 * semi-orthogonal (QR of a Gaussian matrix) times `√(2/(1 + 0.2²)) · √(2/(fan_in + fan_out))`.
 *
 * Injective, and Lipschitz both ways. It is piecewise linear, so not a diffeomorphism in the strict sense.
 *
 * When to use it: to compare with published results. Where a proof needs a smooth mixing, take `polynomialMixing`.
 *
 * Errors: `InvalidOption`.
 *
 * @example
 * const mixing = orThrow(nnMixing({ latents: 6, features: 12, random: generator(1) }))
 */
export const nnMixing = ({
  latents,
  features,
  random
}: MixingOptions): E.Either<SimulatorError, DenseMixing> =>
  E.map(() => {
    const widths = [latents, features, features, features, features]
    const stream = random.split('mixing nn')
    const layers = widths.slice(1).map((outputs, l): DenseLayer => {
      const inputs = widths[l]
      const gain = Math.sqrt(2 / (1 + LEAK * LEAK)) * Math.sqrt(2 / (inputs + outputs))
      const weights = semiOrthogonal(outputs, inputs, stream.split(l)).map((w) => w * gain)
      return { inputs, outputs, weights, bias: new Float64Array(outputs), slope: l < 3 ? LEAK : 1 }
    })
    return denseMixing('nn', layers)
  })(checkDimensions('nnMixing', latents, features))

/**
 * x = A z + b, with all entries of A and b from N(0, 1): injective with probability one.
 *
 * When to use it: for checks whose answer is known, since linear methods solve it. It is too easy for a benchmark.
 *
 * Errors: `InvalidOption`.
 */
export const linearMixing = ({
  latents,
  features,
  random
}: MixingOptions): E.Either<SimulatorError, DenseMixing> =>
  E.map(() => {
    const stream = random.split('mixing linear')
    const weights = gaussianMatrix(features, latents, stream.split('weights'))
    const bias = gaussianMatrix(features, 1, stream.split('bias'))
    return denseMixing('linear', [{ inputs: latents, outputs: features, weights, bias, slope: 1 }])
  })(checkDimensions('linearMixing', latents, features))
