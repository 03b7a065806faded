/** Rows of one array, appended to an open file in blocks, then looked at, changed or copied from there. */
import { entryCount, invalidOption, orThrow, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type ElementType, elements, type NumericData } from '../arrays/element-type.js'
import { decodeBlock, encode, type Layout } from '../arrays/layout.js'
import { LARGEST_RANK, type NumericArray } from '../arrays/numeric-array.js'
import { type Place, showPlace } from '../errors.js'
import { type Outcome, readAt } from '../reading/open-file.js'
import { writeBytes } from './atomic-write.js'
import type { WritableFile } from './writable-file.js'
import type { Stopped } from './write-steps.js'

/** The type and shape of an array's rows. */
export interface RowLayout {
  /** The elements' type in the file. */
  readonly dtype: ElementType
  /** The shape of one row: [] for an array of rank 1, [20] for [n, 20]. */
  readonly rowShape: readonly number[]
}

/** Is given a block of rows and the number of its first row, and may change it in place; true: write the block back. */
export type Revision = (block: NumericData, firstRow: number) => boolean

export interface RowStore {
  readonly layout: RowLayout
  /** Rows so far. */
  readonly rows: () => number
  readonly append: (data: NumericData) => Promise<Outcome<void>>
  readonly revise: (change: Revision, stopped: Stopped) => Promise<Outcome<void>>
  /** All rows' bytes as they lie in the file; throws if they cannot be read, or when stopped. */
  readonly blocks: (stopped: Stopped) => AsyncGenerator<Uint8Array>
}

const BLOCK_BYTES = 1 << 20

const isFloats = (data: NumericData): data is Float32Array | Float64Array =>
  data instanceof Float32Array || data instanceof Float64Array

/** The numbers as the array's type is kept in memory: floats become floats of the other width, no more. */
const asKept = (dtype: ElementType, data: NumericData): NumericData | undefined => {
  const { kept } = elements[dtype]
  if (data instanceof kept) return data
  const floating = kept === Float32Array || kept === Float64Array
  if (!floating || !isFloats(data)) return undefined
  return kept === Float32Array ? new Float32Array(data) : new Float64Array(data)
}

const storedArray = (dtype: ElementType, data: NumericData): NumericArray => ({
  data,
  shape: [data.length],
  ...(dtype === 'bool' || dtype === 'float16' || dtype === 'bfloat16' ? { stored: dtype } : {})
})

/** A store's place in its file, and its rows so far. */
interface Kept {
  readonly place: Place
  readonly file: WritableFile
  readonly layout: RowLayout
  /** Where the first element lies. */
  readonly start: number
  rows: number
}

const rowSizeOf = ({ layout }: Kept): number => entryCount(layout.rowShape)

const write = async (kept: Kept, data: NumericData, firstRow: number): Promise<Outcome<void>> => {
  const { place, file, layout, start } = kept
  let position = start + firstRow * rowSizeOf(kept) * elements[layout.dtype].bytes
  for (const block of encode(storedArray(layout.dtype, data))) {
    const written = await writeBytes(place.path, file, block, position)
    if (E.isLeft(written)) return written
    position += block.length
  }
  return E.right(undefined)
}

const append = async (kept: Kept, data: NumericData): Promise<Outcome<void>> => {
  const { dtype, rowShape } = kept.layout
  const where = showPlace(kept.place)
  const rowSize = rowSizeOf(kept)
  const numbers = asKept(dtype, data)
  if (numbers === undefined) {
    const expected = `${elements[dtype].kept.name} for rows of ${dtype}`
    return E.left(invalidOption(where, 'the array of rows', data[Symbol.toStringTag], expected))
  }
  if (numbers.length % rowSize !== 0) {
    const expected = `whole rows of shape ${showShape(rowShape)}`
    return E.left(shapeMismatch(where, 'the array of rows', `${numbers.length} numbers`, expected))
  }
  const written = await write(kept, numbers, kept.rows)
  if (E.isRight(written)) kept.rows += numbers.length / rowSize
  return written
}

/** Rows as they lie in the file, about a mebibyte of them. */
interface RawBlock {
  readonly bytes: Uint8Array
  readonly firstRow: number
}

/** Reads block after block, until the last, an error or a stop. */
async function* rawBlocks(kept: Kept, stopped: Stopped): AsyncGenerator<Outcome<RawBlock>> {
  const { place, file, layout, start, rows } = kept
  const rowBytes = rowSizeOf(kept) * elements[layout.dtype].bytes
  const blockRows = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes))
  const region = { place, file, start, length: rows * rowBytes }
  for (let firstRow = 0; firstRow < rows; firstRow += blockRows) {
    const bytes = new Uint8Array(Math.min(blockRows, rows - firstRow) * rowBytes)
    const reason = stopped()
    const read = reason === undefined ? await readAt(region, bytes, firstRow * rowBytes) : E.left(reason)
    yield E.map(() => ({ bytes, firstRow }))(read)
  }
}

const revise = async (kept: Kept, change: Revision, stopped: Stopped): Promise<Outcome<void>> => {
  const { dtype } = kept.layout
  const layout: Layout = { dtype, bigEndian: false, fortran: false, shape: [] }
  const element = elements[dtype]
  for await (const block of rawBlocks(kept, stopped)) {
    if (E.isLeft(block)) return block
    const { bytes, firstRow } = block.right
    const numbers = new element.kept(bytes.length / element.bytes)
    decodeBlock(layout, bytes, numbers, 0)
    if (!change(numbers, firstRow)) continue
    const written = await write(kept, numbers, firstRow)
    if (E.isLeft(written)) return written
  }
  return E.right(undefined)
}

/** A store whose first element lies at `start` of the file. The layout has been checked. */
export const rowStore = (place: Place, file: WritableFile, layout: RowLayout, start: number): RowStore => {
  const kept: Kept = { place, file, layout, start, rows: 0 }
  return {
    layout,
    rows: () => kept.rows,
    append: (data) => append(kept, data),
    revise: (change, stopped) => revise(kept, change, stopped),
    blocks: async function* (stopped) {
      for await (const block of rawBlocks(kept, stopped)) {
        yield orThrow(block).bytes
      }
    }
  }
}

/** Bytes all rows take in a file. */
export const storedBytes = (store: RowStore): number =>
  store.rows() * entryCount(store.layout.rowShape) * elements[store.layout.dtype].bytes

/** The array's shape as it stands. */
export const storedShape = (store: RowStore): readonly number[] => [store.rows(), ...store.layout.rowShape]

/** The layout itself if NumPy can hold such an array. */
export const checkRowShape = (place: Place, { rowShape }: RowLayout): Outcome<void> => {
  const most = LARGEST_RANK - 1
  const sound = rowShape.length <= most && rowShape.every((n) => Number.isSafeInteger(n) && n >= 1)
  if (sound) return E.right(undefined)
  const expected = `at most ${most} lengths, each an integer of at least 1`
  return E.left(shapeMismatch(showPlace(place), 'rowShape', showShape(rowShape), expected))
}
