export type { ElementType, NumericData } from './arrays/element-type.js'
export {
  asFloat32,
  asFloat64,
  eqNumericArray,
  firstNonFinite,
  type NonFinite,
  type NumericArray,
  numericArray
} from './arrays/numeric-array.js'
export { csvBytes, type NumericTable, readCsv, writeCsv } from './csv/csv.js'
export { type CsvBlock, type CsvExtent, scanCsv } from './csv/csv-rows.js'
export { type CsvWriter, csvWriter } from './csv/csv-writer.js'
export { type ColumnTable, readTable, type TableOptions } from './csv/table.js'
export type { Levels, NumberColumn, TextColumn } from './csv/table-column.js'
export type { TableFormat } from './csv/table-format.js'
export { type FileError, missingEntry, type Place } from './errors.js'
export { npyBytes, openNpy, readNpy, writeNpy } from './npy/npy.js'
export { type NpyWriter, npyWriter } from './npy/npy-writer.js'
export { npzBytes, openNpz, readNpz, readNpzNames, writeNpz } from './npz/npz.js'
export { type NpzWriter, npzWriter } from './npz/npz-writer.js'
export type { ReadOptions } from './reading/array-bytes.js'
export type { ArrayReader } from './reading/array-reader.js'
export { type ChunkCache, chunkCache } from './reading/chunk-cache.js'
export { type FileInput, inputName } from './reading/file-input.js'
export {
  readSafetensors,
  safetensorsBytes,
  type Tensors,
  writeSafetensors
} from './safetensors/safetensors.js'
export { writeFileAtomically } from './writing/atomic-write.js'
export { checkWritable } from './writing/drafts.js'
export type { Revision, RowLayout } from './writing/row-store.js'
