/** Opens files on the disk. */
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import { notReadable } from '../errors.js'
import { attempt, type OpenFile, type Outcome, readFailure } from './open-file.js'

const streamOf = (handle: FileHandle, start: number, end: number | undefined): Readable => {
  if (end === undefined) return handle.createReadStream({ autoClose: false, start })
  // The last byte counts here, so that nothing cannot be asked for.
  return end > start ? handle.createReadStream({ autoClose: false, start, end: end - 1 }) : Readable.from([])
}

/** Opens a regular file for reading. The caller closes it. */
export const openPath = async (path: string): Promise<Outcome<OpenFile>> => {
  const opened = await attempt(
    () => open(path, 'r'),
    (cause) => readFailure(path, cause)
  )
  if (E.isLeft(opened)) return opened
  const handle = opened.right
  const stats = await attempt(
    () => handle.stat(),
    (cause) => readFailure(path, cause)
  )
  if (E.isRight(stats) && stats.right.isFile()) {
    return E.right({
      path,
      size: stats.right.size,
      read: async (into, at) => (await handle.read(into, 0, into.length, at)).bytesRead,
      stream: (start, end) => streamOf(handle, start, end),
      close: () => handle.close()
    })
  }
  await handle.close()
  if (E.isLeft(stats)) return stats
  const reason = stats.right.isDirectory() ? 'it is a directory' : 'it is not a regular file'
  return E.left(notReadable(path, reason))
}
