/** What a case of the table is, and what cases are made of. */
import type { NumericArray } from '@mechid/files'
import { dictionary, npyFile } from '../../../../packages/files/test/zip-file.js'
import { rows } from '../program.js'

export type Args = readonly string[]

/** Makes the files of a case in the folder of the test; what is answered are arguments that name them. */
export interface Files {
  readonly at: (name: string) => string
  /** A file of this content; its name. */
  readonly written: (name: string, content: string | Uint8Array) => string
  /** `written`, as arguments; `more` follow. */
  readonly file: (name: string, content: string | Uint8Array, ...more: Args) => Args
  /** An archive of these arrays, as arguments. */
  readonly archive: (
    name: string,
    arrays: Readonly<Record<string, NumericArray>>,
    ...more: Args
  ) => Promise<Args>
}

export interface Case {
  readonly name: string
  readonly args: (files: Files) => Args | Promise<Args>
  /** What the program says: on standard error where it refuses, on standard output where it learns. */
  readonly says: RegExp
}

export const cases = (
  listed: ReadonlyArray<readonly [name: string, args: Case['args'], says: RegExp]>
): readonly Case[] => listed.map(([name, args, says]) => ({ name, args, says }))

/** Arguments for a file. */
export const of = (data: string, ...more: Args): Args => ['--latents', '2', '--data', data, ...more]

/** Arguments for a file with which nothing is wrong; the test writes it. */
export const GOOD = of('good.npz')

export const numbers = (shape: readonly number[], value: (i: number) => number): NumericArray => ({
  data: Float64Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) => value(i)),
  shape
})

export const x300 = rows(300).x

/** The array with another number in one place. */
export const changed = (array: typeof x300, at: number, value: number): NumericArray => {
  const data = array.data.slice()
  data[at] = value
  return { ...array, data }
}

/** A sound .npy file. */
export const npy = npyFile(dictionary('<f8', '(2, 3)'), Buffer.alloc(48))
