/** The configuration of a training: sizes, objective, optimizer, schedule. Everything is plain data. */
import type { CausalGraph } from '@mechid/values'
import type { CoderConfiguration } from '../model/autoencoder.js'
import type { NetworkSize } from '../networks/perceptrons.js'

/** How the learned graph is kept sparse. */
export type Sparsity =
  /**
   * Expected edges ≤ a bound that falls linearly from all edges, at step `from`, to `edges`, at step `to`;
   * gradient descent–ascent on the Lagrangian, with dual restarts ([MS] section 5; cooper).
   */
  | {
      readonly _tag: 'Constraint'
      readonly edges: number
      /** Fractions of all steps, in [0, 1]. */
      readonly from: number
      readonly to: number
      /** Step size of the multiplier, for a constraint measured in edges. */
      readonly dualRate: number
      readonly restarts: boolean
    }
  /**
   * `weight / features · Σ σ(logits)` added to the loss: an edge stays if it is worth more than `weight` nats.
   * The weight rises linearly from 0, at step `from`, to its value, at step `to` (fractions of all steps).
   */
  | { readonly _tag: 'Penalty'; readonly weight: number; readonly from: number; readonly to: number }
  /** The graph is known and fixed: an oracle, for comparisons. */
  | { readonly _tag: 'Oracle'; readonly graph: CausalGraph }
  /** Every edge stays. */
  | { readonly _tag: 'Dense' }

/**
 * How a gate's random value is used in training. `soft`: as it is, between 0 and 1; `straight-through`: 0 or 1
 * forward, the soft gradient backward; `local-expectation`: 0 or 1, and the gradient of a logit is what the edge
 * is worth, see `edgeWorth`.
 */
export type GateKind = 'soft' | 'straight-through' | 'local-expectation'

/**
 * One network of this size for each latent. `frequencies`, in radians a unit of the input, add a line and a Fourier series
 * of every input to a latent's mean. With depth 0 there is no network, and mechanisms are additive.
 */
export interface TransitionSize extends NetworkSize {
  readonly frequencies?: readonly number[]
}

export type OptimizerChoice =
  | { readonly _tag: 'Adam' }
  | { readonly _tag: 'Sgd'; readonly momentum: number }
  /** `matrixRate` multiplies the learning rate for weight matrices. */
  | { readonly _tag: 'Muon'; readonly matrixRate: number }

/** Everything about a training but its data and seed. `frames`: observations are single frames. */
export interface Configuration extends Omit<CoderConfiguration, 'views'> {
  /** What is trained: everything, unless given. `transitions`: encoder and decoder stay as they are, and so do the latents. */
  readonly trains?: 'everything' | 'transitions'
  readonly transition: TransitionSize
  /**
   * `amortized`, the default: what the encoder says, independent latents. `precise`: where Gauss–Newton steps on the decoder lead from there, with
   * the covariance σ_x² (JᵀJ)⁻¹; the encoder learns these latents. Reconstruction and transitions then see what is finer than the
   * encoder's own error, which is several times the noise, at two to four times the work a step. For encoders that are near already.
   */
  readonly posterior?: 'amortized' | 'precise'
  /**
   * `optimal`: the decoder's variance is the batch's mean squared error, the value that maximizes the
   * likelihood; `learned`: one parameter, started at `initialDecoderVariance`.
   */
  readonly decoderVariance: 'optimal' | 'learned'
  readonly initialDecoderVariance: number
  /**
   * A transition's variance. `optimal`: one number a latent, at the value that minimizes the batch's KL, which
   * is the mean of σq² + (μq − μp)²; `constant`: one parameter a latent, started at
   * `initialTransitionVariance`; `network`: that parameter times an output of the latent's network.
   */
  readonly transitionVariance: 'optimal' | 'constant' | 'network'
  readonly initialTransitionVariance: number
  readonly gates: GateKind
  readonly gateTemperature: number
  /**
   * For `local-expectation`: the objective is given `nats` times the gates' entropy, falling linearly to 0 at
   * step `until · steps`. Undecided gates are annealed instead of decided one by one.
   */
  readonly gateEntropy?: { readonly nats: number; readonly until: number }
  readonly initialGateLogit: number
  /** Learning rate of the gates, as a multiple of `learningRate`. */
  readonly gateRate: number
  readonly sparsity: Sparsity
  readonly optimizer: OptimizerChoice
  readonly learningRate: number
  /** Steps over which the learning rate rises linearly from 0. */
  readonly warmup: number
  /** The learning rate falls by half a cosine from step `decayFrom · steps` on, to `finalRate` times its start. */
  readonly decayFrom: number
  readonly finalRate: number
  /** Largest joint norm of the gradients; absent: no clipping. */
  readonly maxGradientNorm?: number
  readonly batch: number
  readonly steps: number
}
