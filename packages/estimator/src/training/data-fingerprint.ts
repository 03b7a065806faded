/** What tells one data set, or one set of parameters, from another. */
import type { HostTensors } from '@mechid/engine'
import type { ExampleSource } from '@mechid/values'

const SAMPLED_EXAMPLES = 16

/** FNV-1a over 32-bit words. */
const hashOf = (parts: ReadonlyArray<Int32Array>): string => {
  let hash = 0x811c9dc5
  for (const words of parts) for (const word of words) hash = Math.imul(hash ^ word, 0x01000193)
  return (hash >>> 0).toString(16)
}

const wordsOf = ({ buffer, byteOffset, length }: Float32Array | Int32Array): Int32Array =>
  new Int32Array(buffer, byteOffset, length)

/** Sizes, and a hash of a few examples spread over the data: not all of it is read. */
export const dataFingerprint = async (source: ExampleSource): Promise<string> => {
  const count = Math.min(SAMPLED_EXAMPLES, source.examples)
  const indices = Int32Array.from({ length: count }, (_, i) => Math.floor((i * source.examples) / count))
  const x = new Float32Array(count * source.features * (source.temporal ? 2 : 1))
  const a = new Float32Array(count * source.actions)
  await source.gather(indices, x, a)
  const hash = hashOf([wordsOf(x), wordsOf(a)])
  return `${source.examples} examples of ${source.features} features and ${source.actions} actions (${hash})`
}

/** A hash of all numbers. */
export const tensorsFingerprint = (tensors: HostTensors): string =>
  hashOf(
    Object.keys(tensors)
      .sort()
      .map((name) => wordsOf(tensors[name].data))
  )
