export type { Configuration, GateKind, OptimizerChoice, Sparsity } from './configuration/configuration.js'
export { type ModelShape, possibleEdges } from './configuration/model-shape.js'
export { type PresetName, preset, presetNames, withFrames, withSteps } from './configuration/presets.js'
export {
  type DistillationSchedule,
  isStaged,
  type Recipe,
  type Refinement,
  recipeSteps,
  type StagedConfiguration,
  type Straightening,
  type WithoutSharpening
} from './configuration/staged-configuration.js'
export { checkConfiguration, checkTraining } from './configuration/validation.js'
export { type TransitionVariance, varianceOf, withVariance } from './configuration/variance.js'
export { encoderFunction, type InputColumn, type InputFrames } from './encoding/encoder-function.js'
export { decodeRows, encodeRows, posteriorRows, type RowReader } from './encoding/inference.js'
export { type NoiseFloor, noiseFloor } from './encoding/noise-floor.js'
export { type PosteriorCovariances, posteriorCovariances } from './encoding/posterior-covariances.js'
export { encodePrecisely, latentRows } from './encoding/precise-encoding.js'
export { unusedLatents } from './encoding/unused-latents.js'
export { eagerEngine } from './engines/eager-engine.js'
export type { EngineName, EngineOptions } from './engines/engine-options.js'
export { engineNames, engineOver, findEngine } from './engines/find-engine.js'
export type {
  CheckpointMismatch,
  DataUnavailable,
  Diverged,
  EstimatorError,
  FileUnusable,
  UnmixingFailed
} from './errors.js'
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
  type Autoencoder,
  type CoderConfiguration,
  decode,
  encode,
  initialAutoencoder,
  misfit as coderMisfit,
  type TrainedAutoencoder
} from './model/autoencoder.js'
export { type DiagonalGaussian, divergence as klDivergence, reparametrize, rowsOf } from './model/gaussian.js'
export {
  type EdgeProbabilities,
  edgeProbabilities,
  learnedGraph,
  type Model,
  undecidedEdges
} from './model/model.js'
export { type LoadedModel, loadModel, modelBytes, saveModel } from './model/model-file.js'
export { initialParameters } from './model/parameters.js'
export { type FrameNetworks, type FrameSize, frameNetworks } from './networks/frame-networks.js'
export { initialBlocks, type NetworkSize, separateBlocks } from './networks/perceptrons.js'
export { type Products, productsFor } from './networks/products.js'
export {
  type HeldOutObjective,
  type HeldOutOptions,
  heldOutObjective
} from './objective/held-out-objective.js'
export { adam, muon, sgd } from './optimizer/alias.js'
export type { GradientTransformation, UpdateContext } from './optimizer/base.js'
export { chain, flattened, partition } from './optimizer/combine.js'
export { baseOptimizer as configuredOptimizer } from './optimizer/configured.js'
export {
  type AdamOptions,
  clipByGlobalNorm,
  orthogonalize,
  scale,
  scaleByAdam,
  scaleByLearningRate,
  trace
} from './optimizer/transform.js'
export { type Distillation, distil } from './stages/distillation.js'
export { type EncodedExamples, encodeExamples } from './stages/encoded-examples.js'
export { type CodeMap, foldMap } from './stages/fold-map.js'
export type { StageName, StageResult } from './stages/stage.js'
export { unmixedModel } from './stages/unmixed-model.js'
export { tensor } from './tensors/tensor-reading.js'
export { type Progress, type Trained, type TrainingOptions, train } from './train.js'
export { type Batches, batches } from './training/batches.js'
export { firstCarry, parametersOf, updated as updatedCarry } from './training/carry.js'
export { dataFingerprint } from './training/data-fingerprint.js'
export { differentiate, type Objective } from './training/differentiate.js'
export { curve, type History, type HistoryTerm, historyTerms } from './training/history.js'
export { initialCarry } from './training/initial-carry.js'
export { rateFactor } from './training/schedule.js'
export { edgeBound } from './training/sparsity-schedule.js'
export {
  type RunOptions,
  type RunResult,
  runTraining,
  type StepFeeds,
  type Trainable
} from './training/training-loop.js'
export { trainingStep } from './training/training-step.js'
export {
  chooseVariance,
  type VarianceChoice,
  type VarianceChoiceOptions
} from './training/variance-choice.js'
