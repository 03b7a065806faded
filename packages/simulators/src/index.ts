export {
  type DataSet,
  type DataShape,
  dataSet,
  dataShape,
  type Frames,
  linesOf,
  takeRows
} from './data-set.js'
export { message, orThrow, type SimulatorError, showSimulatorError } from './errors.js'
export { type ExampleSource, exampleSource, type Split, splitRows } from './example-source.js'
export { checkInjective, type InjectivityReport } from './injectivity.js'
export {
  type CustomMixing,
  customMixing,
  type DenseMixing,
  linearMixing,
  type Mixing,
  type MixingOptions,
  nnMixing
} from './mixing.js'
export { type PolynomialOptions, polynomialMixing } from './polynomial-mixing.js'
export { oneHot, type ReadOptions, readDataSet } from './read-data-set.js'
export { type Simulation, type SimulationOptions, simulate } from './simulate.js'
export { type Standardization, standardizationOf, standardize } from './standardization.js'
