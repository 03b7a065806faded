/** Whether a zip file's directory can be believed, before a byte of its entries is read or any room is made for them. */
import * as E from 'fp-ts/lib/Either.js'
import { badHeader, type FileError, tooManyBytes } from '../../errors.js'
import type { Outcome } from '../../reading/open-file.js'
import { DEFLATED, STORED, type ZipEntry } from './zip-entry.js'

/** Deflate codes at most 258 bytes in two bits, after the codes themselves (RFC 1951, section 3.2.5). */
const MOST_UNPACKED = 1032

/** Bytes of an entry that its header may take instead of numbers. */
const LONGEST_HEADER = 1 << 20

const bytes = (count: number): string => `${count.toLocaleString('en-US')} bytes`

/** yauzl refuses such names by one of these sentences. */
const BAD_PATH = /^(?:absolute path|invalid relative path|invalid characters in fileName): (.*)$/s

/** `BadHeader` for an entry whose name leads out of the archive; `undefined` where `reason` is another one. */
export const badPath = (path: string, reason: string): FileError | undefined => {
  const found = BAD_PATH.exec(reason)
  return found === null
    ? undefined
    : badHeader({ path, entry: found[1] }, 'its name', 'a path of its own', 'the name of an array')
}

const complaint = (path: string, entry: ZipEntry): FileError | undefined => {
  const { name, method, encrypted, compressedSize, uncompressedSize } = entry
  const place = { path, entry: name }
  if (encrypted) return badHeader(place, 'it', 'encrypted', 'an array that can be read without a password')
  if (method !== STORED && method !== DEFLATED) {
    const expected = `${STORED} (stored) or ${DEFLATED} (deflated)`
    return badHeader(place, 'the compression method', method, expected)
  }
  const most = method === STORED ? compressedSize : MOST_UNPACKED * compressedSize
  return uncompressedSize <= most
    ? undefined
    : badHeader(
        place,
        'the size',
        bytes(uncompressedSize),
        `at most ${bytes(most)}, by those it has in the file`
      )
}

/** Errors: `BadHeader` for names that occur twice, and for entries that cannot be what the directory says. */
export const checkDirectory = (path: string, entries: readonly ZipEntry[]): Outcome<readonly ZipEntry[]> => {
  const names = new Set<string>()
  for (const entry of entries) {
    if (names.has(entry.name))
      return E.left(
        badHeader({ path, entry: entry.name }, 'its name', 'that of two entries', 'one name an entry')
      )
    names.add(entry.name)
    const wrong = complaint(path, entry)
    if (wrong !== undefined) return E.left(wrong)
  }
  return E.right(entries)
}

/** `TooLarge` for the first entry that, with those before it, holds more numbers than `limit` bytes. */
export const checkRoom = (
  path: string,
  entries: readonly ZipEntry[],
  limit: number,
  remedyFor: (entry: ZipEntry) => string
): Outcome<void> => {
  let left = limit
  for (const entry of entries) {
    const least = Math.max(0, entry.uncompressedSize - LONGEST_HEADER)
    if (least > left) {
      const place = { path, entry: entry.name }
      return E.left(tooManyBytes(place, entry.uncompressedSize, left, remedyFor(entry)))
    }
    left -= least
  }
  return E.right(undefined)
}
