export type { ReadOptions } from './array-bytes.js'
export type { ArrayReader } from './array-reader.js'
export { checkWritable, writeFileAtomically } from './atomic-write.js'
export { readCsv, type Table, writeCsv } from './csv.js'
export type { ElementType, NumericData } from './element-type.js'
export { type FileError, message, type Place, showFileError } from './errors.js'
export { openNpy, readNpy, writeNpy } from './npy.js'
export { openNpz, readNpz, readNpzNames, writeNpz } from './npz.js'
export {
  asFloat32,
  asFloat64,
  entryCount,
  eqNumericArray,
  firstNonFinite,
  type NonFinite,
  type NumericArray,
  numericArray
} from './numeric-array.js'
export { readSafetensors, type Tensors, writeSafetensors } from './safetensors.js'
