/**
 * Deflate, gzip and CRC-32. Unpacking is the work of pako, a port of zlib: what Node's zlib refuses it refuses, in the same
 * words. It is loaded once something is packed.
 */
import type { Inflate, InflateOptions } from 'pako'
import { joinedBytes } from '../writing/joined-bytes.js'
import type * as node from './unpacking.js'

/** Packed bytes at a time: they unpack to a thousand times as many at most, which wait until they are asked for. */
const PIECE = 1 << 14

/** As Node's zlib says it. */
const failure = (message: string, code: 'Z_BUF_ERROR' | 'Z_DATA_ERROR'): Error =>
  Object.assign(new Error(message), { code })

async function* pieces(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of packed)
    for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE)
}

/** What comes out of an inflation, bit by bit. */
const inflation = async (
  options: InflateOptions
): Promise<{ readonly inflate: Inflate; readonly taken: () => Uint8Array[] }> => {
  const pako = await import('pako')
  const inflate = new pako.Inflate(options)
  const out: Uint8Array[] = []
  inflate.onData = (chunk) => {
    out.push(chunk)
  }
  // Else it joins what it has not been left.
  inflate.onEnd = () => undefined
  return { inflate, taken: () => out.splice(0) }
}

const RAW: InflateOptions = { raw: true }
/** zlib's word for handing on all that there is. */
const SYNC_FLUSH = 2
/** zlib's sign for gzip alone. */
const GZIP: InflateOptions = { windowBits: 31 }

async function* unpacked(
  packed: AsyncIterable<Uint8Array>,
  options: InflateOptions
): AsyncGenerator<Uint8Array> {
  let { inflate, taken } = await inflation(options)
  for await (const piece of pieces(packed)) {
    if (inflate.ended) {
      // A gzip file may be several, one after the other; zeros fill up the last.
      if (options.raw === true || piece[0] === 0) break
      ;({ inflate, taken } = await inflation(options))
    }
    inflate.push(piece)
    if (inflate.err !== 0) throw failure(inflate.msg, 'Z_DATA_ERROR')
    yield* taken()
  }
  if (!inflate.ended) throw failure('unexpected end of file', 'Z_BUF_ERROR')
}

export const inflated: typeof node.inflated = (packed) => unpacked(packed, RAW)

/** What a gzip file unpacks to, with its checksum. */
export const gunzipped = (packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
  unpacked(packed, GZIP)

export const beginningUnpacked: typeof node.beginningUnpacked = async (bytes) => {
  const { inflate, taken } = await inflation(GZIP)
  inflate.push(bytes, SYNC_FLUSH)
  if (inflate.err !== 0) throw failure(inflate.msg, 'Z_DATA_ERROR')
  return joinedBytes(taken())
}

/** The polynomial of zip and gzip, its bits turned around. */
const POLYNOMIAL = 0xedb88320

const byteTable = (): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    return crc
  })

let table: Uint32Array | undefined

export const crc32: typeof node.crc32 = (data, value) => {
  table ??= byteTable()
  let crc = ~value
  for (let i = 0; i < data.length; i++) crc = table[(crc ^ data[i]) & 0xff] ^ (crc >>> 8)
  return ~crc >>> 0
}
