/** Deflate, gzip and CRC-32, by Node's zlib. */
import { Readable } from 'node:stream'
import zlib, { constants, createInflateRaw, gunzipSync } from 'node:zlib'

/** A stream of Node's with these bytes: that itself, where it is one. */
export const readable = (bytes: AsyncIterable<Uint8Array>): Readable =>
  bytes instanceof Readable ? bytes : Readable.from(bytes, { objectMode: false })

/** The bytes that deflate packed, without a wrapping. Its failures have codes that start with `Z_`. */
export const inflated = (packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
  const source = readable(packed)
  const unpacked = createInflateRaw()
  source.on('error', (cause) => unpacked.destroy(cause))
  return source.pipe(unpacked)
}

/** What the first bytes of a gzip file unpack to. Rejects where they are damaged. */
export const beginningUnpacked = async (bytes: Uint8Array): Promise<Uint8Array> =>
  gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })

/**
 * The CRC-32 of bytes behind others whose CRC-32 is `value`. A property and not a named import: absent before Node 20.15;
 * checksums go unchecked there.
 */
export const crc32: ((data: Uint8Array, value: number) => number) | undefined = zlib.crc32
