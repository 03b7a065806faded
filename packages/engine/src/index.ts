export type {
  DeviceTraits,
  Engine,
  EngineOffer,
  EngineSession,
  HostTensor,
  HostTensors,
  NamedTensors,
  StepFunction,
  StepResult
} from './contract.js'
export {
  type EngineError,
  type EngineFailed,
  type EngineUnavailable,
  engineFailed,
  engineUnavailable
} from './errors.js'
export { prefixed, withoutPrefix } from './prefixes.js'
