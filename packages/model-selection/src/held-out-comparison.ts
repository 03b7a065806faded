/** Is one model likelier than another on examples that neither has seen? Differences are paired, block by block. */
/** How far a model is behind another one, in nats an example. */
export interface Behind {
  /** Positive: the other one is likelier. */
  readonly nats: number
  /** Of `nats`, from the differences of blocks; infinite with one block. */
  readonly standardError: number
}

/**
 * Mean and standard error of `values − reference`, both −log p of the same blocks. Blocks are alike, so what makes one hard
 * for both models cancels.
 */
export const behind = (values: ArrayLike<number>, reference: ArrayLike<number>): Behind => {
  const blocks = values.length
  let nats = 0
  for (let b = 0; b < blocks; b++) nats += (values[b] - reference[b]) / blocks
  if (blocks < 2) return { nats, standardError: Number.POSITIVE_INFINITY }
  let squares = 0
  for (let b = 0; b < blocks; b++) squares += (values[b] - reference[b] - nats) ** 2
  return { nats, standardError: Math.sqrt(squares / (blocks - 1) / blocks) }
}

/** Standard errors within which two models count as equally likely. */
const WITHIN = 2

/**
 * Whether a model is behind by no more than chance or than `margin`, in nats an example. One block does not say what chance
 * does: then the margin alone counts.
 */
export const ties = ({ nats, standardError }: Behind, margin: number): boolean =>
  nats <= (Number.isFinite(standardError) ? Math.max(margin, WITHIN * standardError) : margin)
