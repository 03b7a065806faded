/** Reads files from bytes and tells what came of it in words that can be compared. */
import {
  csvBytes,
  type FileError,
  type NumericArray,
  npyBytes,
  npzBytes,
  openNpz,
  readCsv,
  readNpy,
  readNpz,
  readSafetensors,
  readTable,
  safetensorsBytes,
  writeNpz
} from '@mechid/files'
import { orThrow } from '@mechid/values'
import type { Either } from 'fp-ts/lib/Either.js'

/** A file's name and its bytes as base64. */
export type Files = Readonly<Record<string, string>>

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

const shown = (array: NumericArray): string =>
  `${array.stored ?? array.data[Symbol.toStringTag]} [${array.shape}] ${Array.from(array.data as ArrayLike<number>, String).slice(0, 9)}`

const all = (arrays: Readonly<Record<string, NumericArray>>): string =>
  Object.entries(arrays)
    .map(([name, array]) => `${name}: ${shown(array)}`)
    .join('; ')

const readers: Readonly<Record<string, (input: Blob | Uint8Array) => Promise<Either<FileError, string>>>> = {
  npz: async (input) => mapped(await readNpz(input, { memoryLimit: 2 ** 26 })(), all),
  npy: async (input) => mapped(await readNpy(input, { memoryLimit: 2 ** 26 })(), shown),
  csv: async (input) =>
    mapped(await readCsv(input)(), ({ names, values }) => `${names.join(' ')} ${shown(values)}`),
  table: async (input) =>
    mapped(await readTable(input)(), ({ names, rows, format, columns }) =>
      JSON.stringify([names, rows, format, [...columns]])
    ),
  safetensors: async (input) =>
    mapped(await readSafetensors(input)(), ({ tensors, metadata }) => all(tensors) + JSON.stringify(metadata))
}

const mapped = <A>(either: Either<FileError, A>, show: (value: A) => string): Either<FileError, string> =>
  either._tag === 'Left' ? either : { _tag: 'Right', right: show(either.right) }

/** For each file, `kind name` → what was read from it as a blob and as bytes. */
export const readAll = async (files: Files): Promise<Readonly<Record<string, string>>> => {
  const told: Record<string, string> = {}
  for (const [name, base64] of Object.entries(files)) {
    const bytes = bytesOf(base64)
    for (const [form, input] of [
      ['a file', new File([bytes], name)],
      ['bytes', bytes]
    ] as const) {
      const read = await readers[name.slice(name.lastIndexOf('.') + 1)](input)
      const text = read._tag === 'Left' ? `${read.left._tag} ${read.left.message}` : read.right
      // The two must agree, but for what they are called.
      told[`${name} from ${form}`] = text.replaceAll(name, 'it').replaceAll('the bytes', 'it')
    }
  }
  return told
}

export interface Written {
  /** As base64, by name. */
  readonly files: Files
  /** What comes of writing by a path. */
  readonly byPath: string
  /** Rows from the middle of an archive. */
  readonly rows: string
}

const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

/** Writes the same arrays in every format. */
export const writeAll = async (path: string): Promise<Written> => {
  const x: NumericArray = { data: Float64Array.of(1, -2.5, 3e-7, Number.NaN, 5, 6), shape: [3, 2] }
  const codes: NumericArray = { data: Uint8Array.of(1, 0, 1), shape: [3], stored: 'bool' }
  const arrays = { x, codes }
  const stored = await orThrow(npzBytes(arrays))
  const reader = await orThrow(openNpz(new Blob([stored]), 'x'))
  const rows = new Float64Array(4)
  await orThrow(reader.rows(1, 2, rows))
  await orThrow(reader.close)
  const written = await writeNpz(path, arrays)()
  return {
    files: {
      'x.npy': base64(orThrow(npyBytes(x))),
      'stored.npz': base64(stored),
      'deflated.npz': base64(await orThrow(npzBytes(arrays, { compress: true }))),
      'x.csv': base64(orThrow(csvBytes(['a', 'b "c"'], x))),
      'x.safetensors': base64(orThrow(safetensorsBytes(arrays, { made: 'here' })))
    },
    byPath: written._tag === 'Left' ? written.left.message : 'written',
    rows: rows.join(' ')
  }
}
