/** Files open for reading at any offset, with the operating system's refusals as values. */
import { type FileHandle, open } from 'node:fs/promises'
import { reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type FileError, notFound, notReadable, type Place, truncated } from '../errors.js'

/** What an asynchronous step inside this package answers. */
export type Outcome<A> = E.Either<FileError, A>

export interface OpenFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly handle: FileHandle
}

/** A stretch of an open file. Offsets within it count from its start. */
export interface Region {
  readonly place: Place
  readonly handle: FileHandle
  readonly start: number
  readonly length: number
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  ENOTDIR: 'a part of the path is not a directory',
  EEXIST: 'a part of the path is not a directory',
  ENOENT: 'the directory does not exist',
  EBADF: 'it has been closed'
}

/** What the operating system said, in words. */
export const systemReason = (cause: unknown): string => {
  const code = (cause as NodeJS.ErrnoException | null)?.code
  return code !== undefined && REASONS[code] !== undefined ? REASONS[code] : reasonOf(cause)
}

/** The error for a failed call on a file that is read. */
export const readFailure = (path: string, cause: unknown): FileError => {
  const code = (cause as NodeJS.ErrnoException | null)?.code
  return code === 'ENOENT' || code === 'ENOTDIR' ? notFound(path) : notReadable(path, systemReason(cause))
}

/** Runs a step that may throw, turning what it throws into a value. */
export const attempt = async <A>(
  step: () => Promise<A>,
  onThrow: (cause: unknown) => FileError
): Promise<Outcome<A>> => {
  try {
    return E.right(await step())
  } catch (cause) {
    return E.left(onThrow(cause))
  }
}

/** Opens a regular file for reading. The caller closes the handle. */
export const openFile = async (path: string): Promise<Outcome<OpenFile>> => {
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
  if (E.isRight(stats) && stats.right.isFile()) return E.right({ path, size: stats.right.size, handle })
  await handle.close()
  if (E.isLeft(stats)) return stats
  const reason = stats.right.isDirectory() ? 'it is a directory' : 'it is not a regular file'
  return E.left(notReadable(path, reason))
}

/** Opens a file, hands it to `use`, and closes it whatever happens. */
export const withFile =
  <A>(path: string, use: (file: OpenFile) => Promise<Outcome<A>>): TaskEither<FileError, A> =>
  async () => {
    const opened = await openFile(path)
    if (E.isLeft(opened)) return opened
    try {
      return await use(opened.right)
    } finally {
      await opened.right.handle.close()
    }
  }

/** The whole file as a region. */
export const wholeFile = (file: OpenFile): Region => ({
  place: { path: file.path },
  handle: file.handle,
  start: 0,
  length: file.size
})

// A single read takes less than 2^31 bytes.
const LARGEST_READ = 2 ** 30

/** Fills `into` from `offset` within the region; `Truncated` if the region or the file ends before. */
export const readAt = async (region: Region, into: Uint8Array, offset: number): Promise<Outcome<void>> => {
  const { place, handle } = region
  const wanted = offset + into.length
  if (wanted > region.length) return E.left(truncated(place, region.length, wanted))
  for (let done = 0; done < into.length; ) {
    const length = Math.min(into.length - done, LARGEST_READ)
    const got = await attempt(
      () => handle.read(into, done, length, region.start + offset + done),
      (cause) => readFailure(place.path, cause)
    )
    if (E.isLeft(got)) return got
    if (got.right.bytesRead === 0) return E.left(truncated(place, offset + done, wanted))
    done += got.right.bytesRead
  }
  return E.right(undefined)
}
