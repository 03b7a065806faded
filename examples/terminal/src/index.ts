export { engineCalled, engineChoices } from './engines.js'
export {
  type Experiment,
  type Outcome,
  runExperiment,
  type StageScore,
  stageRows,
  trueGraphs
} from './experiment.js'
export {
  commonOptions,
  helpText,
  type OptionSpec,
  type OptionSpecs,
  type OptionValues,
  parseOptions,
  readOptions,
  suggestion,
  type UsageError
} from './options.js'
export { failWith, orFail, type ProgressBar, progressBar, table } from './output.js'
export { edgeCount, hasRandomGraph, problemCalled, problemOptions } from './problems.js'
export { type PublishedFigure, publishedFigure, publishedProblems } from './published.js'
export { type Run, reportContent } from './report-content.js'
export { prepareFolder, writeJson, writeReport, writeText } from './result-folder.js'
export { type Comparison, compare, comparisonRows, type Score } from './scores.js'
export { type SearchProgress, searchProgress } from './search-progress.js'
export { withStarts } from './starts.js'
export { finished, trainWithProgress } from './training.js'
export {
  type Forecast,
  forecast,
  hiddenBy,
  lastUnmixed,
  type Promised,
  promiseOf,
  straighteningLines,
  type Verdict,
  verdictOf
} from './verdict.js'
