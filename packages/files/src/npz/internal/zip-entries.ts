/** The entries of a zip file and where their bytes lie. */
import { reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { badHeader, emptyFile, type FileError, notThisFormat, showBytes, truncated } from '../../errors.js'
import { type ByteSource, regionSource, streamSource } from '../../reading/byte-source.js'
import {
  attempt,
  type OpenFile,
  type Outcome,
  type Region,
  readAt,
  wholeFile
} from '../../reading/open-file.js'
import { inflated } from '../../reading/unpacking.js'
import { badPath, checkDirectory } from './zip-checks.js'
import { readDirectory } from './zip-directory.js'
import { STORED, type ZipEntry } from './zip-entry.js'

const LOCAL_MAGIC = 0x04034b50
const LOCAL_BYTES = 30

/** Whether the entry's bytes lie in the file as they are. */
export const isStored = ({ method }: ZipEntry): boolean => method === STORED

const failure = (file: OpenFile, start: Uint8Array, cause: unknown): FileError => {
  const { path } = file
  if (file.size === 0) return emptyFile({ path }, 'array')
  // A zip file starts with a local header, or, when empty, with the end of its directory.
  if (start[0] !== 0x50 || start[1] !== 0x4b) {
    return notThisFormat({ path }, showBytes(start), 'a .npz archive (NumPy: numpy.savez)')
  }
  const text = reasonOf(cause)
  const misnamed = badPath(path, text)
  if (misnamed !== undefined) return misnamed
  return /end of central directory|not found|out of bounds|EOF|unexpected/i.test(text)
    ? truncated({ path }, file.size)
    : badHeader({ path }, 'the directory', `unreadable (${text})`, 'that of a zip file')
}

/** All entries, in the directory's order; each is one that can be what the directory says of it. */
export const listEntries = async (file: OpenFile): Promise<Outcome<readonly ZipEntry[]>> => {
  const start = new Uint8Array(Math.min(4, file.size))
  const seen = await readAt(wholeFile(file), start, 0)
  if (E.isLeft(seen)) return seen
  const entries = await attempt(
    () => readDirectory(file),
    (cause) => failure(file, start, cause)
  )
  return E.isLeft(entries) ? entries : checkDirectory(file.path, entries.right)
}

/** Where the entry's (perhaps compressed) bytes lie. */
export const entryRegion = async (file: OpenFile, entry: ZipEntry): Promise<Outcome<Region>> => {
  const bytes = new Uint8Array(LOCAL_BYTES)
  const read = await readAt(wholeFile(file), bytes, entry.headerAt)
  if (E.isLeft(read)) return read
  const place = { path: file.path, entry: entry.name }
  const header = new DataView(bytes.buffer)
  if (header.getUint32(0, true) !== LOCAL_MAGIC) {
    return E.left(badHeader(place, 'what the directory points to', 'no entry', 'a local header'))
  }
  const start = entry.headerAt + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true)
  const end = start + entry.compressedSize
  if (end > file.size) return E.left(truncated(place, file.size, end))
  return E.right({ place, file, start, length: entry.compressedSize })
}

/** The entry's bytes, unpacked. */
export const entrySource = async (file: OpenFile, entry: ZipEntry): Promise<Outcome<ByteSource>> => {
  const region = await entryRegion(file, entry)
  if (E.isLeft(region)) return region
  const { place, start, length } = region.right
  if (entry.method === STORED) return E.right(regionSource(region.right, entry.crc32))
  const packed = file.stream(start, start + length)
  return E.right(streamSource(place, inflated(packed), entry.uncompressedSize, entry.crc32))
}
