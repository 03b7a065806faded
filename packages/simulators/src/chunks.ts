/** Rows of a data set by the chunks of consecutive rows that they are read in. */
import type { Generator } from '@mechid/random'

/** Rows, chunk by chunk. */
export interface RowsByChunk {
  readonly chunks: number
  /** Calls `visit` with the place of each row that lies in the chunk, in ascending order. */
  readonly places: (chunk: number, visit: (place: number) => void) => void
}

/** All `count` rows: a row's place is its number. */
export const allRows = (count: number, chunkRows: number): RowsByChunk => ({
  chunks: Math.ceil(count / chunkRows),
  places: (chunk, visit) => {
    const end = Math.min(count, (chunk + 1) * chunkRows)
    for (let row = chunk * chunkRows; row < end; row++) visit(row)
  }
})

/** The rows `rows` of `count`: a row's place is its index in `rows`. Takes as much memory again as `rows`. */
export const someRows = (rows: Int32Array, count: number, chunkRows: number): RowsByChunk => {
  const chunks = Math.ceil(count / chunkRows)
  const starts = new Int32Array(chunks + 1)
  for (let i = 0; i < rows.length; i++) starts[Math.floor(rows[i] / chunkRows) + 1]++
  for (let c = 0; c < chunks; c++) starts[c + 1] += starts[c]
  const next = starts.slice()
  const places = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) places[next[Math.floor(rows[i] / chunkRows)]++] = i
  return {
    chunks,
    places: (chunk, visit) => {
      for (let at = starts[chunk]; at < starts[chunk + 1]; at++) visit(places[at])
    }
  }
}

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
