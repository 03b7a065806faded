/** Whether the shapes of a data set's arrays fit together, wherever the numbers are. */
import type { SimulatorError } from './errors.js'

/** Shapes of the arrays of a data set. */
export interface ArrayShapes {
  readonly x: readonly number[]
  readonly a?: readonly number[]
  readonly z?: readonly number[]
}

const checkRank = (
  where: string,
  name: string,
  shape: readonly number[],
  rank: number
): SimulatorError | undefined => {
  if (shape.length === rank && shape.every((n) => n >= 1)) return undefined
  const expected = rank === 2 ? '[n, width], as x has two axes' : '[n, t, width], as x has three axes'
  return { _tag: 'ShapeMismatch', where, array: name, actual: shape, expected }
}

const checkRows = (
  where: string,
  name: string,
  x: readonly number[],
  shape: readonly number[]
): SimulatorError | undefined => {
  if (shape[0] !== x[0]) {
    return { _tag: 'LengthMismatch', where, array: name, expected: x[0], actual: shape[0] }
  }
  if (x.length < 3) return undefined
  const [frames, t] = [shape[1], x[1]]
  if (frames === t || (name === 'a' && frames === t - 1)) return undefined
  const expected = name === 'a' ? `[n, ${t} or ${t - 1}, width]` : `[n, ${t}, width]`
  return { _tag: 'ShapeMismatch', where, array: name, actual: shape, expected }
}

/** The first thing wrong: ranks, lengths, frames, or too few rows. */
export const checkShapes = (where: string, shapes: ArrayShapes): SimulatorError | undefined => {
  const { x } = shapes
  const rank = x.length
  if (rank !== 2 && rank !== 3) {
    const expected = '[n, features] or [n, t, features]'
    return { _tag: 'ShapeMismatch', where, array: 'x', actual: x, expected }
  }
  if (rank === 3 && x[1] < 2) {
    const expected = '[n, t, features] with t of at least 2 frames; static data are [n, features]'
    return { _tag: 'ShapeMismatch', where, array: 'x', actual: x, expected }
  }
  for (const name of ['x', 'a', 'z'] as const) {
    const shape = shapes[name]
    if (shape === undefined) continue
    const wrong = checkRank(where, name, shape, rank) ?? checkRows(where, name, x, shape)
    if (wrong !== undefined) return wrong
  }
  return x[0] < 2 ? { _tag: 'TooFewRows', where, actual: x[0], needed: 2 } : undefined
}

/** What is wrong with the value at `at` of an array, row-major, that is not finite. */
export const notFinite = (
  where: string,
  name: string,
  shape: readonly number[],
  at: number,
  value: number
): SimulatorError => {
  const width = shape[shape.length - 1]
  const column = at % width
  const line = Math.floor(at / width)
  if (shape.length < 3) return { _tag: 'NotFinite', where, array: name, row: line, column, value }
  const [row, frame] = [Math.floor(line / shape[1]), line % shape[1]]
  return { _tag: 'NotFinite', where, array: name, row, frame, column, value }
}

/** Where the first value is that is NaN or infinite; the length if there is none. */
export const firstNotFinite = (data: Float32Array): number => {
  let at = 0
  // x − x is 0 for finite x and NaN otherwise.
  while (at < data.length && data[at] - data[at] === 0) at++
  return at
}
