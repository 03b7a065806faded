/** The kinds of numbers that files hold, and how each is kept in memory. */

/** Typed arrays that hold a file's numbers. */
export type NumericData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array

/** An element's type as stored in the file. `float16` and `bfloat16` are kept as float32, `bool` as bytes 0 and 1. */
export type ElementType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool'

/** Makes a typed array of so many elements, or over existing bytes. */
export interface DataConstructor {
  new (length: number): NumericData
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericData
}

/** One row of the table below. */
export interface Element {
  /** Bytes an element takes in the file. */
  readonly bytes: 1 | 2 | 4 | 8
  /** NumPy's type code, without the byte order; absent where NumPy has none. */
  readonly numpy?: string
  readonly safetensors: string
  /** What it is kept in. */
  readonly kept: DataConstructor
  /** The bit pattern as stored in the file; the same as `kept` unless a conversion is needed. */
  readonly stored: DataConstructor
}

const direct = (
  numpy: string,
  safetensors: string,
  bytes: 1 | 2 | 4 | 8,
  kept: DataConstructor
): Element => ({
  bytes,
  numpy,
  safetensors,
  kept,
  stored: kept
})

export const elements: Readonly<Record<ElementType, Element>> = {
  float64: direct('f8', 'F64', 8, Float64Array),
  float32: direct('f4', 'F32', 4, Float32Array),
  float16: { bytes: 2, numpy: 'f2', safetensors: 'F16', kept: Float32Array, stored: Uint16Array },
  bfloat16: { bytes: 2, safetensors: 'BF16', kept: Float32Array, stored: Uint16Array },
  int64: direct('i8', 'I64', 8, BigInt64Array),
  int32: direct('i4', 'I32', 4, Int32Array),
  int16: direct('i2', 'I16', 2, Int16Array),
  int8: direct('i1', 'I8', 1, Int8Array),
  uint64: direct('u8', 'U64', 8, BigUint64Array),
  uint32: direct('u4', 'U32', 4, Uint32Array),
  uint16: direct('u2', 'U16', 2, Uint16Array),
  uint8: direct('u1', 'U8', 1, Uint8Array),
  bool: direct('b1', 'BOOL', 1, Uint8Array)
}

const entries = Object.entries(elements) as ReadonlyArray<[ElementType, Element]>

/** NumPy's code (`f8`) → the type. */
export const byNumpyCode: ReadonlyMap<string, ElementType> = new Map(
  entries.flatMap(([type, element]) => (element.numpy === undefined ? [] : [[element.numpy, type]]))
)

/** safetensors' name (`F64`) → the type. */
export const bySafetensorsName: ReadonlyMap<string, ElementType> = new Map(
  entries.map(([type, element]) => [element.safetensors, type])
)

/** The type a typed array is stored as by default, by the array's tag (`Float64Array`). */
export const byArrayTag: ReadonlyMap<string, ElementType> = new Map(
  entries
    .filter(([type, element]) => element.stored === element.kept && type !== 'bool')
    .map(([type, element]) => [new element.kept(0)[Symbol.toStringTag], type])
)

/** Whether this machine keeps the least significant byte first, as nearly all do. */
export const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1
