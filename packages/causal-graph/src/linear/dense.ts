/** Small dense matrices, row-major: product, inverse, and exact-to-rounding singular values. */

/** An r × c matrix of numbers, row-major. */
export interface Dense {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

export const dense = (rows: number, columns: number): Dense => ({
  rows,
  columns,
  data: new Float64Array(rows * columns)
})

export const denseFromRows = (plain: ReadonlyArray<ReadonlyArray<number>>): Dense => {
  const m = dense(plain.length, plain[0]?.length ?? 0)
  plain.forEach((row, i) => {
    m.data.set(row, i * m.columns)
  })
  return m
}

export const denseToRows = (m: Dense): number[][] =>
  Array.from({ length: m.rows }, (_, i) => [...m.data.subarray(i * m.columns, (i + 1) * m.columns)])

export const denseIdentity = (n: number): Dense => {
  const m = dense(n, n)
  for (let i = 0; i < n; i++) m.data[i * n + i] = 1
  return m
}

/** `a · b`; `a` has as many columns as `b` rows. */
export const product = (a: Dense, b: Dense): Dense => {
  const out = dense(a.rows, b.columns)
  for (let i = 0; i < a.rows; i++)
    for (let l = 0; l < a.columns; l++) {
      const x = a.data[i * a.columns + l]
      if (x === 0) continue
      for (let j = 0; j < b.columns; j++) out.data[i * b.columns + j] += x * b.data[l * b.columns + j]
    }
  return out
}

/** The pivot's row: the largest entry of column `c` on or below the diagonal. */
const pivotRow = (work: Float64Array, n: number, c: number): number => {
  let best = c
  for (let r = c + 1; r < n; r++) if (Math.abs(work[r * n + c]) > Math.abs(work[best * n + c])) best = r
  return best
}

const swapRows = (m: Float64Array, n: number, a: number, b: number): void => {
  if (a === b) return
  for (let j = 0; j < n; j++) {
    const kept = m[a * n + j]
    m[a * n + j] = m[b * n + j]
    m[b * n + j] = kept
  }
}

/** The inverse by Gauss–Jordan with partial pivoting; undefined where a pivot falls to 1e−13 of the largest entry. */
export const inverseOf = (m: Dense): Dense | undefined => {
  const n = m.rows
  const work = m.data.slice()
  const out = denseIdentity(n).data
  let largest = 0
  for (const x of work) largest = Math.max(largest, Math.abs(x))
  for (let c = 0; c < n; c++) {
    const p = pivotRow(work, n, c)
    const pivot = work[p * n + c]
    if (!(Math.abs(pivot) > 1e-13 * largest)) return undefined
    swapRows(work, n, p, c)
    swapRows(out, n, p, c)
    for (let j = 0; j < n; j++) {
      work[c * n + j] /= pivot
      out[c * n + j] /= pivot
    }
    for (let r = 0; r < n; r++) {
      const factor = r === c ? 0 : work[r * n + c]
      if (factor === 0) continue
      for (let j = 0; j < n; j++) {
        work[r * n + j] -= factor * work[c * n + j]
        out[r * n + j] -= factor * out[c * n + j]
      }
    }
  }
  return { rows: n, columns: n, data: out }
}

export interface SingularSystem {
  /** Descending, one for each column. */
  readonly values: number[]
  /** Row r is the right singular vector of `values[r]`. */
  readonly vectors: number[][]
}

/** One plane rotation that makes columns p and q of `u` orthogonal (and turns `v` alike); whether it did anything. */
const rotatePair = (u: Float64Array[], v: Float64Array[], p: number, q: number, floor: number): boolean => {
  const [a, b] = [u[p], u[q]]
  let [alpha, beta, gamma] = [0, 0, 0]
  for (let r = 0; r < a.length; r++) {
    alpha += a[r] * a[r]
    beta += b[r] * b[r]
    gamma += a[r] * b[r]
  }
  if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta) + floor) return false
  const zeta = (beta - alpha) / (2 * gamma)
  const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
  const c = 1 / Math.sqrt(1 + t * t)
  const s = c * t
  for (const w of [u, v]) {
    const [x, y] = [w[p], w[q]]
    for (let r = 0; r < x.length; r++) {
      const kept = x[r]
      x[r] = c * kept - s * y[r]
      y[r] = s * kept + c * y[r]
    }
  }
  return true
}

const columnsOf = (m: Dense): Float64Array[] =>
  Array.from({ length: m.columns }, (_, j) =>
    Float64Array.from({ length: m.rows }, (_, i) => m.data[i * m.columns + j])
  )

/**
 * In place, the columns of a tall matrix become those of its triangular factor R, by Householder reflections: the
 * same singular values and right singular vectors from fewer rows.
 */
const reduceRows = (columns: ReadonlyArray<Float64Array>, rows: number): Float64Array[] => {
  const n = columns.length
  for (let c = 0; c < n; c++) {
    const v = columns[c].slice(c)
    let norm = 0
    for (const x of v) norm += x * x
    norm = Math.sqrt(norm)
    if (norm === 0) continue
    v[0] += v[0] >= 0 ? norm : -norm
    let squares = 0
    for (const x of v) squares += x * x
    for (let j = c; j < n; j++) {
      const column = columns[j]
      let dot = 0
      for (let r = c; r < rows; r++) dot += v[r - c] * column[r]
      const factor = (2 * dot) / squares
      for (let r = c; r < rows; r++) column[r] -= factor * v[r - c]
    }
  }
  return columns.map((column, j) => {
    const out = new Float64Array(n)
    out.set(column.subarray(0, j + 1))
    return out
  })
}

const MAX_SWEEPS = 60

/**
 * Singular values and right singular vectors by one-sided Jacobi rotations (M. R. Hestenes, 1958), which keeps
 * small singular values accurate relative to the largest: no squaring of the matrix.
 */
export const singularSystem = (m: Dense): SingularSystem => {
  const all = columnsOf(m)
  const u = m.rows > m.columns ? reduceRows(all, m.rows) : all
  const v = Array.from({ length: m.columns }, (_, j) => {
    const e = new Float64Array(m.columns)
    e[j] = 1
    return e
  })
  let squares = 0
  for (const x of m.data) squares += x * x
  const floor = squares * 1e-34
  for (let sweep = 0, moved = true; moved && sweep < MAX_SWEEPS; sweep++) {
    moved = false
    for (let p = 0; p < u.length; p++)
      for (let q = p + 1; q < u.length; q++) moved = rotatePair(u, v, p, q, floor) || moved
  }
  const norms = u.map((column) => Math.hypot(...column))
  const order = [...norms.keys()].sort((a, b) => norms[b] - norms[a])
  return { values: order.map((j) => norms[j]), vectors: order.map((j) => [...v[j]]) }
}
