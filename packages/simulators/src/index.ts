export {
  type DataSet,
  type DataShape,
  dataSet,
  dataShape,
  type Frames,
  linesOf,
  subset
} from './data-set.js'
export type { SimulatorError } from './errors.js'
export {
  type ExampleOptions,
  exampleSource,
  type MemorySource,
  type Split,
  splitRows
} from './example-source.js'
export { type FileSource, type FileSourceOptions, fileSource } from './file-source.js'
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
export { oneHot } from './one-hot.js'
export { type PolynomialOptions, polynomialMixing } from './polynomial-mixing.js'
export { type ReadDataSetOptions, readDataSet } from './read-data-set.js'
export type { ArrayShapes } from './shape-checks.js'
export { type Simulation, type SimulationOptions, simulate } from './simulate.js'
export {
  type FileSimulation,
  type FileSimulationOptions,
  type SimulationProgress,
  simulateToFile
} from './simulate-to-file.js'
export { standardizationOf, standardize } from './standardization.js'
export { type OpenOptions, openDataSet, type RowRoom, type StoredDataSet } from './stored-data-set.js'
export { writeDataSet } from './write-data-set.js'
