/** Puts named .npy arrays into a zip file. */
import * as E from 'fp-ts/lib/Either.js'
import { badName } from '../../errors.js'
import type { Outcome } from '../../reading/open-file.js'
import { type PackedEntry, zipBytes } from './zip-packing.js'

/** What the names of an archive's arrays end with in the archive. */
export const ARRAY_SUFFIX = '.npy'

/** An array: `name` is without the suffix, `blocks` are header and elements. */
export type ArchiveEntry = PackedEntry

/** `BadName` for a name that an archive cannot hold. */
export const checkArrayName = (path: string, name: string): Outcome<void> => {
  if (name !== '' && !/[/\\\0]/.test(name)) return E.right(undefined)
  return E.left(badName(path, name, 'one that is not empty and holds no slash, backslash or zero byte'))
}

/** The bytes of an archive, one entry after the other, with at most a few blocks in memory. Names have been checked. */
export const archiveBytes = (
  entries: readonly ArchiveEntry[],
  compress: boolean
): AsyncIterable<Uint8Array> =>
  zipBytes(
    entries.map((entry) => ({ ...entry, name: `${entry.name}${ARRAY_SUFFIX}` })),
    compress
  )
