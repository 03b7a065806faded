/** Files that appear complete or not at all: written beside their target, flushed to the disk, then renamed. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type NotWritable, notWritable } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FileError } from '../errors.js'
import { attempt, type Outcome, systemReason } from '../reading/open-file.js'

/** A file being written beside its target. */
export interface Draft {
  /** What the user called the target. */
  readonly path: string
  /** Where the bytes go meanwhile: `.NAME.….tmp` in the target's directory. */
  readonly temporary: string
  readonly handle: FileHandle
  /** Flushes and renames; after it the target holds exactly what was written. */
  readonly commit: () => Promise<Outcome<void>>
  /** Removes the temporary file; the target stays as it was. Harmless after a failed commit. */
  readonly discard: () => Promise<void>
}

export const writeFailure = (path: string, cause: unknown): NotWritable =>
  notWritable(path, systemReason(cause))

/** The file that `path` leads to through symbolic links, or `path` where there is none yet. */
const behindLinks = async (path: string): Promise<string> => {
  try {
    return await realpath(path)
  } catch {
    return path
  }
}

/** A name in the target's directory that nothing else has. */
export const siblingName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)

/** Makes a rename last through a power cut. Systems that cannot flush a directory do without. */
const flushDirectory = async (directory: string): Promise<void> => {
  try {
    const handle = await open(directory, 'r')
    await handle.sync().finally(() => handle.close())
  } catch {
    // Windows cannot open a directory; the file itself has been flushed.
  }
}

/** The file that is to be written in the end; a directory is refused. */
const targetOf = async (path: string): Promise<Outcome<string>> => {
  const target = await behindLinks(path)
  const isDirectory = await stat(target).then(
    (stats) => stats.isDirectory(),
    () => false
  )
  return isDirectory ? E.left(notWritable(path, 'it is a directory')) : E.right(target)
}

/** Starts a draft of `path`. Its directory must exist. */
export const openDraft = async (path: string): Promise<Outcome<Draft>> => {
  const checked = await targetOf(path)
  if (E.isLeft(checked)) return checked
  const target = checked.right
  const temporary = siblingName(target)
  const opened = await attempt(
    () => open(temporary, 'wx+'),
    (cause) => writeFailure(path, cause)
  )
  if (E.isLeft(opened)) return opened
  const handle = opened.right
  return E.right({
    path,
    temporary,
    handle,
    commit: () =>
      attempt(
        async () => {
          await handle.sync()
          await handle.close()
          await rename(temporary, target)
          await flushDirectory(dirname(target))
        },
        (cause) => writeFailure(path, cause)
      ),
    discard: async () => {
      await handle.close().catch(() => undefined)
      await unlink(temporary).catch(() => undefined)
    }
  })
}

/** Room on the target's disk for what is not in its final form yet. */
export interface Scratch {
  readonly handle: FileHandle
  readonly release: () => Promise<void>
}

/** A scratch file beside `path`, without a name, so that the system frees it even if the process is killed. */
export const openScratch = async (path: string): Promise<Outcome<Scratch>> => {
  const target = await targetOf(path)
  if (E.isLeft(target)) return target
  const name = siblingName(target.right)
  return attempt(
    async () => {
      const handle = await open(name, 'wx+')
      // Where an open file cannot lose its name, it loses it in the end.
      const nameless = await unlink(name).then(
        () => true,
        () => false
      )
      return {
        handle,
        release: async () => {
          await handle.close().catch(() => undefined)
          if (!nameless) await unlink(name).catch(() => undefined)
        }
      }
    },
    (cause) => writeFailure(path, cause)
  )
}

/**
 * Writes a file through `fill`, which is given the open temporary file. If `fill` answers an error (or throws),
 * the temporary file is removed and what was at `path` before stays untouched. Symbolic links are followed.
 *
 * Errors: `NotWritable`, and whatever `fill` answers.
 */
export const writeAtomically =
  <A>(path: string, fill: (handle: FileHandle) => TaskEither<FileError, A>): TaskEither<FileError, A> =>
  async () => {
    const opened = await openDraft(path)
    if (E.isLeft(opened)) return opened
    const draft = opened.right
    let committed = false
    try {
      const filled = await fill(draft.handle)()
      if (E.isLeft(filled)) return filled
      const done = await draft.commit()
      if (E.isLeft(done)) return done
      committed = true
      return filled
    } finally {
      if (!committed) await draft.discard()
    }
  }

// A single write takes less than 2^31 bytes.
const LARGEST_WRITE = 2 ** 26

/** Writes all of `bytes`, at `position` or where the file stands. */
export const writeBytes = async (
  path: string,
  handle: FileHandle,
  bytes: Uint8Array,
  position?: number
): Promise<Outcome<void>> =>
  attempt(
    async () => {
      for (let done = 0; done < bytes.length; ) {
        const length = Math.min(bytes.length - done, LARGEST_WRITE)
        const at = position === undefined ? null : position + done
        done += (await handle.write(bytes, done, length, at)).bytesWritten
      }
    },
    (cause) => writeFailure(path, cause)
  )

/** Writes blocks one after the other, so that they need not be in memory at once. */
export const writeBlocks =
  (path: string, blocks: Iterable<Uint8Array>) =>
  (handle: FileHandle): TaskEither<FileError, void> =>
  async () => {
    for (const block of blocks) {
      const written = await writeBytes(path, handle, block)
      if (E.isLeft(written)) return written
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
  writeAtomically(path, writeBlocks(path, [typeof content === 'string' ? Buffer.from(content) : content]))

/**
 * Creates a directory and what is missing above it, one after the other: Node’s own recursive `mkdir` does not return
 * where a parent exists and refuses with ENOENT, as `/proc` does.
 */
const makeDirectory = async (directory: string): Promise<void> => {
  const exists = await stat(directory).then(
    () => true,
    () => false
  )
  if (!exists && dirname(directory) !== directory) await makeDirectory(dirname(directory))
  await mkdir(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause
  })
}

/**
 * Checks that files can be written in `directory`: creates it and its parents where they are missing, then writes and
 * removes an empty file. Use it before work of hours whose results go there.
 *
 * Errors: `NotWritable`.
 */
export const checkWritable =
  (directory: string): TaskEither<FileError, void> =>
  () =>
    attempt(
      async () => {
        await makeDirectory(resolve(directory))
        const probe = siblingName(join(directory, 'probe'))
        const handle = await open(probe, 'wx')
        await handle.close()
        await unlink(probe)
      },
      (cause) => writeFailure(directory, cause)
    )
