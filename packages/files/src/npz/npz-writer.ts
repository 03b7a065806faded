/** Writes .npz archives block by block, for arrays that do not fit in memory. */
import * as E from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { NumericData } from '../arrays/element-type.js'
import { type FileError, missingEntry } from '../errors.js'
import { checkNumpyType, formatNpyHeader } from '../npy/npy-header.js'
import type { Outcome } from '../reading/open-file.js'
import { writeBlocks } from '../writing/atomic-write.js'
import { openDraft, openScratch } from '../writing/drafts.js'
import {
  checkRowShape,
  type Revision,
  type RowLayout,
  type RowStore,
  rowStore,
  storedBytes,
  storedShape
} from '../writing/row-store.js'
import type { Scratch } from '../writing/writable-file.js'
import { type Stopped, writeSteps } from '../writing/write-steps.js'
import { type ArchiveEntry, archiveBytes, checkArrayName } from './internal/npz-archive.js'

/**
 * An archive that is being written; rows can be appended to its arrays in any order. Steps run in the order in which
 * they are started. An error removes the archive, and every later step answers the same error. Calling `discard` at the
 * end is always safe.
 */
export interface NpzWriter {
  /**
   * Adds whole rows to the array `name`, row-major. Floats of the other precision are converted; other numbers must
   * come in the typed array that their type is read into. The array may be used again once the task is done.
   *
   * Errors: `MissingEntry` for another name, `ShapeMismatch`, `InvalidOption`, `NotWritable`.
   */
  readonly append: (name: string, rows: NumericData) => TaskEither<FileError, void>
  /** Hands the rows of `name` appended so far to `change`, in order, about a mebibyte at a time. */
  readonly revise: (name: string, change: Revision) => TaskEither<FileError, void>
  /** Makes the complete file appear. */
  readonly commit: TaskEither<FileError, void>
  /**
   * Drops what was written; what was at `path` before stays. It stops a `revise` or `commit` that is under way, which
   * then answers `NotWritable`.
   */
  readonly discard: Task<void>
}

interface Part {
  readonly name: string
  readonly scratch: Scratch
  readonly store: RowStore
}

const releaseAll = async (parts: readonly Part[]): Promise<void> => {
  for (const { scratch } of parts) await scratch.release()
}

const openParts = async (
  path: string,
  layouts: Readonly<Record<string, RowLayout>>
): Promise<Outcome<readonly Part[]>> => {
  const parts: Part[] = []
  for (const [name, layout] of Object.entries(layouts)) {
    const place = { path, entry: name }
    const named = checkArrayName(path, name)
    const shaped = E.isLeft(named) ? named : checkRowShape(place, layout)
    const typed = E.isLeft(shaped) ? shaped : checkNumpyType(layout.dtype, place)
    const scratch = E.isLeft(typed) ? typed : await openScratch(path)
    if (E.isLeft(scratch)) {
      await releaseAll(parts)
      return scratch
    }
    parts.push({
      name,
      scratch: scratch.right,
      store: rowStore(place, scratch.right.file, layout, 0)
    })
  }
  return E.right(parts)
}

async function* npyBytes(store: RowStore, stopped: Stopped): AsyncGenerator<Uint8Array> {
  yield formatNpyHeader(store.layout.dtype, storedShape(store))
  yield* store.blocks(stopped)
}

const assemble = async (
  path: string,
  parts: readonly Part[],
  compress: boolean,
  stopped: Stopped
): Promise<Outcome<void>> => {
  const entries = parts.map(
    ({ name, store }): ArchiveEntry => ({
      name,
      bytes: storedBytes(store),
      blocks: npyBytes(store, stopped)
    })
  )
  const opened = await openDraft(path)
  if (E.isLeft(opened)) return opened
  const draft = opened.right
  const written = await writeBlocks(path, archiveBytes(entries, compress))(draft.file)()
  const done = E.isLeft(written) ? written : await draft.commit()
  if (E.isLeft(done)) await draft.discard()
  return done
}

/**
 * Starts an archive, to whose arrays rows are added block by block. Rows wait in nameless files beside `path`, which
 * vanish with the process, until `commit` copies them into the archive. The file has the same bytes as one by
 * `writeNpz`.
 *
 * Use it for arrays that do not fit in memory; the disk needs room for them twice during `commit`. For a single array
 * `npyWriter` needs it once.
 *
 * Errors: `NotWritable`, `BadName`, `ShapeMismatch`, `UnsupportedDtype` (bfloat16).
 *
 * @example
 * const writer = await npzWriter('data.npz', { x: { dtype: 'float32', rowShape: [20] } })()
 */
export const npzWriter =
  (
    path: string,
    layouts: Readonly<Record<string, RowLayout>>,
    { compress = false }: { readonly compress?: boolean } = {}
  ): TaskEither<FileError, NpzWriter> =>
  async () => {
    const opened = await openParts(path, layouts)
    if (E.isLeft(opened)) return opened
    const parts = opened.right
    const available = Object.keys(layouts)
    const within = (
      name: string,
      work: (store: RowStore) => Promise<Outcome<void>>
    ): Promise<Outcome<void>> => {
      const part = parts.find((candidate) => candidate.name === name)
      return part === undefined
        ? Promise.resolve(E.left(missingEntry(path, 'array', name, available)))
        : work(part.store)
    }
    const { step, commit, discard, stopped } = writeSteps(
      path,
      () => assemble(path, parts, compress, stopped),
      () => releaseAll(parts)
    )
    return E.right({
      append: (name, rows) => step(() => within(name, (store) => store.append(rows))),
      revise: (name, change) => step(() => within(name, (store) => store.revise(change, stopped))),
      commit,
      discard
    })
  }
