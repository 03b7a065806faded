/** What tells one data set from another without reading all of it. */
import type { ExampleSource } from './example-source.js'

const SAMPLED_EXAMPLES = 16

/** Sizes, and an FNV-1a hash of a few examples spread over the data. */
export const dataFingerprint = async (source: ExampleSource): Promise<string> => {
  const count = Math.min(SAMPLED_EXAMPLES, source.examples)
  const indices = Int32Array.from({ length: count }, (_, i) => Math.floor((i * source.examples) / count))
  const x = new Float32Array(count * source.features * (source.temporal ? 2 : 1))
  const a = new Float32Array(count * source.actions)
  await source.gather(indices, x, a)
  let hash = 0x811c9dc5
  for (const words of [new Int32Array(x.buffer), new Int32Array(a.buffer)]) {
    for (const word of words) hash = Math.imul(hash ^ word, 0x01000193)
  }
  return `${source.examples} examples of ${source.features} features and ${source.actions} actions (${(hash >>> 0).toString(16)})`
}
