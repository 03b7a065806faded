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

/** The examples 0 … count − 1 in another order, each within its block of `within` examples. */
const exchanged = (count: number, within: number, random: Generator): Int32Array => {
  const order = new Int32Array(count)
  for (let start = 0, block = 0; start < count; start += within, block++) {
    const here = Math.min(within, count - start)
    const own = block === 0 && here === count ? random : random.split(block)
    order.set(
      own.permutation(here).map((k) => start + k),
      start
    )
  }
  return order
}

/**
 * The same examples with what tells about them exchanged at random: each observation (in sequences, each second frame)
 * with the action, and the first frame, of another example. A model that has learned mechanisms must find this less
 * likely; one that has not does not notice.
 *
 * `within`: examples are exchanged within blocks of so many, so that little of a file is read at a time; all of them
 * if left out.
 */
export function placebo(source: SequenceSource, random: Generator, within?: number): SequenceSource
export function placebo(source: ExampleSource, random: Generator, within?: number): ExampleSource
export function placebo(source: ExampleSource, random: Generator, within = source.examples): ExampleSource {
  const { examples, features, actions, temporal } = source
  const other = exchanged(examples, within, random)
  return {
    ...source,
    gather: (indices, x, a) => {
      const n = indices.length
      const others = Int32Array.from(indices, (index) => other[index])
      const own = new Float32Array((temporal ? 2 : 1) * n * features)
      const theirs = new Float32Array(own.length)
      const finish = (): void => {
        x.set(temporal ? theirs.subarray(0, n * features) : own)
        if (temporal) x.set(own.subarray(n * features), n * features)
      }
      const first = source.gather(indices, own, new Float32Array(n * actions))
      if (first instanceof Promise) return first.then(() => source.gather(others, theirs, a)).then(finish)
      const second = source.gather(others, theirs, a)
      return second instanceof Promise ? second.then(finish) : finish()
    }
  }
}
