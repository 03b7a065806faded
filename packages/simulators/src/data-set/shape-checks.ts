/** Whether the shapes of a data set's arrays fit together, wherever the numbers are. */
import { type ShapeMismatch, shapeMismatch, showShape, type TooFewRows, tooFewRows } from '@mechid/values'

/** The shapes of a data set's arrays. */
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
): ShapeMismatch | undefined => {
  if (shape.length === rank && shape.every((n) => n >= 1)) return undefined
  const expected = rank === 2 ? '[n, width], as x has two axes' : '[n, t, width], as x has three axes'
  return shapeMismatch(where, name, showShape(shape), expected)
}

const checkRows = (
  where: string,
  name: string,
  x: readonly number[],
  shape: readonly number[]
): ShapeMismatch | undefined => {
  if (shape[0] !== x[0]) {
    const expected = `${x[0]}, as x has; give both one row a sample`
    return shapeMismatch(where, `the number of rows of ${name}`, shape[0], expected)
  }
  if (x.length < 3) return undefined
  const [frames, t] = [shape[1], x[1]]
  if (frames === t || (name === 'a' && frames === t - 1)) return undefined
  const expected = name === 'a' ? `[n, ${t} or ${t - 1}, width]` : `[n, ${t}, width]`
  return shapeMismatch(where, name, showShape(shape), expected)
}

/** The first thing wrong: ranks, lengths, frames, or too few rows. */
export const checkShapes = (where: string, shapes: ArrayShapes): ShapeMismatch | TooFewRows | undefined => {
  const { x } = shapes
  const rank = x.length
  if (rank !== 2 && rank !== 3) {
    const expected = '[n, features] or [n, t, features]'
    return shapeMismatch(where, 'x', showShape(x), expected)
  }
  if (rank === 3 && x[1] < 2) {
    const expected = '[n, t, features] with t of at least 2 frames; static data are [n, features]'
    return shapeMismatch(where, 'x', showShape(x), expected)
  }
  for (const name of ['x', 'a', 'z'] as const) {
    const shape = shapes[name]
    if (shape === undefined) continue
    const wrong = checkRank(where, name, shape, rank) ?? checkRows(where, name, x, shape)
    if (wrong !== undefined) return wrong
  }
  return x[0] < 2 ? tooFewRows(where, x[0], 2) : undefined
}
