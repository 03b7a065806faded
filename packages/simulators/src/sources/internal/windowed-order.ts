/** Random orders in which only a few chunks of a data set are in use at a time. */
import type { Generator } from '@mechid/random'
import type { RowsByChunk } from '../../stored/chunks.js'

const shuffle = (order: Int32Array, random: Generator): void => {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const moved = order[i]
    order[i] = order[j]
    order[j] = moved
  }
}

/**
 * A random order of all examples in which at most `window` chunks are in use at a time: the chunks in random
 * order, cut into windows of nearly one size, and the examples of each window in an order drawn uniformly from all
 * its orders. A row has `perRow` examples. If one window holds every chunk, it is `random.permutation`.
 */
export const windowedOrder = (
  rows: RowsByChunk,
  count: number,
  perRow: number,
  window: number,
  random: Generator
): Int32Array => {
  if (rows.chunks <= window) return random.permutation(count * perRow)
  const chunks = random.split('chunks').permutation(rows.chunks)
  const windows = Math.ceil(rows.chunks / window)
  const order = new Int32Array(count * perRow)
  let at = 0
  for (let w = 0; w < windows; w++) {
    const begin = at
    const [from, to] = [w, w + 1].map((edge) => Math.floor((edge * rows.chunks) / windows))
    for (const chunk of chunks.subarray(from, to)) {
      rows.places(chunk, (place) => {
        for (let example = 0; example < perRow; example++) order[at++] = place * perRow + example
      })
    }
    shuffle(order.subarray(begin, at), random.split(w))
  }
  return order
}
