/** Writes .npy files block by block, for arrays that do not fit in memory. */
import * as E from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { NumericData } from '../arrays/element-type.js'
import type { FileError } from '../errors.js'
import { writeBytes } from '../writing/atomic-write.js'
import { openDraft } from '../writing/drafts.js'
import { checkRowShape, type Revision, type RowLayout, rowStore, storedShape } from '../writing/row-store.js'
import { writeSteps } from '../writing/write-steps.js'
import { checkNumpyType, formatNpyHeader } from './npy-header.js'

/**
 * A .npy file that is being written. Steps run in the order in which they are started. An error removes the file, and
 * every later step answers the same error. Calling `discard` at the end is always safe.
 */
export interface NpyWriter {
  /**
   * Adds whole rows, row-major. Floats of the other precision are converted; other numbers must come in the typed array
   * that their type is read into. The array may be used again once the task is done.
   *
   * Errors: `ShapeMismatch`, `InvalidOption`, `NotWritable`.
   */
  readonly append: (rows: NumericData) => TaskEither<FileError, void>
  /** Hands the rows appended so far to `change`, in order, about a mebibyte at a time. */
  readonly revise: (change: Revision) => TaskEither<FileError, void>
  /** Makes the complete file appear. */
  readonly commit: TaskEither<FileError, void>
  /** Drops what was written; what was at `path` before stays. */
  readonly discard: Task<void>
}

/**
 * Starts a .npy file, to which rows are added block by block. The elements are the same bytes as by `writeNpy`.
 *
 * Use it for an array that does not fit in memory; `writeNpy` writes one that is there, `npzWriter` several to one
 * file.
 *
 * Errors: `NotWritable`, `ShapeMismatch`, `UnsupportedDtype` (bfloat16).
 *
 * @example
 * const writer = await npyWriter('x.npy', { dtype: 'float32', rowShape: [20] })()
 */
export const npyWriter =
  (path: string, layout: RowLayout): TaskEither<FileError, NpyWriter> =>
  async () => {
    const sound = E.flatMap(() => checkNumpyType(layout.dtype, { path }))(checkRowShape({ path }, layout))
    if (E.isLeft(sound)) return sound
    const opened = await openDraft(path)
    if (E.isLeft(opened)) return opened
    const draft = opened.right
    // Room for the header with any number of rows; NumPy pads headers too.
    const room = formatNpyHeader(layout.dtype, [Number.MAX_SAFE_INTEGER, ...layout.rowShape]).length
    const store = rowStore({ path }, draft.file, layout, room)
    const finish = async (): Promise<E.Either<FileError, void>> => {
      const header = formatNpyHeader(layout.dtype, storedShape(store), room)
      const written = await writeBytes(path, draft.file, header, 0)
      return E.isLeft(written) ? written : draft.commit()
    }
    const { step, commit, discard, stopped } = writeSteps(path, finish, draft.discard)
    return E.right({
      append: (rows) => step(() => store.append(rows)),
      revise: (change) => step(() => store.revise(change, stopped)),
      commit,
      discard
    })
  }
