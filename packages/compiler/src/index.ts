export { compile } from './compile.js'
export { type CompiledFunction, compileFunction } from './compile-function.js'
export { type CompiledEngineOptions, compiled, compiledEngine } from './engine/compiled-engine.js'
export type { CompiledEngine, EngineError, EngineSession } from './engine/engine.js'
export { type CompilerError, message, showCompilerError } from './errors.js'
export { type ExportOptions, exportOnnx, onnxOpset, writeOnnx } from './export-onnx.js'
export { type Support, supportTable } from './kernels/index.js'
export type { Provider, RuntimeOptions } from './runtime/onnx-runtime.js'
export type { CompiledSession } from './runtime/session.js'
export type {
  HostTensor,
  HostTensors,
  NamedTensors,
  StepFunction,
  StepResult,
  StepSignature,
  TensorFunction,
  TensorSpec,
  TensorSpecs
} from './step-function.js'
