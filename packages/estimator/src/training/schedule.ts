/** What changes over the steps of a training. */

/** 0 up to step `from · steps`, 1 from step `to · steps` on, and a straight line between. */
export const ramp = (
  step: number,
  steps: number,
  { from, to }: { readonly from: number; readonly to: number }
): number => {
  const start = from * steps
  const end = Math.max(to * steps, start + 1)
  return Math.min(1, Math.max(0, (step - start) / (end - start)))
}

/**
 * Learning rates: constant, then half a cosine, 1 until `decayFrom · steps`, down to `finalRate` at `steps`
 * (I. Loshchilov, F. Hutter 2017). Multiplies the base rate. `warmup` steps rise linearly from 0.
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
