/** Linear systems. */
import type { Dense } from '../dense.js'

const swapRows = (m: Dense, a: number, b: number): void => {
  const columns = m.shape[1]
  for (let j = 0; j < columns; j++) {
    const held = m.data[a * columns + j]
    m.data[a * columns + j] = m.data[b * columns + j]
    m.data[b * columns + j] = held
  }
}

const subtractRow = (m: Dense, from: number, factor: number, to: number): void => {
  const columns = m.shape[1]
  for (let j = 0; j < columns; j++) m.data[to * columns + j] -= factor * m.data[from * columns + j]
}

/** a⁻¹ b by Gauss–Jordan elimination with partial pivoting; entries are not finite where a is singular. */
export const solve = (a: Dense, b: Dense): Dense => {
  const n = a.shape[0]
  const left: Dense = { data: a.data.slice(), shape: a.shape }
  const right: Dense = { data: b.data.slice(), shape: b.shape }
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++)
      if (Math.abs(left.data[i * n + k]) > Math.abs(left.data[pivot * n + k])) pivot = i
    swapRows(left, k, pivot)
    swapRows(right, k, pivot)
    for (let i = 0; i < n; i++) {
      if (i === k) continue
      const factor = left.data[i * n + k] / left.data[k * n + k]
      if (factor === 0) continue
      subtractRow(left, k, factor, i)
      subtractRow(right, k, factor, i)
    }
  }
  const columns = b.shape[1]
  for (let i = 0; i < n; i++)
    for (let j = 0; j < columns; j++) right.data[i * columns + j] /= left.data[i * n + i]
  return right
}
