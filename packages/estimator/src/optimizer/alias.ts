/** The optimizers that users call. */
import type { GradientTransformation } from './base.js'
import { chain, flattened, partition } from './combine.js'
import {
  type AdamOptions,
  orthogonalize,
  scale,
  scaleByAdam,
  scaleByLearningRate,
  trace
} from './transform.js'

/** Adam (D. Kingma, J. Ba 2015). */
export const adam = (options: AdamOptions = {}): GradientTransformation =>
  flattened(chain(scaleByAdam(options), scaleByLearningRate))

/** Stochastic gradient descent, with heavy-ball momentum if asked for. */
export const sgd = (momentum = 0): GradientTransformation =>
  flattened(momentum === 0 ? scaleByLearningRate : chain(trace(momentum), scaleByLearningRate))

/**
 * Whether Muon takes a parameter: a matrix with two or more rows and columns, not a stack of small ones; or filters
 * [rows, columns, channels, filters], a matrix from windows to filters.
 */
const isMatrix = (shape: readonly number[]): boolean =>
  shape.length === 4 || (shape.length === 2 && Math.min(...shape) > 1)

/**
 * Muon on weight matrices and Adam on everything else (K. Jordan et al. 2024). `matrixRate` multiplies the
 * learning rate for the matrices; `isHidden` may keep further parameters, such as edge logits, with Adam.
 */
export const muon = (
  { matrixRate = 1, momentum = 0.95 }: { readonly matrixRate?: number; readonly momentum?: number } = {},
  isHidden: (name: string) => boolean = () => true
): GradientTransformation =>
  partition((name, shape) => (isMatrix(shape) && isHidden(name) ? 'muon' : 'adam'), {
    muon: chain(
      flattened(trace(momentum, true)),
      orthogonalize(),
      flattened(chain(scale(matrixRate), scaleByLearningRate))
    ),
    adam: adam()
  })
