/** Examples for a training, drawn from rows or from sequences of any lengths. */
import type { Generator } from '@mechid/random'
import type { ExampleSource, Samples } from '@mechid/values'
import { examplesIn, type Sequences } from './sequences.js'

/** Examples in memory: `gather` is done when it returns. */
export interface SequenceSource extends ExampleSource {
  readonly gather: (indices: Int32Array, x: Float32Array, a: Float32Array) => void
}

/** The rows chosen, or the pairs of consecutive frames within the sequences chosen. */
export const sequenceSource = (
  x: Samples<Float32Array>,
  a: Samples<Float32Array> | undefined,
  sequences: Sequences,
  chosen: Int32Array
): SequenceSource => {
  const { lines, actionLines } = examplesIn(sequences, chosen)
  const [features, actions] = [x.shape[1], a?.shape[1] ?? 0]
  const { temporal } = sequences
  const copy = (from: Float32Array, line: number, width: number, out: Float32Array, to: number): void => {
    for (let j = 0; j < width; j++) out[to * width + j] = from[line * width + j]
  }
  return {
    examples: lines.length,
    features,
    actions,
    temporal,
    order: (random) => random.permutation(lines.length),
    gather: (indices, xOut, aOut) => {
      const n = indices.length
      for (let i = 0; i < n; i++) {
        const line = lines[indices[i]]
        copy(x.data, line, features, xOut, i)
        if (temporal) copy(x.data, line + 1, features, xOut, n + i)
        if (a !== undefined) copy(a.data, actionLines[indices[i]], actions, aOut, i)
      }
    }
  }
}

/**
 * The same examples with what tells about them exchanged at random: each observation (in sequences, each second frame)
 * with the action, and the first frame, of another example. A model that has learned mechanisms must find this less
 * likely; one that has not does not notice.
 */
export const placebo = (source: SequenceSource, random: Generator): SequenceSource => {
  const { examples, features, actions, temporal } = source
  const other = random.permutation(examples)
  return {
    ...source,
    gather: (indices, x, a) => {
      const n = indices.length
      const others = Int32Array.from(indices, (index) => other[index])
      const taken = new Float32Array((temporal ? 2 : 1) * n * features)
      source.gather(indices, taken, new Float32Array(n * actions))
      const seconds = temporal ? taken.slice(n * features) : taken
      source.gather(others, temporal ? taken : new Float32Array(n * features), a)
      if (!temporal) x.set(seconds)
      else {
        x.set(taken.subarray(0, n * features))
        x.set(seconds, n * features)
      }
    }
  }
}
