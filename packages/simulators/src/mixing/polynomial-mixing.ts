/** Polynomial mixings that are injective by construction. */
import type { Elementary } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'
import type { SimulatorError } from '../errors.js'
import { checkDimensions, checkInteger } from '../option-checks.js'
import { type DenseLayer, denseNetwork, mapNetwork } from './internal/dense-network.js'
import { semiOrthogonal } from './internal/random-matrix.js'
import type { Mixing, MixingOptions } from './mixing.js'

export interface PolynomialOptions extends MixingOptions {
  /** Highest total degree, at least 1. Default 2. There are (latents + degree choose degree) − 1 monomials. */
  readonly degree?: number
}

/** Each monomial is an earlier one (`parent`, −1 for the constant 1) times latent `factor`. */
interface Monomials {
  readonly parent: Int32Array
  readonly factor: Int32Array
  /** Total degree. */
  readonly degree: Int32Array
}

/** All monomials of degree 1 … degree; a monomial's factors are in ascending order, so `factor` is its largest. */
const monomials = (latents: number, degree: number): Monomials => {
  const all: { parent: number; factor: number; degree: number }[] = []
  for (let j = 0; j < latents; j++) all.push({ parent: -1, factor: j, degree: 1 })
  for (let at = 0; at < all.length; at++) {
    if (all[at].degree === degree) continue
    for (let j = all[at].factor; j < latents; j++) {
      all.push({ parent: at, factor: j, degree: all[at].degree + 1 })
    }
  }
  return {
    parent: Int32Array.from(all, (m) => m.parent),
    factor: Int32Array.from(all, (m) => m.factor),
    degree: Int32Array.from(all, (m) => m.degree)
  }
}

/** `core[i]` = z_i + a random polynomial in z_0 … z_{i−1}; further rows are random polynomials in all latents. */
const coefficients = ({ latents, features, random }: PolynomialOptions, terms: Monomials): Float64Array => {
  const count = terms.parent.length
  const inner = new Float64Array(features * count)
  random.split('coefficients').fillNormal(inner)
  for (let i = 0; i < features; i++) {
    for (let m = 0; m < count; m++) {
      const at = i * count + m
      // Terms of one degree together weigh about as much as the linear part.
      inner[at] *= 0.5 / Math.sqrt(count)
      if (i < latents && terms.factor[m] >= i) inner[at] = terms.degree[m] === 1 && m === i ? 1 : 0
    }
  }
  const rotation = semiOrthogonal(features, features, random.split('rotation'))
  const outer = new Float64Array(features * count)
  for (let f = 0; f < features; f++) {
    for (let i = 0; i < features; i++) {
      const w = rotation[f * features + i]
      for (let m = 0; m < count; m++) outer[f * count + m] += w * inner[i * count + m]
    }
  }
  return outer
}

/** Monomials of a block of rows at a time, then one dense layer. */
const applyPolynomial = (latents: number, terms: Monomials, layer: DenseLayer): Mixing['apply'] => {
  const BLOCK = 128
  const network = denseNetwork([layer])
  const count = terms.parent.length
  const values = new Float64Array(BLOCK * count)
  const mixed = new Float64Array(BLOCK * layer.outputs)
  return (rows, z, out) => {
    for (let start = 0; start < rows; start += BLOCK) {
      const length = Math.min(BLOCK, rows - start)
      for (let r = 0; r < length; r++) {
        const [from, to] = [(start + r) * latents, r * count]
        for (let m = 0; m < count; m++) {
          const parent = terms.parent[m]
          const factor = z[from + terms.factor[m]]
          values[to + m] = parent < 0 ? factor : values[to + parent] * factor
        }
      }
      network(length, values, mixed)
      out.set(mixed.subarray(0, length * layer.outputs), start * layer.outputs)
    }
  }
}

const mapPolynomial = <A>(
  terms: Monomials,
  layer: DenseLayer,
  F: Elementary<A>,
  z: ReadonlyArray<A>
): ReadonlyArray<A> => {
  const values: A[] = []
  for (let m = 0; m < terms.parent.length; m++) {
    const factor = z[terms.factor[m]]
    values.push(terms.parent[m] < 0 ? factor : F.mul(values[terms.parent[m]], factor))
  }
  return mapNetwork([layer], F, values)
}

/**
 * x = Q · (w(z), r(z)): Q is a random rotation of feature space, w_i is z_i plus a random polynomial in z_0 … z_{i−1}, and r
 * are random polynomials in all latents; none has a constant term, and their total degree is at most `degree`. Injective
 * everywhere, since w is triangular: z_0 can be read off w_0, then z_1 off w_1, and so on.
 *
 * When to use it: for a smooth mixing. Not for many latents at a high degree: the number of monomials explodes, and large
 * latents give very large features.
 *
 * Errors: `InvalidOption`.
 */
export const polynomialMixing = (options: PolynomialOptions): E.Either<SimulatorError, Mixing> => {
  const { latents, features, degree = 2, random } = options
  const where = 'polynomialMixing'
  const checked = checkDimensions(where, latents, features)
  if (E.isLeft(checked)) return checked
  const checkedDegree = checkInteger(where, 'degree', degree, 1)
  if (E.isLeft(checkedDegree)) return checkedDegree
  const terms = monomials(latents, degree)
  const layer: DenseLayer = {
    inputs: terms.parent.length,
    outputs: features,
    weights: coefficients({ ...options, random: random.split('mixing polynomial') }, terms),
    bias: new Float64Array(features),
    slope: 1
  }
  return E.right({
    name: 'polynomial',
    latents,
    features,
    apply: applyPolynomial(latents, terms, layer),
    map: (F, z) => mapPolynomial(terms, layer, F, z)
  })
}
