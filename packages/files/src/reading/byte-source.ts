/** Bytes that come in order, pulled into the caller's buffers, so that nothing is held twice. */
import * as E from 'fp-ts/lib/Either.js'
import { corrupt, type FileError, type Place, truncated } from '../errors.js'
import { codeOf, type Outcome, type Region, readAt } from './open-file.js'
import { crc32 } from './unpacking.js'

export interface ByteSource {
  readonly place: Place
  /** Bytes there should be in all. */
  readonly length: number
  /** Fills `into` with the next bytes; `Truncated` if they end before. */
  readonly fill: (into: Uint8Array) => Promise<Outcome<void>>
  /** To be called after the last byte: whether nothing follows and the checksum, if there is one, is right. */
  readonly finish: () => Promise<Outcome<void>>
}

// Over no bytes at all, zlib would start anew.
const extended = (crc: number, bytes: Uint8Array): number =>
  crc32 === undefined || bytes.length === 0 ? crc : crc32(bytes, crc)

const compareChecksum = (place: Place, expected: number, actual: number): Outcome<void> =>
  crc32 === undefined || expected === actual
    ? E.right(undefined)
    : E.left(corrupt(place, 'the checksum (CRC-32) does not fit the bytes'))

/** The bytes of a region of a file, with their CRC-32 if it is known. */
export const regionSource = (region: Region, checksum?: number): ByteSource => {
  let offset = 0
  let crc = 0
  return {
    place: region.place,
    length: region.length,
    fill: async (into) => {
      const filled = await readAt(region, into, offset)
      if (E.isLeft(filled)) return filled
      offset += into.length
      if (checksum !== undefined) crc = extended(crc, into)
      return filled
    },
    finish: async () =>
      checksum === undefined ? E.right(undefined) : compareChecksum(region.place, checksum, crc)
  }
}

const streamFailure = (place: Place, cause: unknown, expected: number, actual: number): FileError =>
  codeOf(cause) === 'Z_BUF_ERROR' ? truncated(place, actual, expected) : corrupt(place, cause)

/** The bytes of a stream that should hold `length` of them, with their CRC-32. */
export const streamSource = (
  place: Place,
  stream: AsyncIterable<Uint8Array>,
  length: number,
  checksum: number
): ByteSource => {
  const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]()
  let chunk: Uint8Array = new Uint8Array(0)
  let used = 0
  let done = 0
  let crc = 0

  /** Makes sure that `chunk` has unused bytes; false at the stream's end. */
  const advance = async (): Promise<Outcome<boolean>> => {
    while (used === chunk.length) {
      try {
        const next = await chunks.next()
        if (next.done === true) return E.right(false)
        chunk = next.value
        used = 0
      } catch (cause) {
        return E.left(streamFailure(place, cause, length, done))
      }
    }
    return E.right(true)
  }

  return {
    place,
    length,
    fill: async (into) => {
      for (let filled = 0; filled < into.length; ) {
        const more = await advance()
        if (E.isLeft(more)) return more
        if (!more.right) return E.left(truncated(place, done, length))
        const part = chunk.subarray(used, used + into.length - filled)
        into.set(part, filled)
        filled += part.length
        used += part.length
        done += part.length
      }
      crc = extended(crc, into)
      return E.right(undefined)
    },
    finish: async () => {
      const more = await advance()
      if (E.isLeft(more)) return more
      if (more.right) {
        return E.left(corrupt(place, `more than the ${length} bytes it should hold`))
      }
      return compareChecksum(place, checksum, crc)
    }
  }
}
