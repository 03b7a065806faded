/** Rows of a data set by the chunks of consecutive rows that they are read in. */

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
