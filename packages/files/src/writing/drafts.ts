/** Files being written on the disk: beside their target, flushed, then renamed; and whether a folder takes files. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { notWritable } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FileError } from '../errors.js'
import { attempt, type Outcome } from '../reading/open-file.js'
import { type Draft, type Scratch, type WritableFile, writeFailure } from './writable-file.js'

/** The file that `path` leads to through symbolic links, or `path` where there is none yet. */
const behindLinks = async (path: string): Promise<string> => {
  try {
    return await realpath(path)
  } catch {
    return path
  }
}

// A single write takes less than 2^31 bytes.
const LARGEST_WRITE = 2 ** 26

const writableFile = (handle: FileHandle): WritableFile => ({
  read: async (into, at) => (await handle.read(into, 0, into.length, at)).bytesRead,
  write: async (bytes, position) => {
    for (let done = 0; done < bytes.length; ) {
      const length = Math.min(bytes.length - done, LARGEST_WRITE)
      const at = position === undefined ? null : position + done
      done += (await handle.write(bytes, done, length, at)).bytesWritten
    }
  }
})

/** A name in the target's directory that nothing else has. */
const siblingName = (path: string): string => join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)

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
    file: writableFile(handle),
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
        file: writableFile(handle),
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
