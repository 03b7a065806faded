/** Recordings in named arrays: .npz archives, .safetensors files, and single .npy arrays. */
import {
  type FileError,
  type FileInput,
  inputName,
  missingEntry,
  type NumericArray,
  readNpy,
  readNpz,
  readNpzNames,
  readSafetensors
} from '@mechid/files'
import { entryCount, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { asNumbers, type Channels } from './channels.js'
import type { RecordingError } from './errors.js'
import { endingOf } from './file-names.js'
import type { Recording } from './recording.js'

/** The names of the arrays to read; `x`, `a`, `z` and `lengths` if left out. */
export interface ArrayNames {
  readonly x?: string
  readonly a?: string
  readonly z?: string
  readonly lengths?: string
}

export interface ArrayOptions extends ArrayNames {
  /** Whether lines of an array of rank 2 are frames, one after the other. */
  readonly series?: boolean
}

export type Role = keyof ArrayNames
export type Arrays = Partial<Record<Role, NumericArray>>
type Outcome<A> = E.Either<RecordingError, A>

/** Endings of files of arrays. */
export const arrayEndings: readonly string[] = ['.npz', '.npy', '.safetensors']

const ROLES: readonly Role[] = ['x', 'a', 'z', 'lengths']

export const wanted = (
  options: ArrayNames,
  available: readonly string[],
  path: string
): Outcome<Map<Role, string>> => {
  const names = new Map<Role, string>()
  for (const role of ROLES) {
    const name = options[role] ?? role
    if (available.includes(name)) names.set(role, name)
    else if (role === 'x' || options[role] !== undefined)
      return E.left(missingEntry(path, 'array', name, available))
  }
  return E.right(names)
}

const picked = (names: Map<Role, string>, arrays: Readonly<Record<string, NumericArray>>): Arrays =>
  Object.fromEntries([...names].map(([role, name]) => [role, arrays[name]]))

/** Only the arrays asked for are read: others may be anything, arrays of text too. */
export const readArrays = async (source: FileInput, options: ArrayNames): Promise<Outcome<Arrays>> => {
  const path = inputName(source)
  const ending = endingOf(path)
  if (ending === '.npy') return E.map((x: NumericArray): Arrays => ({ x }))(await readNpy(source)())
  if (ending === '.safetensors') {
    const read = await readSafetensors(source)()
    if (E.isLeft(read)) return read
    const names = wanted(options, Object.keys(read.right.tensors), path)
    return E.map((chosen: Map<Role, string>) => picked(chosen, read.right.tensors))(names)
  }
  const available: E.Either<FileError, readonly string[]> = await readNpzNames(source)()
  if (E.isLeft(available)) return available
  const names = wanted(options, available.right, path)
  if (E.isLeft(names)) return names
  const read = await readNpz(source, { names: [...names.right.values()] })()
  return E.map((arrays: Readonly<Record<string, NumericArray>>) => picked(names.right, arrays))(read)
}

/** Lines of an array's last axis; a vector is one column. */
export const channelsOf = (name: string, { data, shape }: NumericArray): Channels => {
  const width = shape.length < 2 ? 1 : shape[shape.length - 1]
  return {
    names: Array.from({ length: width }, (_, j) => `${name}${j}`),
    lines: entryCount(shape) / width,
    data: asNumbers(data)
  }
}

/** Frames of each sequence of an x [lines, features] or [sequences, frames, features]; undefined: rows. */
export const lengthsOf = (
  path: string,
  shape: readonly number[],
  lengths: NumericArray | undefined,
  series: boolean
): Outcome<readonly number[] | undefined> => {
  const [lines, frames] = shape
  if (lengths !== undefined) {
    const counts = Array.from(lengths.data as ArrayLike<number>, Number)
    const sum = counts.reduce((total, count) => total + count, 0)
    if (shape.length === 2 && sum === lines && counts.every((count) => Number.isInteger(count) && count >= 1))
      return E.right(counts)
    const expected = `frames of each sequence, integers that add up to the ${lines} lines of an x of rank 2`
    return E.left(shapeMismatch(path, 'lengths', `${counts.length} numbers with sum ${sum}`, expected))
  }
  if (shape.length === 3) return E.right(new Array<number>(lines).fill(frames))
  return E.right(series ? [lines] : undefined)
}

/** Arrays that were read, as a recording. Error: `ShapeMismatch`. */
export const arrayRecording = (
  path: string,
  { x, a, z, lengths: counts }: Arrays,
  options: ArrayOptions
): Outcome<Recording> => {
  if (x === undefined || x.shape.length === 0 || x.shape.length > 3) {
    const expected = '[rows, features] or [sequences, frames, features]; open frames by openRecording'
    return E.left(shapeMismatch(path, 'the shape of x', showShape(x?.shape ?? []), expected))
  }
  const lengths = lengthsOf(path, x.shape, counts, options.series === true)
  if (E.isLeft(lengths)) return lengths
  return E.right({
    name: path,
    x: channelsOf(options.x ?? 'x', x),
    ...(a === undefined ? {} : { a: channelsOf(options.a ?? 'a', a) }),
    ...(z === undefined ? {} : { z: channelsOf(options.z ?? 'z', z) }),
    ...(lengths.right === undefined ? {} : { lengths: lengths.right }),
    notes: []
  })
}

/** Reads a recording of named arrays. Errors: those of the file, `MissingEntry`, `ShapeMismatch`. */
export const readArrayRecording =
  (source: FileInput, options: ArrayOptions): TaskEither<RecordingError, Recording> =>
  async () =>
    E.flatMap((arrays: Arrays) => arrayRecording(inputName(source), arrays, options))(
      await readArrays(source, options)
    )
