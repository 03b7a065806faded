export { compile } from './compile.js'
export { type CompiledFunction, compileFunction } from './compile-function.js'
export { type OnnxEncoder, type OnnxEncoderOptions, openEncoder } from './encoder/open-encoder.js'
export type { ModelPort } from './encoder/ports.js'
export { type CompiledEngineOptions, compiled, compiledEngine } from './engine/compiled-engine.js'
export type {
  BatchDependent,
  CarryMismatch,
  CompilerError,
  Disposed,
  MissingFeed,
  ModelUnreadable,
  ProviderUnavailable,
  RuntimeFailed,
  TraceFailed,
  UnsteadyCodes,
  UnsupportedAttribute,
  UnsupportedKernel,
  ValueRead,
  WrongDtype
} from './errors.js'
export { type ExportOptions, exportOnnx, onnxOpset, writeOnnx } from './export-onnx.js'
export { type KernelSupport, supportTable } from './kernels/index.js'
export type { Provider, RuntimeOptions } from './runtime/onnx-runtime.js'
export type { CompiledSession } from './runtime/session.js'
export type { StepSignature, TensorFunction, TensorSpec, TensorSpecs } from './step-function.js'
