/** Many vectors of the same width, row-major. */

/** `shape = [rows, columns]`; entry (i, j) is `data[i * columns + j]`. */
export interface Samples {
  readonly data: Float32Array | Float64Array
  readonly shape: readonly [rows: number, columns: number]
}
