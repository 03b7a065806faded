export type { ReadOptions } from './array-bytes.js'
export type { ArrayReader } from './array-reader.js'
export { checkWritable, writeFileAtomically } from './atomic-write.js'
export { type NumericTable, readCsv, writeCsv } from './csv.js'
export { type CsvBlock, type CsvExtent, scanCsv } from './csv-rows.js'
export { type CsvWriter, csvWriter } from './csv-writer.js'
export type { ElementType, NumericData } from './element-type.js'
export { type FileError, missingEntry, type Place } from './errors.js'
export { openNpy, readNpy, writeNpy } from './npy.js'
export { type NpyWriter, npyWriter } from './npy-writer.js'
export { openNpz, readNpz, readNpzNames, writeNpz } from './npz.js'
export { type NpzWriter, npzWriter } from './npz-writer.js'
export {
  asFloat32,
  asFloat64,
  eqNumericArray,
  firstNonFinite,
  type NonFinite,
  type NumericArray,
  numericArray
} from './numeric-array.js'
export type { Revision, RowLayout } from './row-store.js'
export { readSafetensors, type Tensors, writeSafetensors } from './safetensors.js'
