/** Least squares by pivoted QR. */
import { type Dense, zeros } from '../dense.js'
import { backSubstitute, pivotedQr, qrRank, thinQ } from '../factors/householder.js'
import { roundingLevel } from '../ranks/rank-decision.js'

/**
 * X that minimizes ‖A X − B‖; where A's columns depend on each other, a solution that leaves some of them out.
 * Columns of A without size are left out too.
 */
export const leastSquares = (a: Dense, b: Dense): Dense => {
  const [rows, columns] = a.shape
  const width = b.shape[1]
  const out = zeros(columns, width)
  if (columns === 0) return out
  const qr = pivotedQr(a)
  const rank = qrRank(qr, roundingLevel(columns, columns))
  const q = thinQ(qr, rank)
  for (let c = 0; c < width; c++) {
    const y = new Float64Array(rank)
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < rank; k++) y[k] += q.data[i * rank + k] * b.data[i * width + c]
    backSubstitute(qr.r, rank, y)
    for (let k = 0; k < rank; k++) out.data[qr.order[k] * width + c] = y[k]
  }
  return out
}
