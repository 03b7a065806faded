/** A trained model as plain data, and its graph. */
import type { HostTensors } from '@mechid/engine'
import type { CausalGraph } from '@mechid/values'
import type { Configuration } from '../configuration/configuration.js'
import type { ModelShape } from '../configuration/model-shape.js'

/** A trained model: all that it takes to encode, decode and read the graph. */
export interface Model {
  readonly shape: ModelShape
  readonly configuration: Configuration
  readonly parameters: HostTensors
}

/** How sure each edge is, in (0, 1). Row = effect (latent), column = cause (past latent or action column). */
export interface EdgeProbabilities {
  /** Of Gz, d × d; absent for static data. */
  readonly latents?: ReadonlyArray<ReadonlyArray<number>>
  /** Of Ga, d × k; absent without actions. */
  readonly actions?: ReadonlyArray<ReadonlyArray<number>>
}

const table = (logits: ArrayLike<number>, columns: number, f: (logit: number) => number): number[][] =>
  Array.from({ length: columns === 0 ? 0 : logits.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => f(logits[i * columns + j]))
  )

const gates = ({ parameters, shape }: Model, f: (logit: number) => number): EdgeProbabilities => ({
  ...(shape.temporal ? { latents: table(parameters['gates/latents'].data, shape.latents, f) } : {}),
  ...(shape.actions > 0 ? { actions: table(parameters['gates/actions'].data, shape.actions, f) } : {})
})

/** The logit that the last of `most` open edges has; those with less are not counted. */
const leastLogit = ({ parameters, shape, configuration: { sparsity } }: Model): number => {
  if (sparsity._tag !== 'Constraint') return 0
  const logits = [
    ...(shape.temporal ? parameters['gates/latents'].data : []),
    ...(shape.actions > 0 ? parameters['gates/actions'].data : [])
  ].filter((logit) => logit > 0)
  const most = Math.floor(sparsity.edges)
  if (logits.length <= most) return 0
  return most === 0 ? Number.POSITIVE_INFINITY : logits.sort((p, q) => q - p)[most - 1]
}

/**
 * The learned graph: an edge is there iff the logit of its gate is positive ([MS] section 5). Where the configuration
 * bounds the number of edges and more gates are open, which only undecided ones can be, the most probable ones count.
 */
export const learnedGraph = (model: Model): CausalGraph => {
  const least = leastLogit(model)
  return gates(model, (logit) => (logit > 0 && logit >= least ? 1 : 0))
}

/** An edge is undecided if its probability is neither below this nor above 1 − this. */
const UNDECIDED = 0.1

/** The edges that training has not decided: those with a probability of 0.1 to 0.9, whether `learnedGraph` counts them or not. */
export const undecidedEdges = (model: Model): CausalGraph =>
  gates(model, (logit) => {
    const probability = 1 / (1 + Math.exp(-logit))
    return probability > UNDECIDED && probability < 1 - UNDECIDED ? 1 : 0
  })

/** How sure each edge is: σ(logit) of its gate, in (0, 1). */
export const edgeProbabilities = (model: Model): EdgeProbabilities =>
  gates(model, (logit) => 1 / (1 + Math.exp(-logit)))
