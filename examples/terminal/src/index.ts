export { comparisonRows, type PublishedScores } from './comparison-table.js'
export { engineCalled } from './engines.js'
export {
  type Experiment,
  type ExperimentData,
  type ExperimentError,
  experimentData,
  type Outcome,
  runExperiment,
  STAGE_ROWS,
  type StageScore,
  stageRows,
  type Watch
} from './experiment.js'
export type { GraphSeeds } from './graph-content.js'
export { type ChoiceOptions, type LatentRange, latentRange, latentsChosen } from './latent-choice.js'
export { leftOut, methodCalled, methodNames, methodsIn, whyNot } from './methods.js'
export {
  helpText,
  type OptionSpec,
  type OptionSpecs,
  type OptionValues,
  parseOptions,
  readOptions,
  required,
  resultOptions,
  suggestion,
  trainingOptions,
  type UsageError
} from './options.js'
export { duration, failWith, orFail, type ProgressBar, progressBar, say, table } from './output.js'
export { type Bound, problemExperiment } from './problem-experiment.js'
export { problemLatents } from './problem-latents.js'
export { runOnce, watchRun } from './problem-run.js'
export { findProblem, hasRandomGraph, problemCalled, problemOptions } from './problems.js'
export { type Published, type PublishedFigure, publishedFigure, publishedProblems } from './published.js'
export {
  contradiction,
  filesOf,
  keepInputs,
  nameOf,
  type RecordingValues,
  recordingOptions,
  selectedBy
} from './recording-options.js'
export { type Run, reportContent } from './report-content.js'
export { keptJson, prepareFolder, writeJson, writeReport, writeText } from './result-folder.js'
export { csvOf } from './run-csv.js'
export {
  areSeveral,
  finishedRun,
  methodTitle,
  predictionOf,
  problemTitle,
  type RunRecord,
  remarks,
  runName,
  runTitle,
  type Settings,
  secondsOf,
  summaryRows
} from './run-records.js'
export { type CausePair, type LatentPair, type RunVerdict, verdictInWords } from './run-verdict.js'
export { type SearchProgress, searchProgress } from './search-progress.js'
export { interruptible, onFirstSignal, orInterrupted } from './signals.js'
export { finished, trainWithProgress } from './training.js'
export { lastUnmixed, straighteningLines } from './unmixing-lines.js'
export { unusedSentence } from './unused-sentence.js'
