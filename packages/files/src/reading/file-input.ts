/** What numbers are read from: files on the disk, blobs and bytes. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FileError } from '../errors.js'
import { openPath } from './disk.js'
import type { OpenFile, Outcome } from './open-file.js'

/**
 * Where a file is read from: a path (not in browsers), a `Blob` such as the `File` that a user picked, or its bytes. Messages
 * call a `File` by its name.
 */
export type FileInput = string | Blob | Uint8Array

/** What messages call a source: a path, the name of a `File`, or `the blob` and `the bytes`. */
export const inputName = (source: FileInput): string => {
  if (typeof source === 'string') return source
  const { name } = source as { readonly name?: string }
  return name ?? (source instanceof Uint8Array ? 'the bytes' : 'the blob')
}

const openBytes = (path: string, bytes: Uint8Array): OpenFile => ({
  path,
  size: bytes.length,
  read: async (into, at) => {
    const part = bytes.subarray(at, at + into.length)
    into.set(part)
    return part.length
  },
  stream: async function* (start, end) {
    yield bytes.subarray(start, end)
  },
  close: async () => undefined
})

const openBlob = (path: string, blob: Blob): OpenFile => ({
  path,
  size: blob.size,
  read: async (into, at) => {
    const part = new Uint8Array(await blob.slice(at, at + into.length).arrayBuffer())
    into.set(part)
    return part.length
  },
  stream: async function* (start, end) {
    const reader = blob.slice(start, end).stream().getReader()
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
    } finally {
      await reader.cancel()
    }
  },
  close: async () => undefined
})

/** Opens a source for reading. The caller closes it. */
export const openFile = async (source: FileInput): Promise<Outcome<OpenFile>> => {
  if (typeof source === 'string') return openPath(source)
  const path = inputName(source)
  return E.right(source instanceof Uint8Array ? openBytes(path, source) : openBlob(path, source))
}

/** Opens a file, hands it to `use`, and closes it whatever happens. */
export const withFile =
  <A>(source: FileInput, use: (file: OpenFile) => Promise<Outcome<A>>): TaskEither<FileError, A> =>
  async () => {
    const opened = await openFile(source)
    if (E.isLeft(opened)) return opened
    try {
      return await use(opened.right)
    } finally {
      await opened.right.close()
    }
  }
