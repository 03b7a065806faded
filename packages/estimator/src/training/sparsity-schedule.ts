/** How the bound on edges, or their penalty, changes over the steps of a training. */
import type { Sparsity } from '../configuration/configuration.js'
import { ramp } from './schedule.js'

/** The bound at `step` of `steps`: from `possible` edges down to the wanted number, linearly. */
export const edgeBound = (sparsity: Sparsity, possible: number, step: number, steps: number): number =>
  sparsity._tag === 'Constraint'
    ? possible + ramp(step, steps, sparsity) * (sparsity.edges - possible)
    : possible

/** The penalty's weight at `step` of `steps`, in nats an edge; 0 without a penalty. */
export const penaltyWeight = (sparsity: Sparsity, step: number, steps: number): number =>
  sparsity._tag === 'Penalty' ? ramp(step, steps, sparsity) * sparsity.weight : 0
