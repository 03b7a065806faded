/** Mean products of columns, [columns, columns] row-major; a little is added to the diagonal, so that it can be inverted. */
export const covarianceOf = (columns: ReadonlyArray<Float32Array>): Float64Array => {
  const d = columns.length
  const rows = columns[0].length
  const out = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let r = 0; r < rows; r++) sum += columns[i][r] * columns[j][r]
      out[i * d + j] = sum / rows
      out[j * d + i] = sum / rows
    }
    out[i * d + i] += 1e-9
  }
  return out
}
