export {
  helpText,
  type OptionSpec,
  type OptionSpecs,
  type OptionValues,
  parseOptions,
  type UsageError
} from './options.js'
export { failWith, type ProgressBar, progressBar, table } from './output.js'
export { type Comparison, compare, type Scores } from './scores.js'
export { trainWithProgress } from './training.js'
