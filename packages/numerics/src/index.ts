export {
  columnsOf,
  combine,
  type Dense,
  frobenius,
  identityMatrix,
  innerProduct,
  multiply,
  ofRows,
  type Rows,
  scaled,
  squareFromRows,
  stacked,
  tabulated,
  timesVector,
  toRows,
  traceOfProduct,
  transposed,
  vectorOf,
  weightedSum,
  zeros
} from './dense.js'
export { type NumericsError, type Undecided, undecided } from './errors.js'
export {
  type Cholesky,
  cholesky,
  extendFactor,
  factorInPlace,
  type GrowingFactor,
  growingFactor,
  halfLogDeterminant,
  inverseOfFactor,
  solveBothSides,
  solveInPlace,
  solveLower,
  solveShifted,
  solveTransposed,
  solveUpper,
  solveWithFactor
} from './factors/cholesky.js'
export { backSubstitute, type PivotedQr, pivotedQr, qrRank, thinQ } from './factors/householder.js'
export { orthogonalComplement, orthonormalRows, randomRotation } from './factors/orthonormal.js'
export { innerProducts, largeProduct } from './products/panel-products.js'
export { type ProductPass, type WeightedProduct, weightedProducts } from './products/weighted-products.js'
export { type NullSpace, nullSpace } from './ranks/null-space.js'
export {
  decideRank,
  NEEDED_GAP,
  type RankDecision,
  type RankRule,
  roundingLevel
} from './ranks/rank-decision.js'
export { type Complex, clusters, eigenvalues, symmetricEigen } from './spectra/eigenvalues.js'
export {
  areColumnsApart,
  invertibility,
  polarFactor,
  type RightSvd,
  rightSvd,
  singularValues
} from './spectra/singular-values.js'
export { type SpectralBlock, spectralBlocks } from './spectra/spectral-blocks.js'
export { symmetricEigenvalues } from './spectra/symmetric-eigenvalues.js'
export { matrixExponential } from './systems/exponential.js'
export { inverse, invertInto, logAbsDeterminant } from './systems/inverse.js'
export { leastSquares } from './systems/least-squares.js'
export {
  type LeastSquaresMinimum,
  nonlinearLeastSquares,
  type Residuals
} from './systems/levenberg-marquardt.js'
export { solve } from './systems/solve.js'
