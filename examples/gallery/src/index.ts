export { type Analysis, analyse, type Backed, remedyText, type Verdict } from './analysis.js'
export { type CatalogueOptions, catalogue } from './catalogue.js'
export { type Entry, type EntryGroup, ofGraph, ofKernel } from './entry.js'
export { waveKernel } from './kernels.js'
export {
  blocksText,
  conclusion,
  influenceTone,
  influenceWords,
  promiseWords,
  reasonText,
  remedyCount,
  type Tone,
  verdictWords,
  type Words,
  witnessWords
} from './words.js'
