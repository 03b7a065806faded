/** What a training step carries: parameters and optimizer state, told apart by prefixes. */
import type { HostTensor } from './engine.js'
import type { GradientTransformation } from './optimizer/base.js'

const PARAMETER = 'parameter/'
const OPTIMIZER = 'optimizer/'

const withPrefix = <A>(record: Readonly<Record<string, A>>, prefix: string): Record<string, A> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]))

/** The entries whose names start with `prefix`, without it. */
const withoutPrefix = <A>(record: Readonly<Record<string, A>>, prefix: string): Record<string, A> =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value])
  )

/** The model's parameters within a carry. */
export const parametersOf = <A>(carry: Readonly<Record<string, A>>): Record<string, A> =>
  withoutPrefix(carry, PARAMETER)

/** The optimizer's state within a carry. */
export const optimizerStateOf = <A>(carry: Readonly<Record<string, A>>): Record<string, A> =>
  withoutPrefix(carry, OPTIMIZER)

/** Parameters and optimizer state as one record. */
export const joined = <A>(
  parameters: Readonly<Record<string, A>>,
  state: Readonly<Record<string, A>>
): Record<string, A> => ({ ...withPrefix(parameters, PARAMETER), ...withPrefix(state, OPTIMIZER) })

/** The carry before the first step, where the optimizer sees the parameters that `trained` names. */
export const firstCarry = (
  parameters: Readonly<Record<string, HostTensor>>,
  optimizer: GradientTransformation,
  trained: (name: string) => boolean = () => true
): Record<string, HostTensor> =>
  joined(
    parameters,
    optimizer.init(Object.fromEntries(Object.entries(parameters).filter(([name]) => trained(name))))
  )
