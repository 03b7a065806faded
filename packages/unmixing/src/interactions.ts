/**
 * Whether mechanisms are additive in a basis: what products of functions of two causes add to the fit, on rows that it did
 * not see.
 */
import { additiveFit, type Variable } from './additive-fit.js'
import { usableRows } from './columns.js'
import type { Harmonics } from './direction-search.js'
import type { ActionColumn } from './whitened-codes.js'

export interface InteractionTest {
  /**
   * Of what the causes explain of each latent (of what the past explains beyond lines), the share that only interactions
   * explain, on held-out rows; 0 where mechanisms are additive.
   */
  readonly share: number
  /** The same for each latent. */
  readonly perLatent: Float64Array
  /** Standard error of `share`, from the held-out rows. */
  readonly standardError: number
  /** Nats a row and latent that interactions are worth: ½ log of what is left without them over what is left with them. */
  readonly nats: number
}

/** What is said where causes never act together. */
export const noInteractions = (latents: number): InteractionTest => ({
  share: 0,
  perLatent: new Float64Array(latents),
  standardError: 0,
  nats: 0
})

/** Products that a fit may have. */
const MOST_PRODUCTS = 1200
const RATE = 1.5

type OneVariable = (x: number) => number
const LINES: readonly OneVariable[] = [(x) => x]
const families: ReadonlyArray<readonly OneVariable[]> = [
  [(x) => x, (x) => Math.sin(RATE * x), (x) => Math.cos(RATE * x)],
  [(x) => x, (x) => Math.cos(RATE * x)],
  LINES
]

/** As many functions of each of so many causes as there is room for products of. */
const functionsFor = (causes: number): readonly OneVariable[] =>
  families.find((f) => ((causes * (causes - 1)) / 2) * f.length ** 2 <= MOST_PRODUCTS) ?? LINES

/** A product of functions of two causes, each about its mean. */
export interface Product {
  readonly of: readonly [number, number]
  readonly values: Float32Array
}

/**
 * Products of centred functions of every two actions, on the first `rows` rows: as many functions as there is room for; of
 * actions of two values, lines.
 */
export const centredProducts = (actions: readonly ActionColumn[], rows: number): Product[] => {
  const functions = functionsFor(actions.length)
  const centred = actions.map((action) =>
    (action.binary ? LINES : functions).map((f) => {
      const values = Float32Array.from({ length: rows }, (_, row) => f(action.values[row]))
      const mean = values.reduce((sum, value) => sum + value, 0) / rows
      return values.map((value) => value - mean)
    })
  )
  const out: Product[] = []
  for (let i = 0; i < actions.length; i++) {
    for (let j = 0; j < i; j++) {
      for (const f of centred[i]) {
        for (const g of centred[j]) out.push({ of: [i, j], values: f.map((value, row) => value * g[row]) })
      }
    }
  }
  return out
}

/** Products of functions of every two causes: as many functions as there is room for. */
const productsOf = (causes: ReadonlyArray<Float64Array>): Variable[] => {
  const functions = functionsFor(causes.length)
  const values = causes.map((cause) => functions.map((f) => cause.map(f)))
  const out: Variable[] = []
  for (let i = 0; i < causes.length; i++) {
    for (let j = 0; j < i; j++) {
      for (const f of values[i]) for (const g of values[j]) out.push((row) => f[row] * g[row])
    }
  }
  return out
}

/**
 * `causes` and `residuals` (of the additive fit) by column; `explained`: mean square that the additive fit explains of each
 * latent, as far as it counts. Fits on the first `rows` rows, scores on the `heldOut` after them.
 */
export const testInteractions = (
  causes: ReadonlyArray<Float64Array>,
  residuals: ReadonlyArray<ArrayLike<number>>,
  explained: Float64Array,
  rows: number,
  heldOut: number
): InteractionTest => {
  const harmonics: Harmonics = { step: 1, count: 1 }
  const [n, m] = [usableRows(rows), usableRows(heldOut)]
  const products = productsOf(causes)
  const build = (from: number, count: number) => {
    const targets = residuals.map(
      (column): Variable =>
        (row) =>
          column[from + row]
    )
    const fit = additiveFit(count, products.length, targets, harmonics)
    fit.addLines(
      products.map(
        (product): Variable =>
          (row) =>
            product(from + row)
      )
    )
    return fit
  }
  const coefficients = build(0, n).coefficients()
  const left = build(n, m).residuals(coefficients)
  let [gained, total, squares, nats] = [0, 0, 0, 0]
  const perLatent = Float64Array.from(residuals, (before, i) => {
    let [gain, without] = [0, 0]
    for (let r = 0; r < m; r++) {
      without += before[n + r] ** 2 / m
      const better = before[n + r] ** 2 - left[i][r] ** 2
      gain += better / m
      squares += (better / m) ** 2
    }
    gained += gain
    nats -= (0.5 / residuals.length) * Math.log1p(-Math.min(0.999999, gain / Math.max(1e-300, without)))
    total += Math.max(0, explained[i]) + Math.max(0, gain)
    return gain / Math.max(1e-12, Math.max(0, explained[i]) + Math.max(0, gain))
  })
  return {
    share: gained / Math.max(1e-12, total),
    perLatent,
    nats,
    standardError: Math.sqrt(squares) / Math.max(1e-12, total)
  }
}
