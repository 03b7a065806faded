/**
 * The rotation under which symmetric matrices are as diagonal as they can be, all at once: Jacobi's method, one plane after
 * another, the best angle of each in closed form (J.-F. Cardoso, A. Souloumiac, Jacobi Angles for Simultaneous
 * Diagonalization, SIAM J. Matrix Anal. Appl. 1996).
 */
import { identityMatrix } from '@mechid/numerics'

export interface JointDiagonal {
  /** B, [d, d], orthogonal: B M Bᵀ is nearly diagonal for every M. */
  readonly rows: Float64Array
  /** Σ of squares of what is left beside the diagonals, over Σ of all squares. */
  readonly left: number
}

const MOST_SWEEPS = 100
/** A sweep whose largest sine is smaller is the last one. */
const SMALLEST_SINE = 1e-9

/** Rows and columns p and q of `m` [d, d] turned, in place. */
const turn = (m: Float64Array, d: number, p: number, q: number, cos: number, sin: number): void => {
  for (let k = 0; k < d; k++) {
    const [x, y] = [m[k * d + p], m[k * d + q]]
    m[k * d + p] = cos * x + sin * y
    m[k * d + q] = cos * y - sin * x
  }
  for (let k = 0; k < d; k++) {
    const [x, y] = [m[p * d + k], m[q * d + k]]
    m[p * d + k] = cos * x + sin * y
    m[q * d + k] = cos * y - sin * x
  }
}

/** The angle that makes entries (p, q) least, all together; within an eighth of a turn. */
const angleOf = (matrices: readonly Float64Array[], d: number, p: number, q: number): number => {
  let [alike, mixed] = [0, 0]
  for (const m of matrices) {
    const difference = m[p * d + p] - m[q * d + q]
    const twice = 2 * m[p * d + q]
    alike += difference * difference - twice * twice
    mixed += 2 * difference * twice
  }
  return 0.5 * Math.atan2(mixed, alike + Math.hypot(alike, mixed))
}

/** Of symmetric `matrices` [d, d]. Where two rows turn nothing, they stay as they are. */
export const jointDiagonal = (matrices: readonly Float64Array[], d: number): JointDiagonal => {
  const turned = matrices.map((m) => m.slice())
  const rows = identityMatrix(d).data
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0
    for (let p = 0; p < d; p++) {
      for (let q = p + 1; q < d; q++) {
        const angle = angleOf(turned, d, p, q)
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
        largest = Math.max(largest, Math.abs(sin))
        if (!(Math.abs(sin) > SMALLEST_SINE)) continue
        for (const m of turned) turn(m, d, p, q, cos, sin)
        for (let k = 0; k < d; k++) {
          const [x, y] = [rows[p * d + k], rows[q * d + k]]
          rows[p * d + k] = cos * x + sin * y
          rows[q * d + k] = cos * y - sin * x
        }
      }
    }
    if (largest <= SMALLEST_SINE) break
  }
  let [all, beside] = [0, 0]
  for (const m of turned) {
    m.forEach((value, at) => {
      all += value * value
      if (at % (d + 1) !== 0) beside += value * value
    })
  }
  return { rows, left: all > 0 ? beside / all : 0 }
}
