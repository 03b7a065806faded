/** Recordings that need not fit in memory: frames, and arrays that are large. */
import {
  type ArrayReader,
  type FileError,
  type FileInput,
  inputName,
  type NumericArray,
  openNpy,
  openNpz,
  readNpz,
  readNpzNames
} from '@mechid/files'
import { entryCount, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  arrayEndings,
  arrayRecording,
  channelsOf,
  lengthsOf,
  readArrayRecording,
  readArrays,
  wanted
} from './archive-recording.js'
import { asNumbers, type Channels, joined } from './channels.js'
import type { RecordingError } from './errors.js'
import { basename, endingOf } from './file-names.js'
import {
  axesNote,
  channelNames,
  type FrameAxes,
  type FrameChoice,
  type FrameSize,
  frameAxes
} from './frame-axes.js'
import { channelsLast, fileStore, joinedStores, type LineStore, memoryStore } from './line-store.js'
import { type ReadRecordingOptions, readRecording, recordingsTogether } from './read-recording.js'
import type { Recording } from './recording.js'

/** A recording whose observations are read when they are needed. Actions and latents lie in memory. */
export interface StoredRecording extends Omit<Recording, 'x'> {
  readonly x: LineStore
  /** Of the features of a line, or of the channels of a frame. */
  readonly names: readonly string[]
  /** Absent: lines are plain features. */
  readonly frames?: FrameSize
  /** Closes the files. */
  readonly close: () => Promise<void>
}

export interface OpenRecordingOptions extends ReadRecordingOptions {
  /** The size of the frames of x, or that there are none; if left out, its shape decides. */
  readonly frames?: FrameChoice
  /** Bytes as float32 from which on plain features stay in their file, too. Default 512 MiB. */
  readonly memory?: number
}

/** Whether observations are read from where they are stored. */
export const isStored = (recording: Recording | StoredRecording): recording is StoredRecording =>
  'close' in recording

type Outcome<A> = E.Either<RecordingError, A>

const MEMORY = 2 ** 29

/** One file's arrays: observations open or in memory, the others in memory. */
interface OpenArrays {
  readonly source: FileInput
  readonly path: string
  readonly shape: readonly number[]
  readonly bytes: boolean
  readonly x: ArrayReader | NumericArray
  readonly others: Readonly<Partial<Record<'a' | 'z' | 'lengths', NumericArray>>>
  readonly notes: readonly string[]
}

const isReader = (x: ArrayReader | NumericArray): x is ArrayReader => 'rows' in x

const opened = (source: FileInput, x: ArrayReader): OpenArrays => ({
  source,
  path: inputName(source),
  shape: x.shape,
  bytes: x.dtype === 'uint8' || x.dtype === 'bool',
  x,
  others: {},
  notes: []
})

/** Arrays that are read whole. */
const inMemory = async (source: FileInput, options: ReadRecordingOptions): Promise<Outcome<OpenArrays>> => {
  const path = inputName(source)
  const read = await readArrays(source, options)
  if (E.isLeft(read)) return read
  const { x, ...others } = read.right
  if (x === undefined) return E.left(shapeMismatch(path, 'x', 'missing', 'an array of observations'))
  return E.right({ source, path, shape: x.shape, bytes: x.data instanceof Uint8Array, x, others, notes: [] })
}

const COMPRESSED =
  'is compressed, so that all of it is held in memory; numpy.savez leaves arrays uncompressed.'

const openArchive = async (
  source: FileInput,
  options: ReadRecordingOptions
): Promise<Outcome<OpenArrays>> => {
  const path = inputName(source)
  const available: E.Either<FileError, readonly string[]> = await readNpzNames(source)()
  if (E.isLeft(available)) return available
  const names = wanted(options, available.right, path)
  if (E.isLeft(names)) return names
  const { x: name, ...rest } = Object.fromEntries(names.right)
  const reader = await openNpz(source, name)()
  if (E.isLeft(reader)) {
    // Compressed: read it whole. Another fault shows again there.
    const whole = await inMemory(source, options)
    return E.map((arrays: OpenArrays) => ({ ...arrays, notes: [`${path}: array ${name} ${COMPRESSED}`] }))(
      whole
    )
  }
  const others = await readNpz(source, { names: Object.values(rest) })()
  if (E.isLeft(others)) {
    await reader.right.close()
    return others
  }
  const picked = Object.entries(rest).map(([role, other]) => [role, others.right[other]])
  return E.right({ ...opened(source, reader.right), others: Object.fromEntries(picked) })
}

const openOne = async (source: FileInput, options: ReadRecordingOptions): Promise<Outcome<OpenArrays>> => {
  const ending = endingOf(inputName(source))
  if (ending === '.npz') return openArchive(source, options)
  if (ending !== '.npy') return inMemory(source, options)
  return E.map((reader: ArrayReader) => opened(source, reader))(await openNpy(source)())
}

const closed = async (arrays: readonly OpenArrays[]): Promise<void> => {
  for (const { x } of arrays) if (isReader(x)) await x.close()
}

/** The store of one file's observations, and how many frames each of its sequences has. */
const storeOf = ({ x, shape }: OpenArrays, width: number, axes: FrameAxes | undefined): LineStore => {
  const store = isReader(x) ? fileStore(x, width) : memoryStore(asNumbers(x.data), width)
  return axes?.channelsFirst === true && shape.length > 2 ? channelsLast(store, axes) : store
}

/** One file as a recording; `axes` absent: plain features. */
const recordingOf = (
  arrays: OpenArrays,
  axes: FrameAxes | undefined,
  options: OpenRecordingOptions
): Outcome<StoredRecording> => {
  const { path, shape, others } = arrays
  const width = axes === undefined ? shape[shape.length - 1] : axes.height * axes.width * axes.channels
  const store = storeOf(arrays, width, axes)
  const perSequence = axes === undefined ? (shape.length === 3 ? shape[1] : undefined) : axes.perSequence
  const flat =
    perSequence === undefined ? [store.lines, width] : [store.lines / perSequence, perSequence, width]
  const lengths = lengthsOf(path, flat, others.lengths, options.series === true)
  if (E.isLeft(lengths)) return lengths
  const { a, z } = others
  return E.right({
    name: path,
    x: store,
    names:
      axes === undefined
        ? Array.from({ length: width }, (_, j) => `${options.x ?? 'x'}${j}`)
        : channelNames(axes.channels),
    ...(axes === undefined
      ? {}
      : { frames: { height: axes.height, width: axes.width, channels: axes.channels } }),
    ...(a === undefined ? {} : { a: channelsOf(options.a ?? 'a', a) }),
    ...(z === undefined ? {} : { z: channelsOf(options.z ?? 'z', z) }),
    ...(lengths.right === undefined ? {} : { lengths: lengths.right }),
    notes: [
      ...arrays.notes,
      ...(axes === undefined ? [] : [axesNote(shape, axes, options.frames !== undefined)])
    ],
    close: store.close
  })
}

/** What observations of a recording are, in words. */
const kindOf = ({ x, names, frames }: StoredRecording): string => {
  const numbers = x.bytes ? 'bytes' : 'numbers'
  if (frames === undefined) return `${names.length} features of ${numbers}`
  return `frames of ${frames.height} × ${frames.width} × ${frames.channels} ${numbers}`
}

const kinds = ({ lengths, a, z }: StoredRecording): string =>
  [
    lengths === undefined ? 'rows' : 'sequences',
    ...(a === undefined ? [] : [`${a.names.length} actions`]),
    ...(z === undefined ? [] : [`${z.names.length} latents`])
  ].join(' with ')

/** Several recordings one after the other, if they go together. */
const together = (recordings: readonly StoredRecording[]): Outcome<StoredRecording> => {
  const [first, ...others] = recordings
  if (others.length === 0) return E.right(first)
  for (const other of others) {
    for (const [what, of] of [
      ['x', kindOf],
      ['its content', kinds]
    ] as const) {
      if (of(other) !== of(first))
        return E.left(shapeMismatch(other.name, what, of(other), `${of(first)}, as in ${first.name}`))
    }
  }
  const all = (role: 'a' | 'z'): Channels | undefined =>
    first[role] === undefined ? undefined : joined(recordings.map((one) => one[role] as Channels))
  const [a, z] = [all('a'), all('z')]
  const x = joinedStores(recordings.map((one) => one.x))
  const { lengths, a: _a, z: _z, ...rest } = first
  return E.right({
    ...rest,
    name: `${basename(first.name)} and ${others.length} more`,
    x,
    ...(a === undefined ? {} : { a }),
    ...(z === undefined ? {} : { z }),
    ...(lengths === undefined ? {} : { lengths: recordings.flatMap((one) => one.lengths ?? []) }),
    notes: [...new Set(recordings.flatMap(({ notes }) => notes))],
    close: x.close
  })
}

/** The axes of each file's frames; undefined: plain features that memory holds. */
const storedAxes = (
  arrays: readonly OpenArrays[],
  { frames, memory = MEMORY }: OpenRecordingOptions
): Outcome<readonly (FrameAxes | undefined)[] | undefined> => {
  const axes: (FrameAxes | undefined)[] = []
  for (const { path, shape, bytes } of arrays) {
    if (shape.length < 1 || shape.length > 5) {
      const expected = '[rows, features], [sequences, frames, features], or frames with up to five axes'
      return E.left(shapeMismatch(path, 'the shape of x', showShape(shape), expected))
    }
    const found = frameAxes(path, shape, bytes, frames)
    if (E.isLeft(found)) return found
    if (found.right === undefined && shape.length > 3) {
      const expected = '[rows, features] or [sequences, frames, features], where there are no frames'
      return E.left(shapeMismatch(path, 'the shape of x', showShape(shape), expected))
    }
    axes.push(found.right)
  }
  const size = arrays.reduce((sum, { shape }) => sum + 4 * entryCount(shape), 0)
  const plain = axes.every((one) => one === undefined)
  const held = size <= memory || arrays.some(({ shape }) => shape.length < 2)
  return E.right(plain && held ? undefined : axes)
}

/** The files as one recording, or undefined where `readRecording` does. Files that are not used are closed. */
const storedOf = (
  arrays: readonly OpenArrays[],
  options: OpenRecordingOptions
): Outcome<StoredRecording | undefined> => {
  const axes = storedAxes(arrays, options)
  if (E.isLeft(axes)) return axes
  const found = axes.right
  if (found === undefined) return E.right(undefined)
  const recordings: StoredRecording[] = []
  for (const [k, one] of arrays.entries()) {
    const recording = recordingOf(one, found[k], options)
    if (E.isLeft(recording)) return recording
    recordings.push(recording.right)
  }
  return together(recordings)
}

/**
 * Opens a recording of any size. Frames, and plain features that come to more than `memory`, stay in their file: `.npy`, and
 * `.npz` that is not compressed, are read in parts when they are needed; what is compressed, or `.safetensors`, is held in
 * memory in its own precision, bytes as bytes. Everything else is read as by `readRecording`.
 *
 * Frames are arrays [rows, height, width, channels], [sequences, frames, height, width, channels], the same with channels
 * before height, and bytes [rows, height, width]; with `frames` also [rows, height, width] of any numbers and flat rows. A
 * note says what the axes were taken for.
 *
 * Errors: those of `readRecording`; `ShapeMismatch` where the frames have another size.
 *
 * @example
 * const recording = await openRecording(['video.npy'], { frames: { height: 64, width: 64, channels: 3 } })()
 */
export const openRecording =
  (
    sources: readonly FileInput[],
    options: OpenRecordingOptions = {}
  ): TaskEither<RecordingError, Recording | StoredRecording> =>
  async () => {
    const arrays: OpenArrays[] = []
    if (
      sources.length === 0 ||
      !sources.every((source) => arrayEndings.includes(endingOf(inputName(source))))
    )
      return readRecording(sources, options)()
    for (const source of sources) {
      const one = await openOne(source, options)
      if (E.isLeft(one)) {
        await closed(arrays)
        return one
      }
      arrays.push(one.right)
    }
    const stored = storedOf(arrays, options)
    if (E.isRight(stored) && stored.right !== undefined) return E.right(stored.right)
    await closed(arrays)
    return E.isLeft(stored) ? stored : plainRecording(arrays, options)
  }

/** The files as `readRecording` answers them. Arrays that were read already are not read again. */
const plainRecording = async (
  arrays: readonly OpenArrays[],
  options: ReadRecordingOptions
): Promise<Outcome<Recording>> => {
  const recordings: Recording[] = []
  for (const { source, path, x, others } of arrays) {
    const one = isReader(x)
      ? await readArrayRecording(source, options)()
      : arrayRecording(path, { x, ...others }, options)
    if (E.isLeft(one)) return one
    recordings.push(one.right)
  }
  return recordingsTogether(recordings)
}
