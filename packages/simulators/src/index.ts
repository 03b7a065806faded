export {
  type DataSet,
  type DataShape,
  dataSet,
  dataShape,
  type Frames,
  linesOf,
  subset
} from './data-set/data-set.js'
export { oneHot } from './data-set/one-hot.js'
export { type ReadDataSetOptions, readDataSet } from './data-set/read-data-set.js'
export type { ArrayShapes } from './data-set/shape-checks.js'
export { type Split, splitRows } from './data-set/split-rows.js'
export { standardizationOf, standardize } from './data-set/standardization.js'
export { writeDataSet } from './data-set/write-data-set.js'
export type { SimulatorError } from './errors.js'
export { type CustomMixing, customMixing } from './mixing/custom-mixing.js'
export { type DenseMixing, linearMixing, nnMixing } from './mixing/dense-mixing.js'
export { checkInjective, type InjectivityReport } from './mixing/injectivity.js'
export type { Mixing, MixingOptions } from './mixing/mixing.js'
export { type PolynomialOptions, polynomialMixing } from './mixing/polynomial-mixing.js'
export { type Simulation, type SimulationOptions, simulate } from './simulation/simulate.js'
export {
  type FileSimulation,
  type FileSimulationOptions,
  type SimulationProgress,
  simulateToFile
} from './simulation/simulate-to-file.js'
export {
  type ExampleOptions,
  exampleSource,
  type MemorySource
} from './sources/example-source.js'
export { type FileSource, type FileSourceOptions, fileSource } from './sources/file-source.js'
export { type OpenOptions, openDataSet, type RowRoom, type StoredDataSet } from './stored/stored-data-set.js'
