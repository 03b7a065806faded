/** Mixings: how latents become observations. */
import { type Column, columns, type Elementary } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type DenseLayer, denseNetwork, mapNetwork } from './dense-network.js'
import type { SimulatorError } from './errors.js'
import { checkDimensions } from './option-checks.js'
import { gaussianMatrix, semiOrthogonal } from './random-matrix.js'

/** A map `x = g(z)` from latents to observed features, written once for every reading. */
export interface Mixing {
  readonly name: string
  readonly latents: number
  /** At least `latents`. */
  readonly features: number
  /** Over many rows: `z` row-major [rows, latents], `out` row-major [rows, features]. */
  readonly apply: (rows: number, z: Float64Array, out: Float64Array) => void
  /** In any reading: `latents` values to `features` values. `apply` gives the same numbers. */
  readonly map: <A>(F: Elementary<A>, z: ReadonlyArray<A>) => ReadonlyArray<A>
}

/** A mixing made of dense layers, which can be looked at. */
export interface DenseMixing extends Mixing {
  readonly layers: readonly DenseLayer[]
}

/** What every random mixing needs. */
export interface MixingOptions {
  readonly latents: number
  /** At least `latents`; fewer cannot be injective. */
  readonly features: number
  /** Where the weights come from; split, not advanced. */
  readonly random: Generator
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
 * Injective, and Lipschitz both ways; piecewise linear, so strictly not a diffeomorphism.
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
 * `x = A z + b`, all entries of A and b from N(0, 1): injective with probability one.
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

/** A user's own mixing: `map` must be pure, use nothing but `F` on its numbers, and return `features` values. */
export interface CustomMixing {
  readonly name?: string
  readonly latents: number
  readonly features: number
  readonly map: <A>(F: Elementary<A>, z: ReadonlyArray<A>) => ReadonlyArray<A>
}

const COLUMN_ROWS = 256

/** Applies a generic map to rows, a block of columns at a time. */
const byColumns = ({ latents, features, map }: CustomMixing): Mixing['apply'] => {
  const reading = columns(COLUMN_ROWS)
  const z = Array.from({ length: latents }, () => new Float64Array(COLUMN_ROWS))
  return (rows, from, out) => {
    for (let start = 0; start < rows; start += COLUMN_ROWS) {
      const count = Math.min(COLUMN_ROWS, rows - start)
      for (let j = 0; j < latents; j++) {
        const column = z[j]
        for (let r = 0; r < count; r++) column[r] = from[(start + r) * latents + j]
      }
      const x: ReadonlyArray<Column> = map<Column>(reading, z)
      for (let f = 0; f < features; f++) writeColumn(x[f], count, out, start * features + f, features)
      reading.reset()
    }
  }
}

const writeColumn = (
  column: Column,
  count: number,
  out: Float64Array,
  from: number,
  stride: number
): void => {
  if (typeof column === 'number') {
    for (let r = 0, to = from; r < count; r++, to += stride) out[to] = column
  } else {
    for (let r = 0, to = from; r < count; r++, to += stride) out[to] = column[r]
  }
}

/**
 * A user's own mixing, written once: it is applied to blocks of columns, and differentiated by `checkInjective`.
 *
 * Errors: `InvalidOption`; `ShapeMismatch` if `map` does not return `features` values.
 *
 * @example
 * customMixing({ latents: 2, features: 2, map: (F, [u, v]) => [F.add(u, F.tanh(v)), v] })
 */
export const customMixing = (definition: CustomMixing): E.Either<SimulatorError, Mixing> => {
  const { name, latents, features, map } = definition
  const where = 'customMixing'
  const checked = checkDimensions(where, latents, features)
  if (E.isLeft(checked)) return checked
  const reading = columns(1)
  const returned = map<Column>(
    reading,
    Array.from({ length: latents }, () => new Float64Array([0.5]))
  )
  if (returned.length !== features) {
    const expected = `${features}, one a feature`
    return E.left(shapeMismatch(where, 'what map returns', `${returned.length} values`, expected))
  }
  return E.right({ name: name ?? 'custom', latents, features, map, apply: byColumns(definition) })
}
