export type {
  Ambiguity,
  AmbiguityOptions,
  CommutingIterates,
  DegreeDimension,
  Evidence,
  Route
} from './answer/ambiguity.js'
export { ambiguityOf } from './answer/ambiguity-of.js'
export { explain } from './answer/explanation.js'
export { type FitGroup, fitGroup, type MatrixRows } from './answer/fit-group.js'
export type { Known } from './answer/known.js'
export type { LatentStatus, StatusKind } from './answer/status.js'
export { type Suggestion, type SuggestOptions, suggest, suggestGeneric } from './answer/suggest.js'
export { type AmbiguityWitnessOptions, type Witness, witness } from './answer/witness.js'
export type { Dictionary, FieldSpace, Region, ScalarFunctions } from './dictionary/dictionary.js'
export { fieldTexts, readableFields, type TextOptions } from './dictionary/field-text.js'
export { type Functions, functionFields, givenFields } from './dictionary/given.js'
export { affineFields, constants, linearFields, polynomials } from './dictionary/polynomial.js'
export { trigonometric } from './dictionary/trigonometric.js'
export { union } from './dictionary/union.js'
export { evaluateFields, fieldJacobians, type VectorFields } from './dictionary/vector-fields.js'
export type { AlgebraError } from './errors.js'
export {
  type DegreeAnswer,
  type EquivarianceOptions,
  equivarianceFields,
  equivariancesByDegree
} from './fields/equivariances.js'
export type { FieldOptions } from './fields/options.js'
export type { Fields } from './fields/result.js'
export { type FiniteImitators, finiteImitators, type Imitation } from './finite/finite-imitators.js'
export { type LinearMap, linearSymmetries } from './finite/linear-symmetries.js'
export {
  kernelSymmetries,
  type MechanismSymmetryOptions,
  mechanismSymmetries
} from './finite/sampled-symmetries.js'
export type { SignedSymmetries, SignedSymmetryOptions } from './finite/signed-symmetries.js'
export {
  type CyclicSymmetry,
  cyclicSymmetries,
  type DihedralSymmetry,
  dihedralSymmetries,
  type TurningOptions,
  type TurningSymmetries
} from './finite/turning-symmetries.js'
export {
  type Action,
  affineAction,
  generatedElements,
  getDihedralAction,
  getProductGroup,
  getTurnAction,
  matrixAction,
  orbitUnder,
  permutationAction,
  signedPermutationAction,
  stabilizerIn
} from './groups/actions.js'
export {
  type AffineElement,
  affineElement,
  getAffineGroup,
  getEqAffineElement,
  getEqMatrix,
  getGeneralLinearGroup,
  getOrthogonalGroup,
  type InvertibleMatrix,
  invertibleMatrix,
  type OrthogonalMatrix,
  orthogonalMatrix,
  showMatrix
} from './groups/matrix-groups.js'
export {
  alternatingGroup,
  cyclicGroup,
  type DihedralElement,
  dihedralGroup,
  getCyclicGroup,
  getDihedralGroup,
  hyperoctahedralGroup,
  symmetricGroup
} from './groups/named-groups.js'
export {
  contains,
  elementsOf,
  orbitOfPoint,
  type PermutationGroup,
  permutationGroup,
  pointOrbits,
  pointStabilizer,
  randomElement
} from './groups/permutation-group.js'
export {
  composeSigned,
  eqSignedPermutation,
  getSignedPermutationGroup,
  identitySignedPermutation,
  inverseSigned,
  type SignedPermutation,
  showSignedPermutation,
  signedFromPoints,
  signedPermutation,
  signedPermutationMatrix,
  signedToPoints
} from './groups/signed-permutation.js'
export { type AdditiveClassOptions, additiveClass } from './imitators/additive-class.js'
export {
  affineClass,
  diagonalClass,
  type Family,
  finiteClass,
  type HypothesisClass,
  knownClass,
  linearClass,
  type Member,
  memberOf,
  orthogonalClass,
  parametricClass,
  polynomialClass,
  spanned,
  translationClass
} from './imitators/hypothesis-class.js'
export { type ImitatorFields, imitatorFields } from './imitators/imitators.js'
export {
  type AffineCommutant,
  type AffineField,
  type AffineMap,
  affineCommutant
} from './linear/affine-commutant.js'
export type { Units } from './linear/balancing.js'
export { commutant, type MatrixAlgebra } from './linear/commutant.js'
export type { CommutantOptions } from './linear/commutant-options.js'
export { type LinearGaussian, linearGaussianFields } from './linear/linear-gaussian.js'
export type { DivisionType } from './linear/primitive-idempotents.js'
export {
  type AlgebraStructure,
  algebraStructure,
  type IndecomposableBlock,
  type SimpleFactor
} from './linear/structure.js'
export { type AlgebraSupport, algebraSupport } from './linear/support.js'
export { kernelEquivarianceFields } from './stochastic/equivariances.js'
