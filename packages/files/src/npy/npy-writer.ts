/** Writes .npy files block by block, for arrays that do not fit in memory. */
import * as E from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { NumericData } from '../arrays/element-type.js'
import type { FileError } from '../errors.js'
import { openDraft, writeBytes } from '../writing/atomic-write.js'
import { checkRowShape, type Revision, type RowLayout, rowStore, storedShape } from '../writing/row-store.js'
import { writeSteps } from '../writing/write-steps.js'
import { checkNumpyType, formatNpyHeader } from './npy-header.js'

/**
 * A .npy file in the making. Steps are taken in the order they are started in. After an error nothing is left of
 * the file and every later step answers the same error; `discard` at the end is harmless and never wrong.
 */
export interface NpyWriter {
  /**
   * Adds whole rows, row-major. Float arrays of the other width are converted; anything else must come in the
   * typed array that its type is read into. The memory may be used again once the task is done.
   *
   * Errors: `ShapeMismatch`, `InvalidOption`, `NotWritable`.
   */
  readonly append: (rows: NumericData) => TaskEither<FileError, void>
  /** Goes once over the rows appended so far, a block of about a mebibyte at a time, in order. */
  readonly revise: (change: Revision) => TaskEither<FileError, void>
  /** Makes the file appear, whole. */
  readonly commit: TaskEither<FileError, void>
  /** Leaves what was at `path` before. */
  readonly discard: Task<void>
}

/**
 * Starts a .npy file whose number of rows is not known yet. Equal rows give the bytes that `writeNpy` gives.
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
    const store = rowStore({ path }, draft.handle, layout, room)
    const finish = async (): Promise<E.Either<FileError, void>> => {
      const header = formatNpyHeader(layout.dtype, storedShape(store), room)
      const written = await writeBytes(path, draft.handle, header, 0)
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
