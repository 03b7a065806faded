/** What an optimizer is: a pair of pure functions, as in optax (google-deepmind/optax). */
import type { HostTensor, NamedTensors } from '@mechid/engine'

/** What an update may need to know beside gradients and parameters. */
export interface UpdateContext {
  readonly parameters: NamedTensors
  /** The learning rate of this step, a scalar. */
  readonly learningRate: NamedTensors[string]
}

/**
 * A transformation of gradients with explicit state. Transformations chain into optimizers; the last one
 * returns what is *added* to the parameters.
 */
export interface GradientTransformation {
  /** State for these parameters, by names of the transformation's own. */
  readonly init: (parameters: Readonly<Record<string, HostTensor>>) => Record<string, HostTensor>
  readonly update: (
    updates: NamedTensors,
    state: NamedTensors,
    context: UpdateContext
  ) => { readonly updates: NamedTensors; readonly state: NamedTensors }
}
