export { type BaselineConfiguration, baselineDefaults } from './configuration.js'
export { encodeBaseline } from './encode-baseline.js'
export type { BaselineError, NotApplicable } from './errors.js'
export { componentsOf } from './fast-ica/components.js'
export {
  type FastIcaContrast,
  type FastIcaError,
  type FastIcaOptions,
  fastIca,
  type IndependentComponents
} from './fast-ica/fast-ica.js'
export { labelledRows } from './labelled-rows.js'
export {
  type BaselineBatch,
  type BaselineContext,
  type BaselineMethod,
  checkMethod,
  type Needs
} from './method.js'
export type { AggregateSampling } from './methods/aggregate-posterior.js'
export { betaVae } from './methods/beta-vae.js'
export { randomEncoder, supervised } from './methods/bounds.js'
export { type IVaeOptions, iVae } from './methods/ivae.js'
export { type PclOptions, pcl } from './methods/pcl.js'
export { type SlowVaeOptions, slowVae } from './methods/slow-vae.js'
export { type TcVaeOptions, tcVae } from './methods/tcvae.js'
export { type BaselineOptions, type TrainedBaseline, trainBaseline } from './train-baseline.js'
