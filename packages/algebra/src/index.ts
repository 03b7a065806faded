export { type AlgebraError, message, orThrow, showAlgebraError } from './errors.js'
export type { Dense } from './linalg/dense.js'
export type { RankDecision } from './linalg/rank-decision.js'
export {
  type AffineCommutant,
  type AffineField,
  type AffineMap,
  affineCommutant,
  type CommutantOptions,
  commutant,
  type MatrixAlgebra
} from './linear/commutant.js'
