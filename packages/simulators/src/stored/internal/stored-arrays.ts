/** The arrays of a data set where they lie: in an archive, or in a folder of .npy files. */
import {
  type ArrayReader,
  type FileError,
  type FileInput,
  openNpy,
  openNpz,
  readNpzNames
} from '@mechid/files'
import * as E from 'fp-ts/lib/Either.js'
import type { ArrayShapes } from '../../data-set/shape-checks.js'
import { fileIn, isFolder } from './data-folder.js'

/** Open arrays of a data set. A vector counts as one column. */
export interface StoredArrays {
  readonly shapes: ArrayShapes
  readonly x: ArrayReader
  readonly a?: ArrayReader
  readonly z?: ArrayReader
  readonly close: () => Promise<E.Either<FileError, void>>
}

type Outcome<A> = E.Either<FileError, A>
type Name = 'x' | 'a' | 'z'
type Readers = Partial<Record<Name, ArrayReader>>

const NAMES: readonly Name[] = ['x', 'a', 'z']

const shapeOf = ({ shape }: ArrayReader): readonly number[] => (shape.length === 1 ? [shape[0], 1] : shape)

const closeAll = async (readers: Readers): Promise<Outcome<void>> => {
  let result: Outcome<void> = E.right(undefined)
  for (const reader of Object.values(readers)) {
    const closed = await reader.close()
    if (E.isLeft(closed)) result = closed
  }
  return result
}

const openArchive = async (input: FileInput): Promise<Outcome<Readers>> => {
  const names = await readNpzNames(input)()
  if (E.isLeft(names)) return names
  const readers: Readers = {}
  for (const name of NAMES) {
    if (name !== 'x' && !names.right.includes(name)) continue
    const opened = await openNpz(input, name)()
    if (E.isLeft(opened)) {
      await closeAll(readers)
      return opened
    }
    readers[name] = opened.right
  }
  return E.right(readers)
}

const openFolder = async (path: string): Promise<Outcome<Readers>> => {
  const readers: Readers = {}
  for (const name of NAMES) {
    const opened = await openNpy(fileIn(path, `${name}.npy`))()
    if (E.isRight(opened)) readers[name] = opened.right
    else if (name === 'x' || opened.left._tag !== 'NotFound') {
      await closeAll(readers)
      return opened
    }
  }
  return E.right(readers)
}

/** Opens `x` and, where they are, `a` and `z`. */
export const openArrays = async (input: FileInput): Promise<Outcome<StoredArrays>> => {
  const opened =
    typeof input === 'string' && (await isFolder(input)) ? await openFolder(input) : await openArchive(input)
  if (E.isLeft(opened)) return opened
  const { x, a, z } = opened.right
  const arrays = {
    x: x as ArrayReader,
    ...(a === undefined ? {} : { a }),
    ...(z === undefined ? {} : { z })
  }
  const shapes = Object.fromEntries(Object.entries(arrays).map(([name, reader]) => [name, shapeOf(reader)]))
  return E.right({
    ...arrays,
    shapes: shapes as Partial<ArrayShapes> as ArrayShapes,
    close: () => closeAll(opened.right)
  })
}
