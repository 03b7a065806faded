/** A random forest of regression trees: a regressor that sees nonlinear dependence. */
import { generator } from '@mechid/random'
import { columnOf, invalidOption, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { innerEdges, reached } from '../information/discretization.js'
import { positiveIntegers } from '../internal/options.js'
import { rowDraws } from '../internal/row-draws.js'
import {
  type BinnedInputs,
  growTree,
  MOST_BINS,
  predictTree,
  type RegressionTree
} from './internal/regression-tree.js'
import type { Regression, Regressor } from './regressor.js'

export interface ForestOptions {
  readonly trees?: number
  /** The most splits from root to leaf. */
  readonly depth?: number
  /** No leaf has fewer rows. */
  readonly leafRows?: number
  /** Thresholds are tried between bins of equal counts; 2 to 256 of them. */
  readonly bins?: number
  readonly seed?: number
}

const binned = (inputs: Samples, bins: number): BinnedInputs => {
  const [rows, k] = inputs.shape
  const out = new Uint8Array(rows * k)
  const edges = Array.from({ length: k }, (_, j) => {
    const values = columnOf(inputs, j)
    const inner = Float64Array.from(innerEdges(values, bins, 'equal-count'))
    for (let i = 0; i < rows; i++) out[i * k + j] = reached(inner, values[i])
    return inner
  })
  return { bins: out, edges }
}

const plant = (
  inputs: Samples,
  target: Samples,
  { trees, depth, leafRows, bins, seed }: Required<ForestOptions>
): Regression => {
  const rows = inputs.shape[0]
  const boxes = binned(inputs, bins)
  const values = columnOf(target, 0)
  const mean = values.reduce((sum, y) => sum + y, 0) / rows
  const centred = values.map((y) => y - mean)
  const importances = new Float64Array(inputs.shape[1])
  const draw = rowDraws(rows, generator(seed).split('trees'))
  const forest: RegressionTree[] = []
  for (let t = 0; t < trees; t++) {
    // In ascending order memory is read as it lies.
    forest.push(growTree(boxes, centred, draw().sort(), { depth, leafRows }, importances))
  }
  const total = importances.reduce((sum, x) => sum + x, 0)
  const predict = ({ data, shape }: Samples): Float64Array => {
    const out = new Float64Array(shape[0]).fill(mean)
    for (const tree of forest) {
      for (let i = 0; i < shape[0]; i++) out[i] += predictTree(tree, data, i * shape[1]) / trees
    }
    return out
  }
  return { importances: total === 0 ? importances : importances.map((x) => x / total), predict }
}

/**
 * A random forest (L. Breiman, *Machine Learning* 2001) as a regressor for `dci`: trees on bootstrapped rows, every
 * split among all inputs; the prediction is their mean. An input's importance is its share of all reductions of squared
 * error. About trees · depth · n · k steps. Equal seeds give equal forests.
 *
 * Use it where codes may be bent; it needs many rows, and its importances are blurred by noise. For linear codes
 * `lassoRegressor` is sharper and faster.
 *
 * Errors of the regressor: `InvalidOption`.
 */
export const forestRegressor =
  ({ trees = 20, depth = 10, leafRows = 5, bins = 64, seed = 0 }: ForestOptions = {}): Regressor =>
  (inputs, target): E.Either<MetricError, Regression> => {
    const where = 'forestRegressor'
    const sound = positiveIntegers(where, { trees, depth, leafRows, bins })
    if (E.isLeft(sound)) return sound
    if (bins < 2 || bins > MOST_BINS) return E.left(invalidOption(where, 'bins', bins, `2 to ${MOST_BINS}`))
    return E.right(plant(inputs, target, { trees, depth, leafRows, bins, seed }))
  }
