/** Files open for reading at any offset, with refusals as values. */
import { reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type FileError, notFound, notReadable, type Place, truncated } from '../errors.js'

/** What an asynchronous step inside this package answers. */
export type Outcome<A> = E.Either<FileError, A>

/** Bytes at any place. */
export interface RandomAccess {
  /** Reads into the beginning of `into` what lies at `at`; answers how many bytes, none at the end. */
  readonly read: (into: Uint8Array, at: number) => Promise<number>
}

export interface OpenFile extends RandomAccess {
  /** What messages call it. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** The bytes from `start` up to `end` (default: the end of the file), in order. */
  readonly stream: (start: number, end?: number) => AsyncIterable<Uint8Array>
  readonly close: () => Promise<void>
}

/** A stretch of an open file. Offsets within it count from its start. */
export interface Region {
  readonly place: Place
  readonly file: RandomAccess
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

/** The code of what was thrown, if it has one, such as `ENOENT`. */
export const codeOf = (cause: unknown): string | undefined =>
  (cause as { readonly code?: string } | null)?.code

/** What the operating system said, in words. */
export const systemReason = (cause: unknown): string => {
  const code = codeOf(cause)
  return code !== undefined && REASONS[code] !== undefined ? REASONS[code] : reasonOf(cause)
}

/** The error for a failed call on a file that is read. */
export const readFailure = (path: string, cause: unknown): FileError => {
  const code = codeOf(cause)
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

/** The whole file as a region. */
export const wholeFile = (file: OpenFile): Region => ({
  place: { path: file.path },
  file,
  start: 0,
  length: file.size
})

// A single read takes less than 2^31 bytes.
const LARGEST_READ = 2 ** 30

/** Fills `into` from `offset` within the region; `Truncated` if the region or the file ends before. */
export const readAt = async (region: Region, into: Uint8Array, offset: number): Promise<Outcome<void>> => {
  const { place, file } = region
  const wanted = offset + into.length
  if (wanted > region.length) return E.left(truncated(place, region.length, wanted))
  for (let done = 0; done < into.length; ) {
    const part = into.subarray(done, done + LARGEST_READ)
    const got = await attempt(
      () => file.read(part, region.start + offset + done),
      (cause) => readFailure(place.path, cause)
    )
    if (E.isLeft(got)) return got
    if (got.right === 0) return E.left(truncated(place, offset + done, wanted))
    done += got.right
  }
  return E.right(undefined)
}
