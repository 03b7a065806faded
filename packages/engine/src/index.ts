export type {
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
