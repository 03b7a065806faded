export type { Dictionary, FieldSpace, Region, ScalarFunctions } from './dictionary/dictionary.js'
export { fieldTexts } from './dictionary/field-text.js'
export { type Functions, functionFields, givenFields } from './dictionary/given.js'
export { affineFields, constants, linearFields, polynomials } from './dictionary/polynomial.js'
export { trigonometric } from './dictionary/trigonometric.js'
export { union } from './dictionary/union.js'
export { evaluateFields, fieldJacobians, type VectorFields } from './dictionary/vector-fields.js'
export { type AlgebraError, message, orThrow, showAlgebraError } from './errors.js'
export type { Fields } from './fields/result.js'
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
