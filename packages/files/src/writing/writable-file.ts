/** Files open for writing at any offset. */
import { type NotWritable, notWritable } from '@mechid/values'
import { type Outcome, type RandomAccess, systemReason } from '../reading/open-file.js'

export interface WritableFile extends RandomAccess {
  /** Writes all of `bytes`, at `position` or where the file stands. */
  readonly write: (bytes: Uint8Array, position?: number) => Promise<void>
}

/** A file being written beside its target. */
export interface Draft {
  readonly file: WritableFile
  /** Flushes and renames; after it the target holds exactly what was written. */
  readonly commit: () => Promise<Outcome<void>>
  /** Removes the temporary file; the target stays as it was. Harmless after a failed commit. */
  readonly discard: () => Promise<void>
}

/** Room on the target's disk for what is not in its final form yet. */
export interface Scratch {
  readonly file: WritableFile
  readonly release: () => Promise<void>
}

export const writeFailure = (path: string, cause: unknown): NotWritable =>
  notWritable(path, systemReason(cause))
