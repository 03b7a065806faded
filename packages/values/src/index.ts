export {
  checkFinite,
  checkShape,
  columnOf,
  entryCount,
  entryPlace,
  firstNotFinite,
  type RealArray,
  type Reals,
  type Samples,
  showShape,
  takeColumns,
  takeRows
} from './arrays.js'
export { type CausalGraph, type EdgeTable, type NotBinary, notBinary } from './causal-graph.js'
export { closestWord } from './closest-word.js'
export {
  type Aborted,
  aborted,
  type DefinitionThrew,
  type Degenerate,
  definitionThrew,
  degenerate,
  type EntryPlace,
  type Expectation,
  expectation,
  type InvalidOption,
  invalidOption,
  type NotFinite,
  type NotInvertible,
  type NotWritable,
  notFinite,
  notInvertible,
  notWritable,
  reasonOf,
  type SearchLimit,
  type ShapeMismatch,
  searchLimit,
  shapeMismatch,
  showError,
  type Tagged,
  type TooFewRows,
  type TooLarge,
  tagged,
  tooFewRows,
  tooLarge,
  type UnknownName,
  unknownName
} from './errors.js'
export type { ExampleSource } from './example-source.js'
export { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './half-precision.js'
export { orThrow } from './or-throw.js'
export { checkPermutation, type NotPermutation, notPermutation } from './permutations.js'
export { checkStandardization, type Standardization } from './standardization.js'
export { escapeMarkup, markupElement, printable, printableLines } from './text.js'
