/** Data sets: observations, perhaps actions, perhaps the latents behind them. */
import * as E from 'fp-ts/lib/Either.js'
import type { SimulatorError } from './errors.js'
import { checkShapes, firstNotFinite, notFinite } from './shape-checks.js'

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

const checkSize = (where: string, name: string, { data, shape }: Frames): SimulatorError | undefined => {
  const size = shape.reduce((product, n) => product * n, 1)
  if (size === data.length) return undefined
  const expected = `a shape of ${data.length} numbers, as the array holds`
  return { _tag: 'ShapeMismatch', where, array: name, actual: shape, expected }
}

const checkFinite = (where: string, name: string, { data, shape }: Frames): SimulatorError | undefined => {
  const at = firstNotFinite(data)
  return at === data.length ? undefined : notFinite(where, name, shape, at, data[at])
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

/**
 * The data set itself, checked: ranks and lengths agree, every number is finite, every feature varies.
 *
 * Errors: `ShapeMismatch`, `LengthMismatch`, `NotFinite` (with its first row), `ConstantFeature`, `TooFewRows`.
 */
export const dataSet = (data: DataSet, where = 'data set'): E.Either<SimulatorError, DataSet> => {
  const { x, a, z } = data
  const shapes = {
    x: x.shape,
    ...(a === undefined ? {} : { a: a.shape }),
    ...(z === undefined ? {} : { z: z.shape })
  }
  const misfit = checkShapes(where, shapes)
  if (misfit !== undefined) return E.left(misfit)
  for (const name of ['x', 'a', 'z'] as const) {
    const frames = data[name]
    if (frames === undefined) continue
    const wrong = checkSize(where, name, frames) ?? checkFinite(where, name, frames)
    if (wrong !== undefined) return E.left(wrong)
  }
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
