/** How an array lies in a file's bytes, and the way from those bytes to numbers and back. */
import { entryCount, fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from '@mechid/values'
import { swapBytes } from './byte-order.js'
import { type ElementType, elements, hostIsLittleEndian, type NumericData } from './element-type.js'
import { elementTypeOf, type NumericArray } from './numeric-array.js'

export interface Layout {
  readonly dtype: ElementType
  readonly bigEndian: boolean
  /** Column-major: the first axis varies fastest. */
  readonly fortran: boolean
  readonly shape: readonly number[]
}

/** Bytes the whole array takes in the file. */
export const layoutBytes = (layout: Layout): number => entryCount(layout.shape) * elements[layout.dtype].bytes

/** Whether the file's elements, one by one, are those of `data` as this machine keeps them. */
export const isDirect = (layout: Layout, data: NumericData): boolean => {
  const { stored, bytes } = elements[layout.dtype]
  return data instanceof stored && (bytes === 1 || layout.bigEndian !== hostIsLittleEndian)
}

/** Whether row-major and column-major order are the same for this shape. */
export const isRowMajor = (layout: Layout): boolean =>
  !layout.fortran || layout.shape.filter((n) => n > 1).length < 2

/** The bytes under a typed array. */
export const bytesOf = (data: NumericData): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/**
 * Writes the numbers that `block` holds, as in the file, into `out[at…]`. `block` is overwritten; it holds whole
 * elements and is aligned to them. `out` is what the element type is kept in, or floats, which take any type.
 */
export const decodeBlock = (layout: Layout, block: Uint8Array, out: NumericData, at: number): void => {
  const { stored, bytes } = elements[layout.dtype]
  if (layout.bigEndian === hostIsLittleEndian) swapBytes(block, bytes)
  const patterns = new stored(block.buffer, block.byteOffset, block.length / bytes)
  if (layout.dtype === 'float16') fromFloat16(patterns as Uint16Array, out as Float32Array, at)
  else if (layout.dtype === 'bfloat16') fromBfloat16(patterns as Uint16Array, out as Float32Array, at)
  else if (patterns instanceof BigInt64Array || patterns instanceof BigUint64Array) {
    if (out instanceof BigInt64Array || out instanceof BigUint64Array) out.set(patterns, at)
    else for (let i = 0; i < patterns.length; i++) out[at + i] = Number(patterns[i])
  } else (out as Float64Array).set(patterns, at)
}

/**
 * Column-major arrays are runs along the first axis, one for each place within a row. The place within a
 * row-major row of run number `run`.
 */
export const placeInRow = (shape: readonly number[], run: number): number => {
  let rest = run
  let place = 0
  let stride = 1
  for (let axis = 1; axis < shape.length; axis++) stride *= shape[axis]
  for (let axis = 1; axis < shape.length; axis++) {
    stride /= shape[axis]
    place += (rest % shape[axis]) * stride
    rest = Math.floor(rest / shape[axis])
  }
  return place
}

/** Puts `values`, the elements number `first`, `first` + 1, … of a column-major array, where they belong in `out`. */
export const scatterFortran = (
  shape: readonly number[],
  values: NumericData,
  first: number,
  out: NumericData
): void => {
  const rows = shape[0]
  const rowSize = entryCount(shape.slice(1))
  const target = out as Float64Array
  for (let i = 0; i < values.length; ) {
    const run = Math.floor((first + i) / rows)
    let row = (first + i) % rows
    const inRow = placeInRow(shape, run)
    const end = Math.min(values.length, i + rows - row)
    for (; i < end; i++, row++) target[row * rowSize + inRow] = (values as Float64Array)[i]
  }
}

const BLOCK_ELEMENTS = 1 << 17

const encodeBlock = (dtype: ElementType, data: NumericData, at: number, length: number): NumericData => {
  const out = new elements[dtype].stored(length)
  if (dtype === 'float16') toFloat16(data as Float32Array, at, out as Uint16Array)
  else if (dtype === 'bfloat16') toBfloat16(data as Float32Array, at, out as Uint16Array)
  else if (dtype === 'bool') for (let i = 0; i < length; i++) out[i] = data[at + i] === 0 ? 0 : 1
  else (out as Float64Array).set(data.subarray(at, at + length) as Float64Array)
  return out
}

/**
 * The array as little-endian, row-major bytes, in blocks; views of its own memory where that is what it holds.
 * The array has been checked.
 */
export function* encode(array: NumericArray): Generator<Uint8Array> {
  const dtype = elementTypeOf(array) as ElementType
  const layout: Layout = { dtype, bigEndian: false, fortran: false, shape: array.shape }
  const whole = isDirect(layout, array.data) && dtype !== 'bool'
  for (let at = 0; at < array.data.length; at += BLOCK_ELEMENTS) {
    const length = Math.min(BLOCK_ELEMENTS, array.data.length - at)
    if (whole) yield bytesOf(array.data.subarray(at, at + length))
    else {
      const block = bytesOf(encodeBlock(dtype, array.data, at, length))
      if (!hostIsLittleEndian) swapBytes(block, elements[dtype].bytes)
      yield block
    }
  }
}
