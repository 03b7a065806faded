/** How examples are cut from the rows of a data set, wherever its numbers are. */
import type { DataShape } from '../../data-set/data-set.js'

/** Rows, row-major: `x` [rows, frames, features], `a` [rows, action frames, columns]; empty without actions. */
export interface RowNumbers {
  readonly x: Float32Array
  readonly a: Float32Array
}

/** Examples of rows of one shape. */
export interface Cut {
  /** Features of an observation: those of its frames side by side. */
  readonly features: number
  /** Examples of a row. */
  readonly perRow: number
  /** Copies example `example` of row `row` to place `i` of `n`. `into`: as `gather` of `ExampleSource` fills it. */
  readonly copy: (
    from: RowNumbers,
    row: number,
    example: number,
    i: number,
    n: number,
    into: RowNumbers
  ) => void
}

const copyNumbers = (from: Float32Array, at: number, count: number, out: Float32Array, to: number): void => {
  for (let j = 0; j < count; j++) out[to + j] = from[at + j]
}

/** Observations of `views` frames. `actionFrames`: frames of a row's actions. */
export const cutOf = (shape: DataShape, actionFrames: number, views: number): Cut => {
  const { frames, actions, temporal } = shape
  const seen = temporal ? views : 1
  const features = seen * shape.features
  return {
    features,
    perRow: temporal ? Math.max(0, frames - views) : 1,
    copy: ({ x, a }, row, example, i, n, into) => {
      const at = (row * frames + example) * shape.features
      copyNumbers(x, at, features, into.x, i * features)
      if (temporal) copyNumbers(x, at + shape.features, features, into.x, (n + i) * features)
      // The last frame of the first observation is the one that is acted on.
      const acting = row * actionFrames + example + seen - 1
      copyNumbers(a, acting * actions, actions, into.a, i * actions)
    }
  }
}
