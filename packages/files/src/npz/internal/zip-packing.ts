/** Puts entries into a zip file; yazl knows the format. */
import { Readable } from 'node:stream'
import yazl from 'yazl'

/** An entry to be. */
export interface PackedEntry {
  readonly name: string
  /** About how many bytes it has. */
  readonly bytes: number
  readonly blocks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/** Entries from here on get 64-bit sizes: near 4 GiB, and a deflated entry may be larger than what it holds. */
const LARGE = 0xf0000000

/** The date of every entry is fixed, so that equal arrays give equal files. */
const DATE = new Date('1980-01-01T00:00:00')

/** The file's bytes, with at most a few blocks in memory. What fails in `blocks` fails here. */
export const zipBytes = (entries: readonly PackedEntry[], compress: boolean): AsyncIterable<Uint8Array> => {
  const zip = new yazl.ZipFile()
  const out = zip.outputStream as Readable
  for (const { name, bytes, blocks } of entries) {
    const source = Readable.from(blocks)
    // yazl does not listen to what it reads from; unheard, an error would end the process.
    source.on('error', (cause) => out.destroy(cause))
    zip.addReadStream(source, name, {
      compress,
      mtime: DATE,
      ...(bytes > LARGE ? { forceZip64Format: true } : {})
    })
  }
  zip.end()
  return out
}
