export type { Autoencoder, CoderConfiguration, ModelShape, TrainedAutoencoder } from './autoencoder.js'
export { type EngineName, engineNames, engineOver, findEngine } from './backend.js'
export { parametersOf } from './carry.js'
export type { Configuration, OptimizerChoice, Sparsity } from './configuration.js'
export { eagerEngine } from './eager-engine.js'
export type { GateKind } from './edge-gates.js'
export type {
  CheckpointMismatch,
  Diverged,
  EstimatorError,
  FileUnusable,
  UnmixingFailed
} from './errors.js'
export type { FrameNetworks } from './frame-networks.js'
export { curve, type History, type HistoryTerm, historyTerms } from './history.js'
export { decodeRows, encodeRows, posteriorRows } from './inference.js'
export { type KnownMechanismConfiguration, knownMechanismDefaults } from './known-mechanism/configuration.js'
export {
  type Dynamics,
  kernelOfClass,
  known,
  knownKernel,
  linearDynamics,
  ofClass,
  type ParametricKernel,
  type ParametricMechanism
} from './known-mechanism/dynamics.js'
export { type RestartOptions, trainWithRestarts } from './known-mechanism/restarts.js'
export {
  type KnownMechanismOptions,
  type KnownMechanismResult,
  type KnownMechanismTerm,
  trainKnownMechanism
} from './known-mechanism/train.js'
export {
  type EdgeProbabilities,
  edgeProbabilities,
  learnedGraph,
  loadModel,
  type Model,
  saveModel
} from './model.js'
export type { NetworkSize } from './networks.js'
export { adam, muon, sgd } from './optimizer/alias.js'
export type { GradientTransformation, UpdateContext } from './optimizer/base.js'
export { chain, flattened, partition } from './optimizer/combine.js'
export {
  type AdamOptions,
  clipByGlobalNorm,
  orthogonalize,
  scale,
  scaleByAdam,
  scaleByLearningRate,
  trace
} from './optimizer/transform.js'
export {
  encodePrecisely,
  type NoiseFloor,
  noiseFloor,
  type PosteriorCovariances,
  posteriorCovariances
} from './precise-encoding.js'
export { type PresetName, preset, presetNames, withSteps } from './presets.js'
export { rateFactor } from './schedule.js'
export { edgeBound } from './sparsity-constraint.js'
export { initialParameters, possibleEdges } from './sparsity-vae.js'
export { type Distillation, type DistillationSchedule, distil } from './stages/distillation.js'
export { type EncodedExamples, encodeExamples } from './stages/encoded-examples.js'
export { type CodeMap, foldMap } from './stages/fold-map.js'
export {
  isStaged,
  type Recipe,
  type Refinement,
  type StagedConfiguration
} from './stages/staged-configuration.js'
export type { StageName, StageResult } from './stages/staged-training.js'
export type { Straightening } from './stages/straightening.js'
export { unmixedModel } from './stages/unmixed-model.js'
export { tensor } from './tensor-reading.js'
export { type Progress, type Trained, type TrainingOptions, train } from './train.js'
export {
  type RunOptions,
  type RunResult,
  runTraining,
  type StepFeeds,
  type Trainable
} from './training-loop.js'
export { initialCarry, trainingStep } from './training-step.js'
export { checkConfiguration, checkTraining } from './validation.js'
