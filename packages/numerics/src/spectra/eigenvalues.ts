/** Eigenvalues, and their clusters closed under conjugation. */
import { EVD, Matrix } from 'ml-matrix'
import { type Dense, tabulated } from '../dense.js'

/** re + im·i. */
export interface Complex {
  readonly re: number
  readonly im: number
}

const ofMatrix = (m: Matrix): Dense => tabulated(m.rows, m.columns, (i, j) => m.get(i, j))

/** The eigenvalues of a real square matrix. */
export const eigenvalues = (a: Dense): Complex[] => {
  const { realEigenvalues, imaginaryEigenvalues } = new EVD(Matrix.from1DArray(...a.shape, a.data))
  return realEigenvalues.map((re, k) => ({ re, im: imaginaryEigenvalues[k] }))
}

/** Eigenvalues (ascending) and orthonormal eigenvectors, as columns, of a symmetric matrix. */
export const symmetricEigen = (a: Dense): { readonly values: number[]; readonly vectors: Dense } => {
  const n = a.shape[0]
  if (n === 0) return { values: [], vectors: a }
  const evd = new EVD(Matrix.from1DArray(n, n, a.data), { assumeSymmetric: true })
  return { values: evd.realEigenvalues, vectors: ofMatrix(evd.eigenvectorMatrix) }
}

/**
 * Indices of eigenvalues by clusters: those that a chain of steps of at most `distance` joins (single linkage),
 * with conjugates identified, so that each cluster belongs to a real invariant subspace.
 */
export const clusters = (values: ReadonlyArray<Complex>, distance: number): number[][] => {
  const label = values.map((_, k) => k)
  const root = (k: number): number => {
    let r = k
    while (label[r] !== r) r = label[r]
    return r
  }
  const near = (x: Complex, y: Complex): boolean =>
    Math.hypot(x.re - y.re, Math.abs(x.im) - Math.abs(y.im)) <= distance
  for (let k = 0; k < values.length; k++)
    for (let l = 0; l < k; l++) if (near(values[k], values[l])) label[root(k)] = root(l)
  const groups = new Map<number, number[]>()
  values.forEach((_, k) => {
    const r = root(k)
    groups.set(r, [...(groups.get(r) ?? []), k])
  })
  return [...groups.values()]
}
