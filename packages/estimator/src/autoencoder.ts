/** An autoencoder as plain data: what it takes to encode and decode. */
import type { Configuration } from './configuration.js'
import type { HostTensors } from './engine.js'
import type { ModelShape } from './sparsity-vae.js'

/** Sizes of the networks. */
export interface Autoencoder {
  readonly shape: ModelShape
  readonly configuration: Pick<Configuration, 'encoder' | 'decoder'>
}

/** With weights. */
export interface TrainedAutoencoder extends Autoencoder {
  readonly parameters: HostTensors
}
