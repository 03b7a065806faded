/** Puts entries into a zip file; fflate knows the format. */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import type * as node from './zip-packing.js'

/** The date of every entry is fixed, so that equal arrays give equal files. */
const DATE = new Date('1980-01-01T00:00:00')

/** fflate writes no 64-bit sizes. */
const MOST_BYTES = 0xffffffff

export const zipBytes: typeof node.zipBytes = async function* (entries, compress) {
  const ready: Uint8Array[] = []
  let size = 0
  const taken = (): readonly Uint8Array[] => {
    const chunks = ready.splice(0)
    for (const { length } of chunks) size += length
    if (size > MOST_BYTES) throw new Error('an archive that is made in a page has at most 4 GiB')
    return chunks
  }
  const zip = new Zip((cause, chunk) => {
    if (cause !== null) throw cause
    ready.push(chunk)
  })
  for (const { name, blocks } of entries) {
    const entry = compress ? new ZipDeflate(name) : new ZipPassThrough(name)
    entry.mtime = DATE
    zip.add(entry)
    for await (const block of blocks) {
      entry.push(block as Uint8Array<ArrayBuffer>)
      yield* taken()
    }
    entry.push(new Uint8Array(0), true)
    yield* taken()
  }
  zip.end()
  yield* taken()
}
