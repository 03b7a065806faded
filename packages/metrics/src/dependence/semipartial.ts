/** Semi-partial correlations with a standard error that holds whatever the noise is. */

/** A number with its standard error. */
export interface Estimate {
  readonly value: number
  readonly standardError: number
}

/** Sum of squares over the number of rows. */
export const meanSquare = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
  return values.length === 0 ? 0 : sum / values.length
}

/**
 * Σ e w / √(Σ w² Σ y²) of residuals e [n] of y [n], centred, and a direction w [n]: what share of y's standard deviation
 * moves with w. The standard error is that of its influence function, so neither noise nor its variance need be alike.
 * 0 ± 0 where w does not vary.
 */
export const semipartialOf = (e: Float64Array, w: Float64Array, y: Float64Array): Estimate => {
  const n = e.length
  const [ww, yy] = [meanSquare(w), meanSquare(y)]
  if (!(ww > 0 && yy > 0)) return { value: 0, standardError: 0 }
  const unit = 1 / Math.sqrt(ww * yy)
  let sum = 0
  for (let i = 0; i < n; i++) sum += e[i] * w[i]
  const value = (sum / n) * unit
  let squares = 0
  for (let i = 0; i < n; i++) {
    const influence = e[i] * w[i] * unit - (value / 2) * (w[i] ** 2 / ww + y[i] ** 2 / yy)
    squares += influence * influence
  }
  return { value, standardError: Math.sqrt(squares) / n }
}

/** mean e² / mean y² with the standard error of the ratio. */
export const shareOf = (e: Float64Array, y: Float64Array): Estimate => {
  const n = e.length
  const yy = meanSquare(y)
  if (!(yy > 0)) return { value: 0, standardError: 0 }
  const value = meanSquare(e) / yy
  let squares = 0
  for (let i = 0; i < n; i++) squares += (e[i] ** 2 / yy - (value * y[i] ** 2) / yy) ** 2
  return { value, standardError: Math.sqrt(squares) / n }
}
