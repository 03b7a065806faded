/** log |det A| by Gauss elimination with pivots: a product of fifty pivots may underflow, their logarithms do not. */
export const logAbsDeterminant = (matrix: Float64Array, d: number): number => {
  const a = Array.from({ length: d }, (_, i) => matrix.slice(i * d, (i + 1) * d))
  let sum = 0
  for (let k = 0; k < d; k++) {
    let pivot = k
    for (let i = k + 1; i < d; i++) if (Math.abs(a[i][k]) > Math.abs(a[pivot][k])) pivot = i
    const row = a[pivot]
    a[pivot] = a[k]
    a[k] = row
    sum += Math.log(Math.abs(row[k]))
    for (let i = k + 1; i < d; i++) {
      const factor = a[i][k] / row[k]
      for (let j = k; j < d; j++) a[i][j] -= factor * row[j]
    }
  }
  return sum
}
