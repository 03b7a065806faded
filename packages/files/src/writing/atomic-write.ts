/** Files that appear complete or not at all: written beside their target, flushed to the disk, then renamed. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FileError } from '../errors.js'
import { attempt, type Outcome } from '../reading/open-file.js'
import { openDraft } from './drafts.js'
import { type WritableFile, writeFailure } from './writable-file.js'

/**
 * Writes a file through `fill`, which is given the open temporary file. If `fill` answers an error (or throws),
 * the temporary file is removed and what was at `path` before stays untouched. Symbolic links are followed.
 *
 * Errors: `NotWritable`, and whatever `fill` answers.
 */
export const writeAtomically =
  <A>(path: string, fill: (file: WritableFile) => TaskEither<FileError, A>): TaskEither<FileError, A> =>
  async () => {
    const opened = await openDraft(path)
    if (E.isLeft(opened)) return opened
    const draft = opened.right
    let committed = false
    try {
      const filled = await fill(draft.file)()
      if (E.isLeft(filled)) return filled
      const done = await draft.commit()
      if (E.isLeft(done)) return done
      committed = true
      return filled
    } finally {
      if (!committed) await draft.discard()
    }
  }

/** Writes all of `bytes`, at `position` or where the file stands. */
export const writeBytes = (
  path: string,
  file: WritableFile,
  bytes: Uint8Array,
  position?: number
): Promise<Outcome<void>> =>
  attempt(
    () => file.write(bytes, position),
    (cause) => writeFailure(path, cause)
  )

/** Writes blocks one after the other, so that they need not be in memory at once. */
export const writeBlocks =
  (path: string, blocks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) =>
  (file: WritableFile): TaskEither<FileError, void> =>
  async () => {
    try {
      for await (const block of blocks) {
        const written = await writeBytes(path, file, block)
        if (E.isLeft(written)) return written
      }
    } catch (cause) {
      return E.left(writeFailure(path, cause))
    }
    return E.right(undefined)
  }

/**
 * Writes a text (UTF-8) or bytes atomically: afterwards `path` holds all of it, or what it held before.
 *
 * Use it for results that nobody should find half written, such as JSON or HTML. The directory must exist.
 *
 * Errors: `NotWritable`.
 *
 * @example
 * await writeFileAtomically('out/graph.json', JSON.stringify(graph))()
 */
export const writeFileAtomically = (
  path: string,
  content: string | Uint8Array
): TaskEither<FileError, void> =>
  writeAtomically(
    path,
    writeBlocks(path, [typeof content === 'string' ? new TextEncoder().encode(content) : content])
  )
