/** Data sets from files: .npz arrays `x`, `a`, `z`, or the columns of a .csv. */
import {
  type FileInput,
  inputName,
  missingEntry,
  type NumericArray,
  type NumericTable,
  readCsv,
  readNpz
} from '@mechid/files'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type SimulatorError, wrongEnding } from '../errors.js'
import { type DataSet, dataSet, type Frames } from './data-set.js'
import { oneHot } from './one-hot.js'

export interface ReadDataSetOptions {
  /** `discrete`: each action column holds integers 0 … v − 1 and becomes v columns of 0 and 1. */
  readonly actions?: 'continuous' | 'discrete'
}

type Names = 'x' | 'a' | 'z'

const single = ({ data, shape }: NumericArray): Frames => ({
  data: data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>, Number),
  // A vector is one column.
  shape: shape.length === 1 ? [shape[0], 1] : shape
})

const fromArrays = (
  path: string,
  arrays: Readonly<Record<string, NumericArray>>
): E.Either<SimulatorError, DataSet> => {
  if (arrays.x === undefined) return E.left(missingEntry(path, 'array', 'x', Object.keys(arrays)))
  return E.right({
    x: single(arrays.x),
    ...(arrays.a === undefined ? {} : { a: single(arrays.a) }),
    ...(arrays.z === undefined ? {} : { z: single(arrays.z) })
  })
}

/** `x0`, `x_1`, `a2`: the letter and a number. */
const GROUP = /^([xaz])_?\d+$/

const columnsOf = (table: NumericTable, indices: readonly number[]): Frames => {
  const [rows, width] = table.values.shape
  const out = new Float32Array(rows * indices.length)
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < indices.length; j++)
      out[r * indices.length + j] = table.values.data[r * width + indices[j]]
  }
  return { data: out, shape: [rows, indices.length] }
}

/** Columns called x0, x1, …, a0, …, z0, …; where none is called so, every column is a feature. */
const fromTable = (path: string, table: NumericTable): E.Either<SimulatorError, DataSet> => {
  const groups: Record<Names, number[]> = { x: [], a: [], z: [] }
  table.names.forEach((name, j) => {
    const found = GROUP.exec(name)
    if (found !== null) groups[found[1] as Names].push(j)
  })
  const named = groups.x.length + groups.a.length + groups.z.length > 0
  if (!named)
    return E.right({
      x: columnsOf(
        table,
        table.names.map((_, j) => j)
      )
    })
  if (groups.x.length === 0) return E.left(missingEntry(path, 'column', 'x0', table.names))
  return E.right({
    x: columnsOf(table, groups.x),
    ...(groups.a.length === 0 ? {} : { a: columnsOf(table, groups.a) }),
    ...(groups.z.length === 0 ? {} : { z: columnsOf(table, groups.z) })
  })
}

const withActions = (
  data: DataSet,
  path: string,
  { actions }: ReadDataSetOptions
): E.Either<SimulatorError, DataSet> => {
  if (actions !== 'discrete' || data.a === undefined) return E.right(data)
  return E.map((a: Frames): DataSet => ({ ...data, a }))(oneHot(data.a, path))
}

const load = (input: FileInput): TE.TaskEither<SimulatorError, DataSet> => {
  const path = inputName(input)
  if (path.endsWith('.csv')) {
    return pipe(
      readCsv(input),
      TE.flatMapEither((table) => fromTable(path, table))
    )
  }
  if (path.endsWith('.npz')) {
    return pipe(
      readNpz(input),
      TE.flatMapEither((arrays) => fromArrays(path, arrays))
    )
  }
  return TE.left(wrongEnding('readDataSet', path))
}

/**
 * Reads a data set into memory and checks it. `.npz`: arrays `x` and, if you like, `a` and `z`. `.csv`: columns
 * `x0, x1, …`, `a0, …`, `z0, …`; if no column has such a name, all are features. In a page, `input` is a `File`,
 * whose name has the ending.
 *
 * When to use it: for files that memory holds. `openDataSet` reads larger ones in chunks.
 *
 * Errors: those of the files, `InvalidOption` for another ending, `InvalidAction`, and those of `dataSet`.
 */
export const readDataSet = (
  input: FileInput,
  options: ReadDataSetOptions = {}
): TE.TaskEither<SimulatorError, DataSet> => {
  const path = inputName(input)
  return pipe(
    load(input),
    TE.flatMapEither((data) => dataSet(data, path)),
    TE.flatMapEither((data) => withActions(data, path, options))
  )
}
