/** Batches drawn from a data set in memory, without copying the data set. */
import type { ExampleSource } from '@mechid/values'
import { type DataSet, dataShape } from '../data-set/data-set.js'

/** Examples of a data set in memory: `gather` is done when it returns. */
export interface MemorySource extends ExampleSource {
  readonly gather: (indices: Int32Array, x: Float32Array, a: Float32Array) => void
}

const copy = (from: Float32Array, at: number, width: number, out: Float32Array, to: number): void => {
  for (let j = 0; j < width; j++) out[to + j] = from[at + j]
}

/** How examples are cut from sequences. */
export interface ExampleOptions {
  /**
   * Consecutive frames that make one observation, the oldest first, by default 1: pairs of observations
   * then share all but one frame, and the action between them is that between their last frames.
   */
  readonly views?: number
}

/**
 * The examples of a data set, or of some of its rows: each row, or each pair of consecutive observations of a
 * sequence. A sequence needs more frames than an observation has.
 */
export const exampleSource = (
  data: DataSet,
  rows?: Int32Array,
  { views = 1 }: ExampleOptions = {}
): MemorySource => {
  const shape = dataShape(data)
  const { frames, actions, temporal } = shape
  const features = temporal ? views * shape.features : shape.features
  const count = rows?.length ?? shape.rows
  const pairs = temporal ? Math.max(0, frames - views) : 1
  const examples = count * pairs
  const x = data.x.data
  const a = data.a?.data
  const actionFrames = data.a === undefined || !temporal ? 1 : data.a.shape[1]
  return {
    examples,
    features,
    actions,
    temporal,
    order: (random) => random.permutation(examples),
    gather: (indices, xOut, aOut) => {
      const n = indices.length
      for (let i = 0; i < n; i++) {
        const sequence = Math.floor(indices[i] / pairs)
        const frame = indices[i] - sequence * pairs
        const row = rows === undefined ? sequence : rows[sequence]
        const at = (row * frames + frame) * shape.features
        const acting = temporal ? frame + views - 1 : frame
        copy(x, at, features, xOut, i * features)
        if (temporal) copy(x, at + shape.features, features, xOut, (n + i) * features)
        if (a !== undefined) copy(a, (row * actionFrames + acting) * actions, actions, aOut, i * actions)
      }
    }
  }
}
