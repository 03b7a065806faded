/** Data sets: observations, perhaps actions, perhaps the latents behind them. */
import { checkFinite, checkShape, type RealArray, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { constantFeature, type SimulatorError } from '../errors.js'
import { checkShapes } from './shape-checks.js'

/** An array [n, width] or [n, frames, width], row-major. */
export type Frames = RealArray<Float32Array>

/**
 * A data set. `x`: [n, features] if static, [n, t, features] for sequences of t frames. `a`: actions of the same rows; in
 * sequences `a[:, τ]` acts on the step from frame τ to τ + 1, so it has t − 1 frames (a t-th is not used). `z`: the true
 * latents of each frame, where they are known.
 */
export interface DataSet {
  readonly x: Frames
  readonly a?: Frames
  readonly z?: Frames
}

/** The sizes of a data set. */
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

/** The sizes of a data set, read off its arrays. */
export const dataShape = ({ x, a, z }: DataSet): DataShape => ({
  rows: x.shape[0],
  frames: x.shape.length === 3 ? x.shape[1] : 1,
  features: widthOf(x),
  actions: a === undefined ? 0 : widthOf(a),
  latents: z === undefined ? undefined : widthOf(z),
  temporal: x.shape.length === 3
})

/** As many numbers as the shape asks for, all of them finite. */
const checkNumbers = (where: string, name: string, frames: Frames): E.Either<SimulatorError, Frames> =>
  pipe(
    checkShape(where, name, frames, [2, 3]),
    E.flatMap((sized) => checkFinite(where, name, sized))
  )

const checkConstant = (where: string, { data, shape }: Frames): SimulatorError | undefined => {
  const width = shape[shape.length - 1]
  for (let feature = 0; feature < width; feature++) {
    let at = feature
    while (at < data.length && data[at] === data[feature]) at += width
    if (at >= data.length) return constantFeature(where, feature, data[feature])
  }
  return undefined
}

/**
 * Checks a data set and answers it: ranks and lengths agree, every number is finite, every feature varies.
 *
 * When to use it: for arrays of your own. `simulate` and `readDataSet` answer data sets that are checked already.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite` (with its first row), `Degenerate` (a constant feature).
 */
export const dataSet = (data: DataSet, where = 'dataSet'): E.Either<SimulatorError, DataSet> => {
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
    const sound = checkNumbers(where, name, frames)
    if (E.isLeft(sound)) return sound
  }
  const constant = checkConstant(where, x)
  return constant === undefined ? E.right(data) : E.left(constant)
}

/** The rows, or the frames of all sequences one after the other, as a matrix [lines, width]. Not copied. */
export const linesOf = ({ data, shape }: Frames): Samples<Float32Array> => {
  const width = shape[shape.length - 1]
  return { data, shape: [data.length / width, width] }
}

/** A copy of the rows (or sequences) `rows`. */
export const subset = (data: DataSet, rows: ArrayLike<number>): DataSet => {
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
