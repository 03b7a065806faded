/** People's files, by their ending: one, or several of the same kind. */
import { type FileInput, inputName } from '@mechid/files'
import { invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type ArrayNames, arrayEndings, readArrayRecording } from './archive-recording.js'
import { type Channels, joined } from './channels.js'
import { listed, type RecordingError, unreadable } from './errors.js'
import { basename, endingOf } from './file-names.js'
import type { Recording } from './recording.js'
import { type ColumnSelections, readTableRecording } from './table-recording.js'

export interface ReadRecordingOptions extends ColumnSelections, ArrayNames {
  /** Whether lines are frames, one after the other: each file is then one sequence, unless it tells sequences apart. */
  readonly series?: boolean
}

type Outcome<A> = E.Either<RecordingError, A>

const TABLES = ['.csv', '.tsv', '.txt']

/** The line that converts what is not read. */
const CONVERSIONS: Readonly<Record<string, readonly [kind: string, line: string]>> = {
  '.parquet': [
    'Parquet',
    `convert it: python3 -c "import pandas as p; p.read_parquet('IN.parquet').to_csv('OUT.csv', index=False)"`
  ],
  '.h5': [
    'HDF5',
    `convert it: python3 -c "import h5py, numpy as n; n.savez('OUT.npz', x=h5py.File('IN.h5')['NAME'][()])"`
  ],
  '.mat': [
    'MATLAB’s format',
    `convert it: python3 -c "import scipy.io as s, numpy as n; n.savez('OUT.npz', x=s.loadmat('IN.mat')['NAME'])"`
  ],
  '.xlsx': ['a spreadsheet', 'save it as .csv'],
  '.pkl': ['a pickle', 'load it with what wrote it, and write its arrays with numpy.savez'],
  '.pt': [
    'PyTorch’s format',
    `convert it: python3 -c "import torch, numpy as n; n.savez('OUT.npz', x=torch.load('IN.pt').numpy())"`
  ]
}
const ALIASES: Readonly<Record<string, string>> = {
  '.hdf5': '.h5',
  '.h5ad': '.h5',
  '.xls': '.xlsx',
  '.pickle': '.pkl',
  '.pth': '.pt'
}

const readOne = (source: FileInput, options: ReadRecordingOptions): TaskEither<RecordingError, Recording> => {
  const path = inputName(source)
  const packed = endingOf(path) === '.gz'
  const ending = endingOf(packed ? path.slice(0, -'.gz'.length) : path)
  if (TABLES.includes(ending)) return readTableRecording(source, options)
  if (arrayEndings.includes(ending) && !packed) return readArrayRecording(source, options)
  const conversion = CONVERSIONS[ALIASES[ending] ?? ending]
  const expected = `one of ${[...arrayEndings, ...TABLES].join(', ')}, or a table with .gz behind`
  return async () =>
    E.left(
      conversion === undefined
        ? invalidOption(path, 'the ending', ending === '' ? 'missing' : `"${ending}"`, expected)
        : unreadable(path, ...conversion)
    )
}

const ROLES = ['x', 'a', 'z'] as const

/** Why a file does not go with the first one. */
const misfit = (first: Recording, other: Recording): RecordingError | undefined => {
  for (const role of ROLES) {
    const [here, there] = [first[role]?.names ?? [], other[role]?.names ?? []]
    if (here.length === there.length && here.every((name, j) => name === there[j])) continue
    const expected = `those of ${first.name}: ${here.length === 0 ? 'none' : listed(here)}`
    return shapeMismatch(
      other.name,
      `the columns of ${role}`,
      there.length === 0 ? 'none' : listed(there),
      expected
    )
  }
  if ((first.lengths === undefined) === (other.lengths === undefined)) return undefined
  const [here, there] = [first, other].map(({ lengths }) => (lengths === undefined ? 'rows' : 'sequences'))
  return shapeMismatch(other.name, 'its content', there, `${here}, as in ${first.name}`)
}

/** Columns of labels get the codes of all files together. */
const relabelled = (parts: readonly Channels[]): readonly Channels[] => {
  const columns = new Set(parts.flatMap(({ labels }) => [...(labels?.keys() ?? [])]))
  if (columns.size === 0 || parts.length === 1) return parts
  const all = new Map(
    [...columns].map((j) => [j, [...new Set(parts.flatMap(({ labels }) => labels?.get(j) ?? []))]] as const)
  )
  return parts.map((part) => {
    const data = Float64Array.from(part.data)
    const width = part.names.length
    for (const [j, labels] of all) {
      const codes = (part.labels?.get(j) ?? []).map((label) => labels.indexOf(label))
      for (let at = j; at < data.length; at += width) data[at] = codes[data[at]]
    }
    return { ...part, data, labels: all }
  })
}

/** Several recordings one after the other, if they go together. */
export const recordingsTogether = (recordings: readonly Recording[]): Outcome<Recording> => {
  const [first, ...others] = recordings
  if (others.length === 0) return E.right(first)
  for (const other of others) {
    const wrong = misfit(first, other)
    if (wrong !== undefined) return E.left(wrong)
  }
  const all = (role: (typeof ROLES)[number]): Channels | undefined =>
    first[role] === undefined ? undefined : joined(relabelled(recordings.map((one) => one[role] as Channels)))
  const [x, a, z] = ROLES.map(all)
  return E.right({
    name: `${basename(first.name)} and ${others.length} more`,
    x: x as Channels,
    ...(a === undefined ? {} : { a }),
    ...(z === undefined ? {} : { z }),
    ...(first.lengths === undefined ? {} : { lengths: recordings.flatMap(({ lengths }) => lengths ?? []) }),
    notes: [...new Set(recordings.flatMap(({ notes }) => notes))]
  })
}

/**
 * Reads what was recorded from one file or several, which are put one after the other: paths, or, as in a page, `File`s with
 * names. By ending, in either case of
 * letters: `.npz` and `.safetensors` (arrays `x`, `a`, `z`, `lengths`, or those named), `.npy` (`x` alone), `.csv`,
 * `.tsv` and `.txt`, also with `.gz` (columns x0, …, a0, …, z0, …, or those selected).
 *
 * `x` [rows, features] are rows, or frames with `series` or `lengths`; `x` [sequences, frames, features] are sequences.
 * Tables are rows, or frames with `series` or a `sequence` column.
 *
 * Errors: those of the files, `MissingEntry`, `UnknownName`, `InvalidOption`, `ShapeMismatch` (also for a file that
 * does not go with the first), `Unreadable` with the line that converts Parquet, HDF5 and the like.
 *
 * @example
 * const recording = await readRecording(['monday.csv', 'tuesday.csv'], { series: true, features: 'acc_*' })()
 */
export const readRecording =
  (
    sources: readonly FileInput[],
    options: ReadRecordingOptions = {}
  ): TaskEither<RecordingError, Recording> =>
  async () => {
    if (sources.length === 0)
      return E.left(shapeMismatch('readRecording', 'the list of files', 'empty', 'one file or more'))
    const recordings: Recording[] = []
    for (const source of sources) {
      const read = await readOne(source, options)()
      if (E.isLeft(read)) return read
      recordings.push(read.right)
    }
    return recordingsTogether(recordings)
  }
