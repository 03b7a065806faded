/** Data sets: observations, perhaps actions, perhaps the latents behind them. */
import * as E from 'fp-ts/lib/Either.js'
import type { SimulatorError } from './errors.js'

/** An array of rank 2, [n, width], or rank 3, [n, frames, width], row-major. */
export interface Frames {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/**
 * `x` [n, features] is static, [n, t, features] holds sequences of t frames. `a`: the same rows; in sequences
 * `a[:, τ]` acts on the step from frame τ to τ + 1, in t or t − 1 frames (a t-th is not used). `z`: the true
 * latents of each frame, where they are known.
 */
export interface DataSet {
  readonly x: Frames
  readonly a?: Frames
  readonly z?: Frames
}

/** Sizes read off a data set. */
export interface DataShape {
  readonly rows: number
  /** Frames of a sequence; 1 for static data. */
  readonly frames: number
  readonly features: number
  /** Columns of the action; 0 without actions. */
  readonly actions: number
  /** True latents; undefined where they are not known. */
  readonly latents: number | undefined
  readonly temporal: boolean
}

const widthOf = ({ shape }: Frames): number => shape[shape.length - 1]

export const dataShape = ({ x, a, z }: DataSet): DataShape => ({
  rows: x.shape[0],
  frames: x.shape.length === 3 ? x.shape[1] : 1,
  features: widthOf(x),
  actions: a === undefined ? 0 : widthOf(a),
  latents: z === undefined ? undefined : widthOf(z),
  temporal: x.shape.length === 3
})

const checkRank = (
  where: string,
  name: string,
  { data, shape }: Frames,
  rank: number
): SimulatorError | undefined => {
  const size = shape.reduce((product, n) => product * n, 1)
  if (shape.length === rank && size === data.length && shape.every((n) => n >= 1)) return undefined
  const expected = rank === 2 ? '[n, width], as x has two axes' : '[n, t, width], as x has three axes'
  return { _tag: 'ShapeMismatch', where, array: name, actual: shape, expected }
}

const checkFinite = (where: string, name: string, { data, shape }: Frames): SimulatorError | undefined => {
  let at = 0
  // x − x is 0 for finite x and NaN otherwise.
  while (at < data.length && data[at] - data[at] === 0) at++
  if (at === data.length) return undefined
  const width = shape[shape.length - 1]
  const column = at % width
  const value = data[at]
  const line = Math.floor(at / width)
  return shape.length === 3
    ? {
        _tag: 'NotFinite',
        where,
        array: name,
        row: Math.floor(line / shape[1]),
        frame: line % shape[1],
        column,
        value
      }
    : { _tag: 'NotFinite', where, array: name, row: line, column, value }
}

const checkConstant = (where: string, { data, shape }: Frames): SimulatorError | undefined => {
  const width = shape[shape.length - 1]
  for (let feature = 0; feature < width; feature++) {
    let at = feature
    while (at < data.length && data[at] === data[feature]) at += width
    if (at >= data.length) return { _tag: 'ConstantFeature', where, feature, value: data[feature] }
  }
  return undefined
}

const checkRows = (where: string, name: string, x: Frames, other: Frames): SimulatorError | undefined => {
  if (other.shape[0] !== x.shape[0]) {
    return { _tag: 'LengthMismatch', where, array: name, expected: x.shape[0], actual: other.shape[0] }
  }
  if (x.shape.length < 3) return undefined
  const [frames, t] = [other.shape[1], x.shape[1]]
  if (frames === t || (name === 'a' && frames === t - 1)) return undefined
  const expected = name === 'a' ? `[n, ${t} or ${t - 1}, width]` : `[n, ${t}, width]`
  return { _tag: 'ShapeMismatch', where, array: name, actual: other.shape, expected }
}

/**
 * The data set itself, checked: ranks and lengths agree, every number is finite, every feature varies.
 *
 * Errors: `ShapeMismatch`, `LengthMismatch`, `NotFinite` (with its first row), `ConstantFeature`, `TooFewRows`.
 */
export const dataSet = (data: DataSet, where = 'data set'): E.Either<SimulatorError, DataSet> => {
  const { x } = data
  const rank = x.shape.length
  if (rank !== 2 && rank !== 3) {
    const expected = '[n, features] or [n, t, features]'
    return E.left({ _tag: 'ShapeMismatch', where, array: 'x', actual: x.shape, expected })
  }
  if (rank === 3 && x.shape[1] < 2) {
    const expected = '[n, t, features] with t of at least 2 frames; static data are [n, features]'
    return E.left({ _tag: 'ShapeMismatch', where, array: 'x', actual: x.shape, expected })
  }
  for (const name of ['x', 'a', 'z'] as const) {
    const frames = data[name]
    if (frames === undefined) continue
    const wrong =
      checkRank(where, name, frames, rank) ??
      checkRows(where, name, x, frames) ??
      checkFinite(where, name, frames)
    if (wrong !== undefined) return E.left(wrong)
  }
  if (x.shape[0] < 2) return E.left({ _tag: 'TooFewRows', where, actual: x.shape[0], needed: 2 })
  const constant = checkConstant(where, x)
  return constant === undefined ? E.right(data) : E.left(constant)
}

/** Lines of `frames` (rows, or frames of sequences) as a matrix; no copy. */
export const linesOf = ({
  data,
  shape
}: Frames): { readonly data: Float32Array; readonly shape: readonly [number, number] } => {
  const width = shape[shape.length - 1]
  return { data, shape: [data.length / width, width] }
}

/** The sequences or rows `rows`, copied. */
export const takeRows = (data: DataSet, rows: ArrayLike<number>): DataSet => {
  const take = ({ data: from, shape }: Frames): Frames => {
    const size = from.length / shape[0]
    const out = new Float32Array(rows.length * size)
    for (let i = 0; i < rows.length; i++)
      out.set(from.subarray(rows[i] * size, (rows[i] + 1) * size), i * size)
    return { data: out, shape: [rows.length, ...shape.slice(1)] }
  }
  return {
    x: take(data.x),
    ...(data.a === undefined ? {} : { a: take(data.a) }),
    ...(data.z === undefined ? {} : { z: take(data.z) })
  }
}
