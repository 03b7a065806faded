/** .npz archives: named .npy arrays in a zip file, as NumPy's `savez` and `savez_compressed` write them. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { layoutBytes } from '../arrays/layout.js'
import type { NumericArray } from '../arrays/numeric-array.js'
import { badHeader, type FileError, missingEntry, notReadable } from '../errors.js'
import { npyBlocks, numpyTypeOf } from '../npy/npy.js'
import { readNpyHeader } from '../npy/npy-header.js'
import { memoryLimit, type ReadOptions, type Room, readArray } from '../reading/array-bytes.js'
import { type ArrayReader, arrayReader } from '../reading/array-reader.js'
import { type ByteSource, regionSource } from '../reading/byte-source.js'
import { type FileInput, openFile, withFile } from '../reading/file-input.js'
import { attempt, type OpenFile, type Outcome } from '../reading/open-file.js'
import { writeAtomically, writeBlocks } from '../writing/atomic-write.js'
import { joinedBytes } from '../writing/joined-bytes.js'
import { writeFailure } from '../writing/writable-file.js'
import { ARRAY_SUFFIX, type ArchiveEntry, archiveBytes, checkArrayName } from './internal/npz-archive.js'
import { checkRoom } from './internal/zip-checks.js'
import { entryRegion, entrySource, isStored, listEntries } from './internal/zip-entries.js'
import type { ZipEntry } from './internal/zip-entry.js'

const arrayName = ({ name }: ZipEntry): string => name.slice(0, -ARRAY_SUFFIX.length)

const SHOWN_ENTRIES = 5

/** The entries that are arrays. An archive of other things alone, such as of further archives, is refused. */
const arrayEntries = async (file: OpenFile): Promise<Outcome<readonly ZipEntry[]>> => {
  const entries = await listEntries(file)
  if (E.isLeft(entries)) return entries
  const arrays = entries.right.filter(({ name }) => name.endsWith(ARRAY_SUFFIX))
  if (arrays.length > 0 || entries.right.length === 0) return E.right(arrays)
  const others = entries.right.slice(0, SHOWN_ENTRIES).map(({ name }) => `"${name}"`)
  const more = entries.right.length > SHOWN_ENTRIES ? ' and others' : ''
  const expected = 'arrays, entries that end in .npy'
  return E.left(badHeader({ path: file.path }, 'what it holds', `${others.join(', ')}${more}`, expected))
}

const IN_BLOCKS = 'open it by openNpz and read it in blocks of rows'

/** What to do with an entry that does not fit in memory. */
const remedyFor = (entry: ZipEntry): string =>
  isStored(entry) ? IN_BLOCKS : `write it uncompressed (numpy.savez), ${IN_BLOCKS}`

const readEntry = async (source: ByteSource, room: Room): Promise<Outcome<NumericArray>> => {
  const header = await readNpyHeader(source)
  if (E.isLeft(header)) return header
  const array = await readArray(source, header.right.layout, room)
  if (E.isLeft(array)) return array
  const finished = await source.finish()
  return E.isLeft(finished) ? finished : array
}

/** The names of an archive's arrays, in its order. Errors: as `readNpz`. */
export const readNpzNames = (source: FileInput): TaskEither<FileError, readonly string[]> =>
  withFile(source, async (file) =>
    E.map((entries: readonly ZipEntry[]) => entries.map(arrayName))(await arrayEntries(file))
  )

/**
 * Reads arrays of an archive by name: those in `names` (default: all).
 *
 * Use it for arrays that fit in memory, compressed or not; `openNpz` reads rows of a larger one.
 *
 * Errors: those of `readNpy`, `Corrupt` for a wrong checksum, `MissingEntry` for a name that it does not hold.
 *
 * @example
 * const arrays = await readNpz('data.npz')()
 */
export const readNpz = (
  source: FileInput,
  options: ReadOptions & { readonly names?: readonly string[] } = {}
): TaskEither<FileError, Readonly<Record<string, NumericArray>>> =>
  withFile(source, async (file) => {
    const entries = await arrayEntries(file)
    if (E.isLeft(entries)) return entries
    const available = entries.right.map(arrayName)
    const missing = options.names?.find((name) => !available.includes(name))
    if (missing !== undefined) return E.left(missingEntry(file.path, 'array', missing, available))
    const limit = memoryLimit(options)
    const wanted = entries.right.filter((entry) => options.names?.includes(arrayName(entry)) ?? true)
    const room = checkRoom(file.path, wanted, limit, remedyFor)
    if (E.isLeft(room)) return room
    const arrays: [string, NumericArray][] = []
    let left = limit
    for (const entry of wanted) {
      const bytes = await entrySource(file, entry)
      if (E.isLeft(bytes)) return bytes
      const array = await readEntry(bytes.right, { limit: left, remedy: remedyFor(entry) })
      if (E.isLeft(array)) return array
      left -= array.right.data.byteLength
      arrays.push([arrayName(entry), array.right])
    }
    return E.right(Object.fromEntries(arrays))
  })

const openEntry = async (file: OpenFile, name: string): Promise<Outcome<ArrayReader>> => {
  const entries = await arrayEntries(file)
  if (E.isLeft(entries)) return entries
  const { path } = file
  const entry = entries.right.find((candidate) => arrayName(candidate) === name)
  if (entry === undefined) {
    return E.left(missingEntry(path, 'array', name, entries.right.map(arrayName)))
  }
  if (!isStored(entry)) {
    const reason = `array "${name}" is compressed, so its rows cannot be read in place; write it with numpy.savez`
    return E.left(notReadable(path, reason))
  }
  const region = await entryRegion(file, entry)
  if (E.isLeft(region)) return region
  const header = await readNpyHeader(regionSource(region.right))
  if (E.isLeft(header)) return header
  const { layout, start } = header.right
  const body = { ...region.right, start: region.right.start + start, length: region.right.length - start }
  return E.right(arrayReader(body, layout, file.close))
}

/**
 * Opens one array of an archive to read any of its rows without the rest. Close the reader when you are done.
 *
 * Use it for an array that does not fit in memory. It must be stored uncompressed, as `numpy.savez` and `writeNpz` do
 * by default. Checksums are not verified, which takes reading all of it.
 *
 * Errors: those of `openNpy`, `MissingEntry`, and `NotReadable` for a compressed array.
 */
export const openNpz =
  (source: FileInput, name: string): TaskEither<FileError, ArrayReader> =>
  async () => {
    const opened = await openFile(source)
    if (E.isLeft(opened)) return opened
    const reader = await openEntry(opened.right, name)
    if (E.isLeft(reader)) await opened.right.close()
    return reader
  }

const entriesOf = (
  path: string,
  arrays: Readonly<Record<string, NumericArray>>
): Outcome<readonly ArchiveEntry[]> => {
  const entries: ArchiveEntry[] = []
  for (const [name, array] of Object.entries(arrays)) {
    const named = checkArrayName(path, name)
    if (E.isLeft(named)) return named
    const dtype = numpyTypeOf({ path, entry: name }, array)
    if (E.isLeft(dtype)) return dtype
    const layout = { dtype: dtype.right, bigEndian: false, fortran: false, shape: array.shape }
    entries.push({ name, bytes: layoutBytes(layout), blocks: npyBlocks(array, dtype.right) })
  }
  return E.right(entries)
}

/** How an archive is written. */
export interface NpzOptions {
  /** Whether arrays are deflated. Default: no. It saves room, but such arrays can only be read whole. */
  readonly compress?: boolean
}

/**
 * The bytes of an archive with these arrays; NumPy's `load` opens it. What a page makes has at most 4 GiB.
 *
 * Use it where there is no disk, as in a page: `new Blob([bytes])` can be offered for download.
 *
 * Errors: `BadName`, `ShapeMismatch`, `InvalidOption`, `UnsupportedDtype`, `NotWritable` (too large).
 *
 * @example
 * const bytes = await npzBytes({ z: { data: new Float32Array(6), shape: [3, 2] } })()
 */
export const npzBytes =
  (
    arrays: Readonly<Record<string, NumericArray>>,
    { compress = false }: NpzOptions = {}
  ): TaskEither<FileError, Uint8Array<ArrayBuffer>> =>
  async () => {
    const entries = entriesOf('npzBytes', arrays)
    if (E.isLeft(entries)) return entries
    return attempt(
      async () => {
        const blocks: Uint8Array[] = []
        for await (const block of archiveBytes(entries.right, compress)) blocks.push(block)
        return joinedBytes(blocks)
      },
      (cause) => writeFailure('npzBytes', cause)
    )
  }

/**
 * Writes named arrays as one archive, atomically; NumPy's `load` opens it.
 *
 * Use it for arrays that belong together; `npzWriter` writes those that do not fit in memory.
 *
 * Errors: `BadName`, `ShapeMismatch`, `InvalidOption`, `UnsupportedDtype`, `NotWritable`.
 *
 * @example
 * await writeNpz('latents.npz', { z: { data: new Float32Array(6), shape: [3, 2] } })()
 */
export const writeNpz = (
  path: string,
  arrays: Readonly<Record<string, NumericArray>>,
  { compress = false }: NpzOptions = {}
): TaskEither<FileError, void> =>
  writeAtomically(path, (file) => async () => {
    const entries = entriesOf(path, arrays)
    return E.isLeft(entries) ? entries : writeBlocks(path, archiveBytes(entries.right, compress))(file)()
  })
