/** Data sets into files: .npz arrays `x`, `a`, `z`, or the columns of a .csv. */
import { type NumericArray, writeCsv, writeNpz } from '@mechid/files'
import { shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type SimulatorError, wrongEnding } from '../errors.js'
import { type DataSet, dataSet, type Frames } from './data-set.js'

const arraysOf = ({ x, a, z }: DataSet): ReadonlyArray<readonly [string, Frames]> => [
  ['x', x],
  ...(a === undefined ? [] : [['a', a] as const]),
  ...(z === undefined ? [] : [['z', z] as const])
]

/** `x0`, `x1`, … of all arrays side by side. */
const columnNames = (arrays: ReadonlyArray<readonly [string, Frames]>): readonly string[] =>
  arrays.flatMap(([name, { shape }]) => Array.from({ length: shape[1] }, (_, j) => `${name}${j}`))

const sideBySide = (arrays: ReadonlyArray<readonly [string, Frames]>, columns: number): NumericArray => {
  const rows = arrays[0][1].shape[0]
  const data = new Float32Array(rows * columns)
  let first = 0
  for (const [, { data: from, shape }] of arrays) {
    const width = shape[1]
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < width; j++) data[r * columns + first + j] = from[r * width + j]
    }
    first += width
  }
  return { data, shape: [rows, columns] }
}

const writeTable = (path: string, data: DataSet): TE.TaskEither<SimulatorError, void> => {
  if (data.x.shape.length === 3) {
    const expected = '[n, features] in a .csv; write sequences to a .npz'
    return TE.left(shapeMismatch(path, 'x', showShape(data.x.shape), expected))
  }
  const arrays = arraysOf(data)
  const names = columnNames(arrays)
  return writeCsv(path, names, sideBySide(arrays, names.length))
}

/**
 * Checks a data set and writes it in a form that `readDataSet` reads. `.npz`: arrays `x` and, where there are any, `a` and
 * `z`. `.csv` (static data only): columns `x0, x1, …, a0, …, z0, …`.
 *
 * Errors: those of `dataSet`, those of writing files, `ShapeMismatch` for sequences in a .csv, `InvalidOption` for
 * another ending.
 *
 * @example
 * await writeDataSet('data.npz', data)()
 */
export const writeDataSet = (path: string, data: DataSet): TE.TaskEither<SimulatorError, void> => {
  const sound = dataSet(data, path)
  if (E.isLeft(sound)) return TE.left(sound.left)
  if (path.endsWith('.csv')) return writeTable(path, data)
  if (path.endsWith('.npz')) return writeNpz(path, Object.fromEntries(arraysOf(data)))
  return TE.left(wrongEnding('writeDataSet', path))
}
