/** The optimizer that a configuration asks for. */
import type { Configuration } from '../configuration/configuration.js'
import { adam, muon, sgd } from './alias.js'
import type { GradientTransformation } from './base.js'
import { chain, partition } from './combine.js'
import { clipByGlobalNorm, scale } from './transform.js'

const isGate = (name: string): boolean => name.startsWith('gates/')

/** The optimizer that a configuration names. */
export const baseOptimizer = ({ optimizer }: Pick<Configuration, 'optimizer'>): GradientTransformation => {
  switch (optimizer._tag) {
    case 'Adam':
      return adam()
    case 'Sgd':
      return sgd(optimizer.momentum)
    case 'Muon':
      return muon({ matrixRate: optimizer.matrixRate })
  }
}

/** The optimizer of a configuration: gates always take Adam, at their own rate. */
export const optimizerOf = (configuration: Configuration): GradientTransformation => {
  const { maxGradientNorm, gateRate } = configuration
  const parts = partition((name) => (isGate(name) ? 'gates' : 'networks'), {
    networks: baseOptimizer(configuration),
    gates: chain(adam(), scale(gateRate))
  })
  return maxGradientNorm === undefined ? parts : chain(clipByGlobalNorm(maxGradientNorm), parts)
}
