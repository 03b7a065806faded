/** Somebody's own file: what is in it, and the data set that chosen arrays make. It is read here and goes nowhere. */
import { type NumericArray, readNpz, readTable } from '@mechid/files'
import { generator } from '@mechid/random'
import { type DataSet, dataSet, splitRows, standardizationOf, standardize } from '@mechid/simulators'
import * as E from 'fp-ts/lib/Either.js'
import type { FileJob, FoundArray, OpenedFile } from '../messages.js'

type Result<A> = E.Either<{ readonly message: string }, A>

const refuse = (message: string): Result<never> => E.left({ message })

const isNpz = (file: File): boolean => /\.npz$/i.test(file.name)

const arrayFault = ({ shape }: NumericArray): string | undefined =>
  shape.length === 2 || shape.length === 3 ? undefined : 'needs two axes (rows) or three (sequences)'

/** The arrays or columns of a file. Errors: those of `@mechid/files`, which name file and place. */
export const openOwn = async (file: File): Promise<Result<OpenedFile>> => {
  if (isNpz(file)) {
    const arrays = await readNpz(file)()
    if (E.isLeft(arrays)) return arrays
    const found = Object.entries(arrays.right).map(([name, array]): FoundArray => {
      const fault = arrayFault(array)
      return { name, shape: array.shape, ...(fault === undefined ? {} : { fault }) }
    })
    return E.right({ kind: 'npz', name: file.name, arrays: found })
  }
  const table = await readTable(file)()
  if (E.isLeft(table)) return table
  const { names, columns, rows } = table.right
  return E.right({
    kind: 'table',
    name: file.name,
    arrays: names.map((name): FoundArray => {
      const column = columns.get(name)
      const fault =
        column === undefined || column._tag === 'Text'
          ? 'is text'
          : column.firstMissing === undefined
            ? undefined
            : `is empty on line ${column.firstMissing}`
      return { name, shape: [rows], ...(fault === undefined ? {} : { fault }) }
    })
  })
}

const asFrames = ({ data, shape }: NumericArray): { data: Float32Array; shape: readonly number[] } => ({
  data: Float32Array.from(data as ArrayLike<number>),
  shape
})

const fromNpz = async ({ file, x, a }: FileJob): Promise<Result<DataSet>> => {
  const arrays = await readNpz(file, { names: [...x, ...a] })()
  if (E.isLeft(arrays)) return arrays
  const [observations, actions] = [arrays.right[x[0]], a.length === 0 ? undefined : arrays.right[a[0]]]
  return dataSet(
    { x: asFrames(observations), ...(actions === undefined ? {} : { a: asFrames(actions) }) },
    file.name
  )
}

const fromTable = async ({ file, x, a }: FileJob): Promise<Result<DataSet>> => {
  const wanted = new Set([...x, ...a])
  const table = await readTable(file, { columns: (name) => wanted.has(name) })()
  if (E.isLeft(table)) return table
  const { rows, columns } = table.right
  const block = (names: ReadonlyArray<string>): { data: Float32Array; shape: readonly number[] } => {
    const data = new Float32Array(rows * names.length)
    names.forEach((name, j) => {
      const column = columns.get(name)
      if (column?._tag === 'Numbers')
        for (let i = 0; i < rows; i++) data[i * names.length + j] = column.values[i]
    })
    return { data, shape: [rows, names.length] }
  }
  return dataSet({ x: block(x), ...(a.length === 0 ? {} : { a: block(a) }) }, file.name)
}

export interface OwnData {
  /** Features at mean 0 and standard deviation 1, by the rows of the training. */
  readonly data: DataSet
  readonly train: Int32Array
}

/** The chosen arrays as data for a training. Errors: those of the file, and what does not fit together. */
export const ownData = async (job: FileJob): Promise<Result<OwnData>> => {
  if (job.x.length === 0) return refuse('No observations are chosen: say which arrays are x.')
  const read = await (isNpz(job.file) ? fromNpz(job) : fromTable(job))
  if (E.isLeft(read)) return read
  const { x, a } = read.right
  const { train } = splitRows(x.shape[0], { validation: 0, test: 0.1 }, generator(job.seed).split('split'))
  return E.map(
    (scaled: DataSet['x']): OwnData => ({
      data: { x: scaled, ...(a === undefined ? {} : { a }) },
      train
    })
  )(standardize(x, standardizationOf(x, train)))
}
