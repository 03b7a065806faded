/** Learning rates over time. */

/**
 * Constant, then half a cosine: 1 until `decayFrom · steps`, down to `finalRate` at `steps` (I. Loshchilov,
 * F. Hutter 2017). Multiplies the base rate. `warmup` steps rise linearly from 0.
 */
export const rateFactor = (
  step: number,
  steps: number,
  {
    decayFrom,
    finalRate,
    warmup = 0
  }: { readonly decayFrom: number; readonly finalRate: number; readonly warmup?: number }
): number => {
  const rise = warmup > 0 ? Math.min(1, (step + 1) / warmup) : 1
  const start = decayFrom * steps
  if (step <= start || steps <= start) return rise
  const progress = Math.min(1, (step - start) / (steps - start))
  return rise * (finalRate + (1 - finalRate) * 0.5 * (1 + Math.cos(Math.PI * progress)))
}
