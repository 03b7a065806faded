/** The carry of a training before its first step. */
import type { HostTensor } from '@mechid/engine'
import type { Configuration } from '../configuration/configuration.js'
import { isTrained } from '../model/parameters.js'
import { optimizerOf } from '../optimizer/configured.js'
import { scalar } from '../tensors/host-tensors.js'
import { firstCarry } from './carry.js'

/** The multiplier of the bound on edges, beside parameters and optimizer state. */
export const MULTIPLIER = 'multiplier'

/** Parameters, the optimizer's state for those that are trained, and the multiplier. */
export const initialCarry = (
  parameters: Readonly<Record<string, HostTensor>>,
  configuration: Configuration
): Record<string, HostTensor> => ({
  ...firstCarry(parameters, optimizerOf(configuration), isTrained(configuration)),
  [MULTIPLIER]: scalar(0)
})
