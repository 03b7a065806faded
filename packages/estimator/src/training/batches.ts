/** Batches in the order of a source, epoch by epoch. */
import type { Generator } from '@mechid/random'
import type { ExampleSource, RealArray } from '@mechid/values'
import { zeros } from '../tensors/host-tensors.js'

/** A batch, refilled in place. */
export interface Batches {
  /** [B, features]; temporal: [2B, features], first frames before second ones. */
  readonly x: RealArray<Float32Array>
  /** [B, action columns]. */
  readonly a: RealArray<Float32Array>
  /** The batch of step `step`, which depends on `random`, the source and the step alone. */
  readonly fill: (step: number) => Promise<void>
}

/** Batches of `batch` examples; what is left over at the end of an epoch waits for another one. */
export const batches = (source: ExampleSource, batch: number, random: Generator): Batches => {
  const x = zeros(source.temporal ? 2 * batch : batch, source.features)
  const a = zeros(batch, source.actions)
  const perEpoch = Math.floor(source.examples / batch)
  let epoch = -1
  let order = new Int32Array(0)
  return {
    x,
    a,
    fill: async (step) => {
      const wanted = Math.floor(step / perEpoch)
      if (wanted !== epoch) {
        order = source.order(random.split(wanted)) as Int32Array<ArrayBuffer>
        epoch = wanted
      }
      const start = (step - wanted * perEpoch) * batch
      await source.gather(order.subarray(start, start + batch), x.data, a.data)
    }
  }
}
