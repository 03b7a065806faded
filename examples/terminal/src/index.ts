export { comparisonRows, type PublishedScores } from './comparison-table.js'
export { engineCalled } from './engines.js'
export {
  type Experiment,
  type Outcome,
  runExperiment,
  type StageScore,
  stageRows
} from './experiment.js'
export {
  helpText,
  type OptionSpec,
  type OptionSpecs,
  type OptionValues,
  parseOptions,
  readOptions,
  required,
  resultOptions,
  trainingOptions,
  type UsageError
} from './options.js'
export { failWith, harmless, orFail, type ProgressBar, progressBar, say, table } from './output.js'
export { problemExperiment } from './problem-experiment.js'
export { hasRandomGraph, problemCalled, problemOptions } from './problems.js'
export { type PublishedFigure, publishedFigure, publishedProblems } from './published.js'
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
export { prepareFolder, writeJson, writeReport, writeText } from './result-folder.js'
export { type SearchProgress, searchProgress } from './search-progress.js'
export { finished, trainWithProgress } from './training.js'
export { lastUnmixed, straighteningLines } from './unmixing-lines.js'
