/** Batches drawn from a data set in memory, without copying the data set. */
import type { ExampleSource } from '@mechid/values'
import { type DataSet, dataShape } from '../data-set/data-set.js'
import { cutOf } from './internal/cut.js'

/** Examples of a data set in memory: `gather` is done when it returns. */
export interface MemorySource extends ExampleSource {
  readonly gather: (indices: Int32Array, x: Float32Array, a: Float32Array) => void
}

/** How examples are cut from sequences. */
export interface ExampleOptions {
  /**
   * Consecutive frames that make one observation, the oldest first. Default 1. The two observations of an example
   * share all but one frame, and the action between them is that between their last frames. Static rows have no frames,
   * and are observations whatever this is.
   */
  readonly views?: number
}

const NO_ACTIONS = new Float32Array(0)

/**
 * The examples of a data set in memory, for a training: each of its rows, or of `rows`, if the data are static; each
 * pair of consecutive observations of a sequence otherwise.
 *
 * When to use it: whenever memory holds the data. `fileSource` draws the same batches from the disk.
 *
 * Sequences that are no longer than an observation (`views`) have no examples.
 *
 * @example
 * exampleSource(data, split.train)
 */
export const exampleSource = (
  data: DataSet,
  rows?: Int32Array,
  { views = 1 }: ExampleOptions = {}
): MemorySource => {
  const shape = dataShape(data)
  const { actions, temporal } = shape
  const actionFrames = data.a === undefined || !temporal ? 1 : data.a.shape[1]
  const { features, perRow, copy } = cutOf(shape, actionFrames, views)
  const examples = (rows?.length ?? shape.rows) * perRow
  const from = { x: data.x.data, a: data.a?.data ?? NO_ACTIONS }
  return {
    examples,
    features,
    actions,
    temporal,
    order: (random) => random.permutation(examples),
    gather: (indices, x, a) => {
      const into = { x, a }
      for (let i = 0; i < indices.length; i++) {
        const place = Math.floor(indices[i] / perRow)
        const row = rows === undefined ? place : rows[place]
        copy(from, row, indices[i] - place * perRow, i, indices.length, into)
      }
    }
  }
}
