export type { ActionColumn } from './action-coding.js'
export type { ArrayNames } from './archive-recording.js'
export type { Channels, Numbers } from './channels.js'
export { type Coding, codeFeatures, type FeatureColumn, type FrameCoding, parseCoding } from './coding.js'
export { type DependentAction, dependentActions, type LinearDependence } from './dependent-actions.js'
export type { MissingValues, OtherFeatures, RecordingError, Unavailable, Unreadable } from './errors.js'
export { type FrameChoice, parseFrameChoice } from './frame-axes.js'
export type { LineRoom, LineStore } from './line-store.js'
export { heldObservations, type Observations, takeObservations } from './observations.js'
export {
  isStored,
  type OpenRecordingOptions,
  openRecording,
  type StoredRecording
} from './open-recording.js'
export { type Prepared, type PrepareError, type PrepareOptions, prepare } from './prepare.js'
export {
  codeStored,
  type PreparedStored,
  type PrepareStoredOptions,
  prepareStored
} from './prepare-stored.js'
export { type ReadRecordingOptions, readRecording } from './read-recording.js'
export type { Recording } from './recording.js'
export { selectColumns } from './selection.js'
export { placebo, type SequenceSource, sequenceSource } from './sequence-source.js'
export type { SequenceSplit, Sequences } from './sequences.js'
export type { ColumnSelections } from './table-recording.js'
