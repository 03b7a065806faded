export {
  compose,
  identity,
  iterate,
  parallel,
  randomWalk,
  stochastic,
  switchOn
} from './combinators.js'
export { type KernelDefinition, kernel, type MechanismDefinition, mechanism } from './constructors.js'
export type { Elementary } from './elementary.js'
export type { MechanismError } from './errors.js'
export { formulas, kernelFormulas } from './formulas.js'
export { causalGraph, mechanismGraph } from './graph.js'
export { isKernel, type Kernel } from './kernel.js'
export { logDensity, sampleOnce } from './kernel-density.js'
export {
  affine,
  ballistic,
  dampedOscillator,
  flow,
  harmonicOscillator,
  linear,
  lotkaVolterra,
  type Matrix,
  pendulum,
  permutation,
  rotation,
  rungeKuttaStep,
  scaling,
  translation,
  vanDerPol
} from './library.js'
export {
  type ActionDomain,
  actionDomainsOf,
  defaultActionDomain,
  type ExactFlow,
  type Mechanism,
  type VectorField
} from './mechanism.js'
export { gaussian, laplace, logistic, type Noise, uniform } from './noise.js'
export { checkNoise } from './noise-check.js'
export { type ProblemName, type ProblemOptions, problem, problemNames } from './problems.js'
export { type Column, type ColumnReading, columns } from './readings/column.js'
export {
  directional,
  gradient,
  hessian,
  jacobian,
  mechanismJacobian,
  type ScalarFunction,
  type VectorFunction
} from './readings/derivatives.js'
export { type Dual, dual } from './readings/dual.js'
export { type Expression, latex, symbol, text } from './readings/expression.js'
export { number } from './readings/number.js'
export { type Support, support } from './readings/support.js'
export { type KernelSampler, kernelSampler, type MechanismSampler, mechanismSampler } from './sampler.js'
