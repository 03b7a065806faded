/** Puts named .npy arrays into a zip file. The format is yazl's work. */
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import yazl from 'yazl'
import { badName } from '../../errors.js'
import type { Outcome } from '../../reading/open-file.js'
import { writeBytes, writeFailure } from '../../writing/atomic-write.js'

/** What the names of an archive's arrays end with in the archive. */
export const ARRAY_SUFFIX = '.npy'

export interface ArchiveEntry {
  /** Without the suffix. */
  readonly name: string
  /** About how many bytes it has. */
  readonly bytes: number
  /** Header and elements. */
  readonly blocks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/** `BadName` for a name that an archive cannot hold. */
export const checkArrayName = (path: string, name: string): Outcome<void> => {
  if (name !== '' && !/[/\\\0]/.test(name)) return E.right(undefined)
  return E.left(badName(path, name, 'one that is not empty and holds no slash, backslash or zero byte'))
}

/** Entries from here on get 64-bit sizes: near 4 GiB, and a deflated entry may be larger than what it holds. */
const LARGE = 0xf0000000

/** Writes all entries, one after the other, with at most a few blocks in memory. Names have been checked. */
export const writeArchive = async (
  path: string,
  handle: FileHandle,
  entries: readonly ArchiveEntry[],
  compress: boolean
): Promise<Outcome<void>> => {
  const zip = new yazl.ZipFile()
  const out = zip.outputStream as Readable
  for (const { name, bytes, blocks } of entries) {
    const source = Readable.from(blocks)
    // yazl does not listen to what it reads from; unheard, an error would end the process.
    source.on('error', (cause) => out.destroy(cause))
    // The date is fixed, so that equal arrays give equal files.
    zip.addReadStream(source, `${name}${ARRAY_SUFFIX}`, {
      compress,
      mtime: new Date('1980-01-01T00:00:00'),
      ...(bytes > LARGE ? { forceZip64Format: true } : {})
    })
  }
  zip.end()
  try {
    for await (const chunk of out as AsyncIterable<Uint8Array>) {
      const written = await writeBytes(path, handle, chunk)
      if (E.isLeft(written)) return written
    }
  } catch (cause) {
    return E.left(writeFailure(path, cause))
  }
  return E.right(undefined)
}
