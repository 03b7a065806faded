/** Lines of a recording as arrays of a file: sequences of equal lengths have an axis of their own. */
import { extname, resolve } from 'node:path'
import { orFail } from '@mechid/example-terminal'
import { type NumericArray, writeCsv, writeNpz } from '@mechid/files'
import type { Recording } from '@mechid/recordings'
import type { Samples } from '@mechid/values'

type Lengths = Recording['lengths']

/** The length that all sequences have; undefined: they differ, or lines are rows. */
const commonLength = (lengths: Lengths): number | undefined =>
  lengths?.every((length) => length === lengths[0]) === true ? lengths[0] : undefined

/** Lines of width `width` as [sequences, frames, width] where sequences are equally long, else as [lines, width]. */
export const asSequences = (data: NumericArray['data'], width: number, lengths: Lengths): NumericArray => {
  const lines = data.length / width
  const equal = commonLength(lengths) !== undefined && lengths !== undefined
  return { data, shape: equal ? [lengths.length, lines / lengths.length, width] : [lines, width] }
}

/** `lengths`, where sequences are not equally long. */
const lengthsArray = (lengths: Lengths): Readonly<Record<string, NumericArray>> =>
  lengths === undefined || commonLength(lengths) !== undefined
    ? {}
    : { lengths: { data: Int32Array.from(lengths), shape: [lengths.length] } }

/** Writes `values` as the array `name`, with `beside`; a .csv has columns `column0, column1, …` and nothing beside. */
export const writeLines = async (
  path: string,
  { name, column, values }: { readonly name: string; readonly column: string; readonly values: Samples },
  lengths: Lengths,
  beside: Readonly<Record<string, NumericArray>> = {}
): Promise<void> => {
  const width = values.shape[1]
  if (extname(path).toLowerCase() === '.csv') {
    const names = Array.from({ length: width }, (_name, i) => `${column}${i}`)
    orFail(await writeCsv(resolve(path), names, values)())
    return
  }
  const arrays = { [name]: asSequences(values.data, width, lengths), ...lengthsArray(lengths), ...beside }
  orFail(await writeNpz(resolve(path), arrays)())
}
