/** Reads whole arrays out of bytes: one allocation for the result, one small block where a conversion is needed. */
import { entryCount } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type DataConstructor, elements, type NumericData } from '../arrays/element-type.js'
import { bytesOf, decodeBlock, isDirect, isRowMajor, type Layout, scatterFortran } from '../arrays/layout.js'
import type { NumericArray } from '../arrays/numeric-array.js'
import { type Place, tooManyBytes } from '../errors.js'
import type { ByteSource } from './byte-source.js'
import { freeMemory, LONGEST_ARRAY, totalMemory } from './memory.js'
import type { Outcome } from './open-file.js'

export interface ReadOptions {
  /**
   * The most bytes that the numbers of one file may take in memory; a file with more is `TooLarge`. By default the
   * memory of the machine or of the container.
   */
  readonly memoryLimit?: number
}

/** The limit that applies, in bytes. */
export const memoryLimit = (options: ReadOptions): number => options.memoryLimit ?? totalMemory()

/** Memory for an array, and what to do where that is too little. */
export interface Room {
  /** Bytes. */
  readonly limit: number
  readonly remedy: string
}

/** Memory for `length` numbers, or `TooLarge`. */
const allocate = (
  place: Place,
  kept: DataConstructor,
  length: number,
  { limit, remedy }: Room
): Outcome<NumericData> => {
  const width = new kept(0).BYTES_PER_ELEMENT
  const bytes = length * width
  const most = Math.min(limit, LONGEST_ARRAY * width)
  if (bytes > most) return E.left(tooManyBytes(place, bytes, most, remedy))
  return E.tryCatch(
    () => new kept(length),
    () => tooManyBytes(place, bytes, freeMemory(), remedy)
  )
}

const BLOCK_BYTES = 1 << 20

/** The array that `source` holds from where it stands, laid out as told. */
export const readArray = async (
  source: ByteSource,
  layout: Layout,
  room: Room
): Promise<Outcome<NumericArray>> => {
  const { kept, bytes } = elements[layout.dtype]
  const total = entryCount(layout.shape)
  const allocated = allocate(source.place, kept, total, room)
  if (E.isLeft(allocated)) return allocated
  const data = allocated.right
  const array = { data, shape: layout.shape, ...storedMark(layout) }
  if (isDirect(layout, data) && isRowMajor(layout)) {
    return E.map(() => array)(await source.fill(bytesOf(data)))
  }
  const block = new Uint8Array(Math.min(BLOCK_BYTES, total * bytes))
  const decoded = isRowMajor(layout) ? undefined : new kept(block.length / bytes)
  for (let at = 0; at < total; ) {
    const length = Math.min(block.length / bytes, total - at)
    const part = block.subarray(0, length * bytes)
    const filled = await source.fill(part)
    if (E.isLeft(filled)) return filled
    if (decoded === undefined) decodeBlock(layout, part, data, at)
    else {
      decodeBlock(layout, part, decoded, 0)
      scatterFortran(layout.shape, decoded.subarray(0, length), at, data)
    }
    at += length
  }
  return E.right(array)
}

const storedMark = ({ dtype }: Layout): Pick<NumericArray, 'stored'> =>
  dtype === 'bool' || dtype === 'float16' || dtype === 'bfloat16' ? { stored: dtype } : {}
