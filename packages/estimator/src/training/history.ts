/** What a training recorded at each step. */
import type { HostTensors } from '@mechid/engine'

/** The terms recorded, all of them outputs of the training step; see `trainingStep`. */
export const historyTerms = [
  'loss',
  'reconstruction',
  'divergence',
  'squaredError',
  'edges',
  'multiplier'
] as const
export type HistoryTerm = (typeof historyTerms)[number]

/** One value a step for each term; `steps` of them are valid. */
export interface History<Term extends string = HistoryTerm> {
  readonly steps: number
  readonly terms: Readonly<Record<Term, Float32Array>>
}

/** Room for `steps` steps, none recorded yet. */
export const emptyTerms = (terms: ReadonlyArray<string>, steps: number): Record<string, Float32Array> =>
  Object.fromEntries(terms.map((term) => [term, new Float32Array(steps)]))

/** Terms of a step's outputs that are not finite numbers: sums of others last. */
export const nonFinite = (
  outputs: HostTensors
): ReadonlyArray<{ readonly term: string; readonly value: number }> =>
  Object.entries(outputs)
    .map(([term, { data }]) => ({ term, value: data[0] }))
    .filter(({ value }) => !Number.isFinite(value))
    .sort((p, q) => Number(isSum(p.term)) - Number(isSum(q.term)))

/** Whether a term only adds up others. */
const isSum = (term: string): boolean => term === 'loss' || term === 'multiplier'

/** A curve to draw: means of a term over windows of about `steps / points` steps. */
export const curve = <Term extends string>(
  { steps, terms }: History<Term>,
  term: NoInfer<Term>,
  points = 500
): { readonly step: number[]; readonly value: number[] } => {
  const window = Math.max(1, Math.ceil(steps / points))
  const step: number[] = []
  const value: number[] = []
  for (let start = 0; start < steps; start += window) {
    const end = Math.min(steps, start + window)
    let sum = 0
    for (let i = start; i < end; i++) sum += terms[term][i]
    step.push(end)
    value.push(sum / (end - start))
  }
  return { step, value }
}
